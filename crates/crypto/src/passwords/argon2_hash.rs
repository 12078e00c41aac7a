//! Argon2 hashes in PHC form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.

use super::{
    HashError, Memory,
    settings::{Algorithm as Setting, Argon2Costs, HashSettings},
};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use zeroize::Zeroizing;

const SALT_LENGTH: usize = 16;
const OUTPUT_LENGTH: usize = 32;
const MAX_LENGTH: usize = 64;

/// A hash that was read: the other variants and the older version are accepted from elsewhere.
pub(super) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    costs: Argon2Costs,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Argon2Hash {
    pub(super) fn make(
        memory: &mut Memory,
        password: &[u8],
        costs: Argon2Costs,
        salt: &[u8; SALT_LENGTH],
    ) -> Result<String, HashError> {
        let mut output = Zeroizing::new([0; OUTPUT_LENGTH]);
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        compute(memory, algorithm, version, costs, password, salt, output.as_mut())?;
        Ok(Self::write(costs, salt, &output))
    }

    pub(super) fn write(costs: Argon2Costs, salt: &[u8; SALT_LENGTH], output: &[u8; OUTPUT_LENGTH]) -> String {
        let Argon2Costs { memory_kib, passes, lanes } = costs;
        let (salt, output) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(output));
        format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${output}")
    }

    pub(super) fn parse(text: &str) -> Result<Self, HashError> {
        Self::split(text).ok_or(HashError::Malformed).and_then(|hash| {
            hash.costs.check()?;
            Ok(hash)
        })
    }

    fn split(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('$')?.split('$');
        let mut next = || parts.next();
        let algorithm = match next()? {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            _ => return None,
        };
        let version = match next()? {
            "v=19" => Version::V0x13,
            "v=16" => Version::V0x10,
            _ => return None,
        };
        let mut costs = next()?.split(',');
        let mut cost = |name| costs.next()?.strip_prefix(name)?.parse().ok();
        let costs_read = Argon2Costs { memory_kib: cost("m=")?, passes: cost("t=")?, lanes: cost("p=")? };
        let mut bytes = |shortest| {
            let bytes = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
            (shortest..=MAX_LENGTH).contains(&bytes.len()).then_some(bytes)
        };
        let (salt, output) = (bytes(argon2::MIN_SALT_LEN)?, bytes(16)?);
        if costs.next().is_some() || parts.next().is_some() {
            return None;
        }
        Some(Self { algorithm, version, costs: costs_read, salt, output })
    }

    pub(super) fn verify(&self, memory: &mut Memory, password: &[u8]) -> Result<bool, HashError> {
        let mut output = Zeroizing::new([0; MAX_LENGTH]);
        let output = &mut output[..self.output.len()];
        compute(memory, self.algorithm, self.version, self.costs, password, &self.salt, output)?;
        Ok(verify_slices_are_equal(output, &self.output).is_ok())
    }

    pub(super) fn is_current(&self, settings: &HashSettings) -> bool {
        settings.0 == Setting::Argon2id(self.costs)
            && self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.salt.len() >= SALT_LENGTH
            && self.output.len() == OUTPUT_LENGTH
    }
}

fn compute(
    memory: &mut Memory,
    algorithm: Algorithm,
    version: Version,
    costs: Argon2Costs,
    password: &[u8],
    salt: &[u8],
    output: &mut [u8],
) -> Result<(), HashError> {
    let Argon2Costs { memory_kib, passes, lanes } = costs;
    let parameters = Params::new(memory_kib, passes, lanes, Some(output.len())).map_err(|_| HashError::Malformed)?;
    let blocks = memory.blocks(parameters.block_count())?;
    Argon2::new(algorithm, version, parameters)
        .hash_password_into_with_memory(password, salt, output, blocks)
        .map_err(|_| HashError::Library)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9106 gives its vectors with a secret and associated data, which PHC strings have no
    /// place for; so this is the vector of the reference implementation's own test.
    #[test]
    fn known_answer() {
        let stored = "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc";
        let hash = Argon2Hash::parse(stored).unwrap();
        assert!(hash.verify(&mut Memory::default(), b"password").unwrap());
    }

    #[test]
    fn what_memory_held_before_does_not_matter() {
        let costs = Argon2Costs { memory_kib: 64, passes: 2, lanes: 1 };
        let fresh = Argon2Hash::make(&mut Memory::default(), b"x", costs, &[1; 16]).unwrap();
        let mut memory = Memory::default();
        let bigger = Argon2Costs { memory_kib: 256, passes: 1, lanes: 4 };
        Argon2Hash::make(&mut memory, b"other", bigger, &[2; 16]).unwrap();
        assert_eq!(Argon2Hash::make(&mut memory, b"x", costs, &[1; 16]).unwrap(), fresh);
    }

    #[test]
    fn other_forms_are_refused() {
        let salt_and_hash = "c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaA";
        for head in [
            "argon2id$v=19$m=64,t=1,p=1",
            "$argon2$v=19$m=64,t=1,p=1",
            "$argon2id$m=64,t=1,p=1",
            "$argon2id$v=18$m=64,t=1,p=1",
            "$argon2id$v=19$t=1,m=64,p=1",
            "$argon2id$v=19$m=64,t=1",
            "$argon2id$v=19$m=64,t=1,p=1,data=AAAA",
            "$argon2id$v=19$m=99999999999,t=1,p=1",
            "$argon2id$v=19$m=64,t=0,p=1",
            "$argon2id$v=19$m=64,t=1,p=16",
        ] {
            let stored = format!("{head}${salt_and_hash}");
            assert_eq!(Argon2Hash::parse(&stored).err(), Some(HashError::Malformed), "{stored}");
        }
        for tail in [
            "",
            "c2FsdA$aGFzaGhhc2hoYXNoaGFzaA",
            "c2FsdHNhbHRzYWx0$aGFzaA",
            &format!("{salt_and_hash}$"),
            &format!("{salt_and_hash}="),
        ] {
            let stored = format!("$argon2id$v=19$m=64,t=1,p=1${tail}");
            assert_eq!(Argon2Hash::parse(&stored).err(), Some(HashError::Malformed), "{stored}");
        }
    }
}
