//! `ipMatch`.

use std::net::IpAddr;

/// An address, or a network in CIDR form.
pub(crate) fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let length = match length {
        Some(length) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
            length.parse().ok().filter(|l| *l <= width)?
        }
        Some(_) => return None,
        None => width,
    };
    match (address, address.to_canonical()) {
        // An IPv4 network written as IPv6: the first 96 bits are the mapping.
        (IpAddr::V6(_), v4 @ IpAddr::V4(_)) if length >= 96 => Some((v4, length - 96)),
        _ => Some((address, length)),
    }
}

/// Whether an address lies in a network; none when one of them is malformed. An IPv4 address written as IPv6 is
/// the IPv4 address.
pub(crate) fn contains(address: &str, pattern: &str) -> Option<bool> {
    let address = address.parse::<IpAddr>().ok()?.to_canonical();
    let (network, length) = network(pattern)?;
    Some(match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            (address.to_bits() ^ network.to_bits()) & mask == 0
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            (address.to_bits() ^ network.to_bits()) & mask == 0
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn networks() {
        for (address, pattern, expected) in [
            ("192.168.2.123", "192.168.2.0/24", Some(true)),
            ("192.168.3.1", "192.168.2.0/24", Some(false)),
            ("10.0.0.1", "10.0.0.1", Some(true)),
            ("10.0.0.1", "0.0.0.0/0", Some(true)),
            ("::ffff:10.0.0.1", "10.0.0.0/8", Some(true)),
            ("10.0.0.1", "::ffff:10.0.0.0/104", Some(true)),
            ("2001:db8::1", "2001:db8::/32", Some(true)),
            ("2001:db9::1", "2001:db8::/32", Some(false)),
            ("10.0.0.1", "2001:db8::/32", Some(false)),
            ("10.0.0.1", "::/0", Some(false)),
            ("nobody", "10.0.0.0/8", None),
            ("10.0.0.1", "10.0.0.0/33", None),
            ("10.0.0.1", "10.0.0.0/+8", None),
            ("010.0.0.1", "10.0.0.0/8", None),
        ] {
            assert_eq!(contains(address, pattern), expected, "{address} in {pattern}");
        }
    }
}
