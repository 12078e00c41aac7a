//! Who the client is: its address behind trusted proxies, and its `User-Agent`.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The header that proxies add their peer's address to, on the right.
pub(crate) const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How much of a `User-Agent` is kept, in characters.
const USER_AGENT_MAX: usize = 512;

/// The client's address: the peer's, unless the peer is a trusted proxy; then the right-most address in
/// `X-Forwarded-For` that is not one. What stands left of it could have been written by anyone.
pub(crate) fn address(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let mut client = peer?.to_canonical();
    // As bytes: a line with something unreadable is a line nevertheless, and what a proxy added to it counts.
    let lines: Vec<&[u8]> = headers.get_all(X_FORWARDED_FOR).iter().map(HeaderValue::as_bytes).collect();
    let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b','));
    while is_trusted(client, trusted) {
        // Something unreadable ends the chain: what a trusted hop wrote last is as far as anyone can know.
        match hops.next().and_then(parse) {
            Some(address) => client = address,
            None => break,
        }
    }
    Some(client)
}

/// Whether its word about others counts.
pub(crate) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// An address, or an address with a port, as some proxies write it.
fn parse(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let bare = || text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    bare().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip())).map(|address| address.to_canonical())
}

/// Whether the request says that it came through a proxy.
pub(crate) fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(header::FORWARDED)
}

/// The client's `User-Agent`, cut to 512 characters, without what could not be stored.
pub(crate) fn user_agent(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::USER_AGENT)?;
    let text = String::from_utf8_lossy(value.as_bytes());
    let kept: String = text.chars().filter(|c| !c.is_control()).take(USER_AGENT_MAX).collect();
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn forwarded(values: &[impl AsRef<[u8]>]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_bytes(value.as_ref()).unwrap());
        }
        headers
    }
    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_untrusted_peer_is_the_client_whatever_it_claims() {
        let headers = forwarded(&["1.1.1.1"]);
        assert_eq!(address(Some(ip("9.9.9.9")), &headers, &["10.0.0.0/8".parse().unwrap()]), Some(ip("9.9.9.9")));
        assert_eq!(address(Some(ip("9.9.9.9")), &headers, &[]), Some(ip("9.9.9.9")));
    }

    #[test]
    fn the_right_most_untrusted_address_is_the_client() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let found = |values: &[&str]| address(Some(ip("10.0.0.1")), &forwarded(values), &trusted);
        assert_eq!(found(&["6.6.6.6, 7.7.7.7, 10.0.0.2"]), Some(ip("7.7.7.7")));
        assert_eq!(found(&["6.6.6.6", "7.7.7.7:4711,10.0.0.2"]), Some(ip("7.7.7.7")));
        assert_eq!(found(&["[2001:db8::1]:80"]), Some(ip("2001:db8::1")));
        assert_eq!(found(&["::ffff:7.7.7.7"]), Some(ip("7.7.7.7")));
        assert_eq!(found(&["6.6.6.6, nonsense, 10.0.0.2"]), Some(ip("10.0.0.2")));
        assert_eq!(found(&[]), Some(ip("10.0.0.1")));
    }

    #[test]
    fn a_line_that_is_no_text_is_a_line_nevertheless() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let found = |values: &[&[u8]]| address(Some(ip("10.0.0.1")), &forwarded(values), &trusted);
        assert_eq!(found(&[b"\xe9, 7.7.7.7"]), Some(ip("7.7.7.7")));
        assert_eq!(found(&[b"6.6.6.6, \xff", b"7.7.7.7, 10.0.0.2"]), Some(ip("7.7.7.7")));
        assert_eq!(found(&[b"6.6.6.6", b"\xe9"]), Some(ip("10.0.0.1")));
        assert_eq!(found(&[b"6.6.6.6, \xe9, 10.0.0.2"]), Some(ip("10.0.0.2")));
    }

    #[test]
    fn agents_are_cut_by_characters() {
        let mut headers = HeaderMap::new();
        assert_eq!(user_agent(&headers), None);
        headers.insert(header::USER_AGENT, HeaderValue::from_bytes("ä".repeat(600).as_bytes()).unwrap());
        assert_eq!(user_agent(&headers).unwrap().chars().count(), 512);
    }

    proptest! {
        /// Whatever a client writes in front, the proxy's own entry decides.
        #[test]
        fn a_client_cannot_choose_its_address(claimed in "[ -~é]{0,80}", real in any::<[u8; 4]>()) {
            let real = IpAddr::from(real);
            let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
            prop_assume!(!trusted[0].contains(&real));
            let headers = forwarded(&[format!("{claimed}, {real}").as_str(), "10.3.2.1"]);
            prop_assert_eq!(address(Some(ip("10.0.0.1")), &headers, &trusted), Some(real));
        }

        /// A trusted address is the answer only when nobody untrusted stands right of it.
        #[test]
        fn no_entry_breaks_it(values in proptest::collection::vec("[ -~]{0,40}", 0..5), peer in any::<[u8; 16]>()) {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let peer = IpAddr::from(peer);
            prop_assert_eq!(address(Some(peer), &forwarded(&values), &[]), Some(peer.to_canonical()));
        }
    }
}
