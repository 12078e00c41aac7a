//! The keys that authenticate what the server made, and make hashes that can be searched.

use keystead_crypto::sealing::{DataKey, MacKey, SealError};
use keystead_domain::accounts::Login;
use std::{fmt::Write, net::IpAddr};

/// One key for each use, all derived from the platform's `token` key, so that they outlive the master key.
#[derive(Debug)]
pub struct Macs {
    /// Authenticates refresh tokens.
    pub refresh: MacKey,
    /// Authenticates cursors.
    pub cursor: MacKey,
    /// Hashes idempotency keys and bodies.
    pub idempotency: MacKey,
    networks: MacKey,
    client_ips: MacKey,
    logins: MacKey,
    changes: MacKey,
}

impl Macs {
    pub(super) fn derive(platform: &DataKey) -> Result<Self, SealError> {
        Ok(Self {
            refresh: platform.mac_key("refresh tokens")?,
            cursor: platform.mac_key("cursors")?,
            idempotency: platform.mac_key("idempotency")?,
            networks: platform.mac_key("networks")?,
            client_ips: platform.mac_key("client addresses")?,
            logins: platform.mac_key("logins")?,
            changes: platform.mac_key("changes")?,
        })
    }

    /// The network of an address (IPv4 /24, IPv6 /56), by which failed sign-ins are counted: one person's addresses
    /// change within it, and a whole one is what an attacker has. Requests without an address share one network.
    #[must_use]
    pub fn network_hash(&self, address: Option<IpAddr>) -> [u8; 32] {
        let mut network = Vec::with_capacity(8);
        match address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => network.extend_from_slice(&address.octets()[..3]),
            Some(IpAddr::V6(address)) => network.extend_from_slice(&address.octets()[..7]),
            None => {}
        }
        self.networks.keyed_hash("network", &network)
    }

    /// The hash by which audit events are found by the client's address.
    #[must_use]
    pub fn client_ip_hash(&self, address: IpAddr) -> [u8; 32] {
        self.client_ips.keyed_hash("client_ip", address.to_canonical().to_string().as_bytes())
    }

    /// What stands in an audit event for a value that is too large to be kept there.
    #[must_use]
    pub fn large_value_hash(&self, value: &[u8]) -> [u8; 32] {
        self.changes.keyed_hash("value", value)
    }

    /// What stands for an account under which failures are counted where the login has none.
    #[must_use]
    pub fn unknown_account_key(&self, login: &Login) -> String {
        let mut key = String::from("login:");
        for byte in self.logins.keyed_hash("login", login.key().as_bytes()) {
            // Writing to a string cannot fail.
            let _ = write!(key, "{byte:02x}");
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestApp;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn addresses_of_one_network_hash_alike() {
        let app = TestApp::new().build();
        let macs = app.keys.macs();
        let hash = |text| macs.network_hash(address(text));
        assert_eq!(hash("192.0.2.1"), hash("192.0.2.254"));
        assert_eq!(hash("192.0.2.1"), hash("::ffff:192.0.2.7"));
        assert_ne!(hash("192.0.2.1"), hash("192.0.3.1"));
        assert_eq!(hash("2001:db8:0:ff::1"), hash("2001:db8:0:01::2"));
        assert_ne!(hash("2001:db8:0:100::1"), hash("2001:db8:0:200::1"));
        assert_ne!(macs.network_hash(None), hash("192.0.2.1"));
    }

    #[test]
    fn logins_without_account_have_keys_that_fit_the_column() {
        let app = TestApp::new().build();
        let key = app.keys.macs().unknown_account_key(&Login::parse("nobody@example.org"));
        assert_eq!(key.len(), 70);
        assert_ne!(key, app.keys.macs().unknown_account_key(&Login::parse("nobody")));
    }
}
