//! The origins that browsers may call from.

use crate::config::Config;
use keystead_domain::{Error, Result};

/// The value of `http.allowed_origins`.
///
/// # Errors
/// `Invalid` for `*` and whatever else is no origin: it would match nothing, or keep the server from starting.
pub(crate) fn allowed_origins(config: &Config) -> Result<Vec<String>> {
    let check = |text: &str| {
        if is_origin(text) {
            return Ok(text.to_owned());
        }
        let why = if text == "*" {
            "* is refused: name each origin, such as https://app.example.org".to_owned()
        } else {
            format!(
                "{text:?} is no origin such as https://app.example.org: scheme and host in lower case, a port, no path"
            )
        };
        Err(Error::invalid("http.allowed_origins", why))
    };
    config.list("http.allowed_origins").into_iter().map(check).collect()
}

/// Whether it is an origin as browsers write it (RFC 6454, section 6.2): in lower case, and without a path, even `/`.
fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    // The colons of an IPv6 address are within brackets.
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let of = |text: &str, others: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || others.contains(c))
    };
    let good_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => of(host, "-._"),
    };
    of(scheme, "+-.")
        && good_host
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;

    fn read(text: &str) -> Result<Vec<String>> {
        allowed_origins(&load(None, [], &[("http.allowed_origins", text.to_owned())]).unwrap())
    }

    #[test]
    fn origins_are_taken_as_browsers_write_them() {
        assert_eq!(read("").unwrap(), [""; 0]);
        let named = "https://app.example.org, http://localhost:3000,http://[::1]:8080,capacitor://localhost";
        assert_eq!(read(named).unwrap().len(), 4);
    }

    #[test]
    fn what_matches_nothing_or_everything_is_refused() {
        assert!(read("https://a.example,*").unwrap_err().message.contains("name each origin"));
        for bad in [
            "https://*.example.org",
            "null",
            "app.example.org",
            "https://app.example.org/",
            "https://App.example.org",
            "https://a b",
            "https://",
            "https://a:0443",
            "https://a:99999",
            "https://a\nb",
            "https://user@a",
            "https://[a]",
        ] {
            assert!(read(bad).unwrap_err().message.contains("no origin"), "{bad}");
        }
    }
}
