//! Hosts that only the most willing of programs read in a text.
//!
//! Python's `urllib` takes `<URL:...>` off, unquotes hosts and counts ports modulo 2^16; `httpx`, `curl` and `wget` end a
//! name and password behind a backslash; `curl` expands braces. None of this is in an honest URL, so that a metadata
//! service found this way is one.

#![forbid(unsafe_code)]

use super::address::Reach;
use super::hosts::Host;
use super::local::decoded;
use std::borrow::Cow;
use unicode_normalization::char::decompose_compatible;

/// Longer texts are cut: a name and password may be as long as a client likes (bytes).
const MAX: usize = 1 << 14;
/// A name has up to 253 characters, each encoded at most (bytes).
const MAX_HOST: usize = 3 * 253;
/// Encodings that are taken off.
const ROUNDS: usize = 3;

/// Names below which every address has a name of its own: `10.0.0.1.nip.io`, `10-0-0-1.sslip.io`.
const OF_ADDRESSES: &[&str] = &["nip.io", "sslip.io", "xip.io", "traefik.me", "backname.io", "ip.addr.tools"];

/// What a text leads to that is a metadata service, when it is read with the most good will.
pub(super) fn metadata(text: &str) -> Option<&'static str> {
    let mut text = plain(text);
    for _ in 0..ROUNDS {
        let authority = behind_slashes(unwrapped(&text)).split(['/', '?', '#']).next().unwrap_or_default();
        let found = authority.split(['@', '\\']).find_map(|host| match host_reach(without_port(host))? {
            Reach::Metadata(what) => Some(what),
            Reach::Private(_) | Reach::Public => None,
        });
        if found.is_some() {
            return found;
        }
        text = Cow::Owned(decoded(&text)?);
    }
    None
}

/// Whether a text may have such a host: a plain one has none of these characters.
pub(super) fn may_differ(text: &str) -> bool {
    !text.is_ascii()
        || text.bytes().any(|byte| byte <= b' ' || b"\\@%<>{}[]\"'`,;()".contains(&byte))
        || text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url:"))
        || text.len() > 255
        || OF_ADDRESSES.iter().any(|name| holds(text, name))
}

/// Whether a text has a name in it, in whatever case.
fn holds(text: &str, name: &str) -> bool {
    let first = name.as_bytes().first().copied().unwrap_or_default();
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), text.as_bytes())
        .any(|at| text.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)))
}

/// A text without control characters, each character as the plain ones that it stands for.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) {
        return Cow::Borrowed(text.get(..MAX).unwrap_or(text));
    }
    let mut plain = String::new();
    let mut add = |c: char| {
        if !c.is_control() {
            plain.push(c);
        }
    };
    for c in text.chars().take(MAX) {
        // Nothing in the scripts of East Asia stands for a character of an address.
        if c.is_ascii() || matches!(c, '\u{3001}'..='\u{31FF}' | '\u{3400}'..='\u{D7FF}') {
            add(c);
        } else {
            decompose_compatible(c, &mut add);
        }
    }
    Cow::Owned(plain)
}

/// A text without what is put round a URL.
fn unwrapped(text: &str) -> &str {
    let around = |c: char| c.is_whitespace() || "<>\"'`,;()".contains(c) || c == '\u{FEFF}';
    let mut text = text.trim_matches(around);
    while text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url:")) {
        text = text.get(4..).unwrap_or_default().trim_matches(around);
    }
    text
}

/// What follows the scheme and its slashes, where there are any.
fn behind_slashes(text: &str) -> &str {
    let scheme = text
        .split_once(':')
        .filter(|(scheme, rest)| super::parse::is_scheme(scheme) && rest.starts_with(['/', '\\']));
    scheme.map_or(text, |(_, rest)| rest).trim_start_matches(['/', '\\'])
}

/// A host without its port, scope and brackets of any kind.
fn without_port(host: &str) -> &str {
    let host = host.trim_matches(|c: char| c.is_whitespace() || "{}".contains(c));
    let inside = match host.strip_prefix('[') {
        Some(rest) => rest.split([']', '%']).next().unwrap_or_default(),
        None if host.matches(':').count() == 1 => host.split(':').next().unwrap_or_default(),
        None => host,
    };
    inside.trim().trim_end_matches('.')
}

fn host_reach(host: &str) -> Option<Reach> {
    if host.len() > MAX_HOST || host.contains(char::is_whitespace) {
        return None;
    }
    let reach = |host: &str| {
        let address = host.parse::<std::net::Ipv6Addr>().ok().map(|address| Host::Address(address.into()));
        address.or_else(|| Host::parse(host)).map(|host| host.reach())
    };
    let lower = host.to_ascii_lowercase();
    let above = OF_ADDRESSES.iter().find_map(|name| lower.strip_suffix(name)?.strip_suffix('.'));
    match above {
        Some(above) => named_address(above).map(|address| Host::Address(address.into()).reach()),
        None => reach(host),
    }
}

/// The address that a name below one of those stands for: four numbers in a row between dots or hyphens, or eight
/// digits in hexadecimal.
fn named_address(name: &str) -> Option<std::net::Ipv4Addr> {
    let parts: Vec<&str> = name.split(['.', '-']).collect();
    let dotted = parts.windows(4).find_map(|four| four.join(".").parse().ok());
    let digits = || {
        let is_address = |part: &&&str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        let found = parts.iter().find(is_address)?;
        u32::from_str_radix(found, 16).ok().map(std::net::Ipv4Addr::from)
    };
    dotted.or_else(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metadata_service_in_every_spelling() {
        for text in [
            "URL:http://169.254.169.254/",
            "<http://169.254.169.254/>",
            "<URL:http://169.254.169.254/x>",
            " URL: http://169.254.169.254/",
            "\u{a0}http://169.254.169.254/",
            "\u{3000}http://169.254.169.254/",
            "http://example.com\\@169.254.169.254/",
            "http://a@b@169.254.169.254/",
            "http://169.254.169.254%3a80/",
            "http://%5b::ffff:a9fe:a9fe%5d/",
            "http://169.254.169.254:+80/",
            "http://169.254.169.254: 80/",
            "http://169.254.169.254:80 /",
            "http://169.254.169.254:\u{ff18}\u{ff10}/",
            "http://169.254.169.254:65616/",
            "http://[::ffff:a9fe:a9fe%25lo]/",
            "http://{169.254.169.254}/",
            "http://%31%36%39.254.169.254/",
            "http://\u{ff11}\u{ff16}\u{ff19}.254.169.254/",
            "169.254.169.254.",
            "169.254.43518",
            "169.16689662",
            "2852039166:80",
            "http://169.254.169.254.nip.io/",
            "http://169-254-169-254.nip.io/",
            "http://x.169-254-169-254.sslip.io/",
            "http://169-254-169-254-x.sslip.io/",
            "http://169.254.169.254.NIP.IO/",
            "http://a9fea9fe.nip.io/",
            "http://169.254.169.254/ ",
            "http://169.254.169.254,",
        ] {
            assert!(metadata(text).is_some(), "{text}");
        }
        let long = format!("http://{}@169.254.169.254/", "x".repeat(8000));
        assert!(metadata(&long).is_some());
    }

    #[test]
    fn other_places_are_none() {
        for text in [
            "https://example.com/",
            "https://example.com/?u=http://169.254.169.254/",
            "https://user:pass@example.com/a@b",
            "https://example.com/%31%36%39.254.169.254",
            "see http://169.254.169.254/ for more",
            "https://nip.io/",
            "https://8-8-8-8.nip.io/",
            "a@b.example",
            "",
        ] {
            assert_eq!(metadata(text), None, "{text}");
        }
    }
}
