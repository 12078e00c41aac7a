//! Passwords made by the program, to be shown once.

use keystead_domain::Random;
use secrecy::SecretString;

/// Letters and digits without those that look alike.
const ALPHABET: &[u8; 56] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH: usize = 24;

/// A random password of 24 letters and digits: 139 bits.
#[must_use]
pub fn generate_password(random: &dyn Random) -> SecretString {
    let mut password = String::with_capacity(LENGTH);
    while password.len() < LENGTH {
        let mut byte = [0];
        random.fill(&mut byte);
        // 224 is 4 times 56: the rest would make the first letters more likely.
        if byte[0] < 224 {
            password.push(char::from(ALPHABET[usize::from(byte[0]) % ALPHABET.len()]));
        }
    }
    SecretString::from(password)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{passwords::check_new_password, testing::TestApp};
    use keystead_domain::SeededRandom;
    use secrecy::ExposeSecret;

    #[tokio::test]
    async fn generated_passwords_differ_and_may_be_chosen() {
        let random = SeededRandom::new(7);
        let (one, other) = (generate_password(&random), generate_password(&random));
        assert_eq!(one.expose_secret().len(), 24);
        assert_ne!(one.expose_secret(), other.expose_secret());
        let text = one.expose_secret().to_owned();
        assert!(check_new_password(&TestApp::new().build(), "password", text, &[]).await.is_ok());
    }
}
