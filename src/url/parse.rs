//! From text to a host: what is written is judged before the parser folds it, and what the parser reads is
//! held against what is written.
//!
//! The WHATWG's rules make a URL of almost anything: they drop line breaks, turn backslashes, fold letters
//! and count addresses in octal. Programs that follow other rules read another host, which is the attack.

use super::hosts::Host;
use std::borrow::Cow;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use url::Url;

/// A place in the text, and what is wrong there.
pub(super) type Fault = (Range<usize>, &'static str);

/// What a URL turned out to be.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    /// In lower case.
    pub(super) scheme: Cow<'a, str>,
    pub(super) scheme_at: Range<usize>,
    /// The name and password before the host.
    pub(super) credentials: Option<Range<usize>>,
    pub(super) host: Option<Host<'a>>,
    pub(super) host_at: Range<usize>,
}

/// Longest name that DNS has, and longest label (bytes).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;
/// Longer ones are not parsed: every byte of a name can be written as twelve (bytes).
const MAX_AUTHORITY: usize = 4096;

const NOT_A_URL: &str = "the text is not a URL";
const ODD_NAME: &str = "a host whose name no host has";

/// Reads a URL. A reading without a host is of a scheme that has none; no reading, of what is no URL. The
/// fault may stand beside a reading, which is then what the WHATWG's rules make of it.
pub(super) fn read(text: &str) -> (Option<Reading<'_>>, Option<Fault>) {
    if let Some(reading) = read_plain(text) {
        return (Some(reading), None);
    }
    let split = split(text);
    if let Ok(parts) = &split
        && parts.authority.len() > MAX_AUTHORITY
    {
        return (None, Some((parts.authority.clone(), "an authority that is too long for a host")));
    }
    let Ok(url) = Url::parse(text) else {
        return (None, Some(split.err().unwrap_or((0..text.len(), NOT_A_URL))));
    };
    match split {
        Ok(parts) => {
            let written = text.get(parts.host.clone()).unwrap_or_default();
            let host = host_of(&url, written);
            let fault = match &host {
                None if written.is_empty() => None,
                // `file:` drops `localhost`, and before a drive any host.
                _ if url.host().is_none() => Some("a host that some programs drop"),
                Some(host) => differs(written, host),
                None => Some(ODD_NAME),
            };
            let scheme = Cow::Owned(url.scheme().to_owned());
            let reading = Reading {
                scheme,
                scheme_at: parts.scheme,
                credentials: parts.credentials,
                host,
                host_at: parts.host.clone(),
            };
            (Some(reading), fault.map(|what| (parts.host, what)))
        }
        Err(fault) => {
            // Where nothing can be told for sure, all of it is where the fault is.
            let place = fault.0.clone();
            let credentials = !url.username().is_empty() || url.password().is_some();
            let reading = Reading {
                scheme: Cow::Owned(url.scheme().to_owned()),
                scheme_at: place.clone(),
                credentials: credentials.then_some(place.clone()),
                host: host_of(&url, url.host_str().unwrap_or_default()),
                host_at: place,
            };
            (Some(reading), Some(fault))
        }
    }
}

/// The host, by the rules for http whatever the scheme: a client of `redis:` takes 0x7f.1 for an address too.
fn host_of(url: &Url, written: &str) -> Option<Host<'static>> {
    match url.host() {
        Some(url::Host::Domain(name)) if !is_special(url.scheme()) => Host::parse(name),
        Some(host) => Some(host.to_owned().into()),
        None => Host::parse(written),
    }
}

/// The common case, read without the parser and without allocating: a name of lower-case ASCII letters, digits
/// and hyphens, and nothing that could be read in two ways. That the parser reads the same is a property test.
fn read_plain(text: &str) -> Option<Reading<'_>> {
    let scheme = ["https", "http"]
        .into_iter()
        .find(|scheme| text.strip_prefix(scheme).is_some_and(|rest| rest.starts_with("://")))?;
    let start = scheme.len() + 3;
    let rest = text.get(start..)?;
    let slash = memchr::memchr3(b'/', b'?', b'#', rest.as_bytes()).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(slash)?;
    let colon = authority.find(':').unwrap_or(authority.len());
    let (name, port) = authority.split_at_checked(colon)?;
    let label = name.rsplit('.').next()?;
    let plain = matches!(path.as_bytes().first(), None | Some(b'/'))
        && is_plain_name(name)
        && !name.bytes().any(|byte| byte.is_ascii_uppercase())
        && !name.split('.').any(|label| label.starts_with("xn--"))
        && label.starts_with(|first: char| first.is_ascii_lowercase())
        && is_port(port)
        && path_fault(path, true).is_none()
        && !path.ends_with(' ');
    plain.then(|| Reading {
        scheme: Cow::Borrowed(scheme),
        scheme_at: 0..scheme.len(),
        credentials: None,
        host: Some(Host::Name(Cow::Borrowed(name))),
        host_at: start..start + name.len(),
    })
}

/// Whether a name has only the characters and lengths that names of hosts have.
pub(super) fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    name.len() <= MAX_NAME
        && !name.starts_with('-')
        && name
            .split('.')
            .all(|label| !label.is_empty() && label.len() <= MAX_LABEL && label.bytes().all(plain))
}

/// The parts of a URL as RFC 3986 cuts them.
struct Parts {
    scheme: Range<usize>,
    authority: Range<usize>,
    credentials: Option<Range<usize>>,
    /// Brackets included, the port left out.
    host: Range<usize>,
}

pub(super) fn is_special(scheme: &str) -> bool {
    ["https", "http", "wss", "ws", "ftp", "file"].iter().any(|special| scheme.eq_ignore_ascii_case(special))
}

/// The scheme that a text starts with, as written and without the colon.
fn scheme_of(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    is_scheme(scheme).then_some(scheme)
}

/// Whether this is a scheme (RFC 3986, section 3.1).
pub(super) fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Whether the parser drops a character at the ends of a URL.
pub(super) fn is_dropped_at_ends(c: char) -> bool {
    c <= ' '
}

/// Cuts a URL, unless what is written could be cut in two ways.
fn split(text: &str) -> Result<Parts, Fault> {
    if text.trim_matches(is_dropped_at_ends).len() != text.len() {
        return Err((0..text.len(), "white space or control characters around a URL"));
    }
    if let Some(at) = text.bytes().position(|byte| byte.is_ascii_control()) {
        return Err((at..at + 1, "a control character, tab or line break inside a URL"));
    }
    let Some(scheme) = scheme_of(text) else {
        return Err((
            0..text.len(),
            "no scheme; expected an absolute URL, with https:// or the like before it",
        ));
    };
    let special = is_special(scheme);
    let after = text.get(scheme.len() + 1..).unwrap_or_default();
    let nothing = text.len()..text.len();
    let Some(rest) = after.strip_prefix("//") else {
        if special {
            return Err((0..text.len(), "no `//` behind the scheme"));
        }
        return Ok(Parts {
            scheme: 0..scheme.len(),
            authority: nothing.clone(),
            credentials: None,
            host: nothing,
        });
    };
    let start = scheme.len() + 3;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let at = start..start + end;
    if let Some(what) = path_fault(rest, special) {
        return Err((at, what));
    }
    if authority.is_empty() && special && !scheme.eq_ignore_ascii_case("file") {
        return Err((at, "no host between `//` and the next slash"));
    }
    // Old parsers look for a name and password up to the next slash.
    let run = path.split('/').next().unwrap_or_default();
    if run.split_once('@').is_some_and(|(before, _)| !before.contains('=')) {
        return Err((
            at,
            "an `@` behind the host, which some programs read as the end of a name and password",
        ));
    }
    let (credentials, host) = match authority.rsplit_once('@') {
        Some((before, _)) if before.contains('@') => return Err((at, "more than one `@` before the host")),
        Some((before, host)) => (Some(start..start + before.len()), host),
        None => (None, authority),
    };
    let host_start = start + authority.len() - host.len();
    let (host, port) = split_port(host);
    if !is_port(port) {
        return Err((at, "a port that is no port's number"));
    }
    Ok(Parts {
        scheme: 0..scheme.len(),
        authority: at,
        credentials,
        host: host_start..host_start + host.len(),
    })
}

/// A host, with its brackets if it has them, and what follows it.
fn split_port(text: &str) -> (&str, &str) {
    let end = match text.strip_prefix('[') {
        Some(inside) => inside.find(']').map_or(text.len(), |close| close + 2),
        None => text.find(':').unwrap_or(text.len()),
    };
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Whether what follows a host is nothing, a colon, or a colon and the number of a port.
fn is_port(text: &str) -> bool {
    let is_number =
        |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    text.strip_prefix(':').map_or(text.is_empty(), |port| port.is_empty() || is_number(port))
}

/// What is wrong with a path and what follows it; programs differ on the backslash of a path.
fn path_fault(path: &str, special: bool) -> Option<&'static str> {
    if path.bytes().any(|byte| byte.is_ascii_control()) {
        return Some("a control character, tab or line break inside a URL");
    }
    let end = if special { path.find(['?', '#']) } else { path.find(['/', '?', '#']) };
    let path = path.get(..end.unwrap_or(path.len())).unwrap_or(path);
    path.contains('\\').then_some("a backslash, which some programs read as a slash")
}

/// How a host as written differs from what the parser read, where programs could read something else.
pub(super) fn differs(written: &str, host: &Host<'_>) -> Option<&'static str> {
    const ODD_ADDRESS: &str = "an address in a spelling that programs read differently";
    match host {
        Host::Address(std::net::IpAddr::V4(address)) => {
            (written != address.to_string()).then_some(ODD_ADDRESS)
        }
        Host::Address(std::net::IpAddr::V6(address)) => {
            let inside = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(written);
            (inside.parse() != Ok(*address)).then_some(ODD_ADDRESS)
        }
        Host::Name(name) => {
            let plain = name.strip_suffix('.').unwrap_or(name);
            if !is_plain_name(plain) {
                return Some(ODD_NAME);
            }
            let same = written.split('.').count() == name.split('.').count()
                && written
                    .split('.')
                    .zip(name.split('.'))
                    .all(|(written, read)| is_same_label(written, read));
            (!same).then_some("a host with characters that stand for others")
        }
    }
}

/// Whether a label stands for itself: the parser may have changed its case and its alphabet, nothing else.
fn is_same_label(written: &str, read: &str) -> bool {
    if written.is_ascii() {
        return written.eq_ignore_ascii_case(read);
    }
    let (unicode, valid) = idna::domain_to_unicode(read);
    // U+1E9E is "ss" for older tables and U+DF for newer ones.
    let one_meaning = valid.is_ok() && !written.contains('\u{1e9e}');
    one_meaning && written.chars().flat_map(char::to_lowercase).nfc().eq(unicode.chars())
}

/// A host without a URL around it, with a port or without: `example.com`, `10.0.0.1:80`, `[::1]:80`, `::1`.
pub(super) fn read_host(text: &str) -> Result<(Host<'_>, Range<usize>, Option<Fault>), Fault> {
    let whole = 0..text.len();
    let wrong = |what| Err((whole.clone(), what));
    if text.len() > MAX_AUTHORITY {
        return wrong("a text that is too long for a host");
    }
    if text.contains(|c: char| c.is_control() || c.is_whitespace() || "/\\?#@%".contains(c)) {
        // A scope (`fe80::1%eth0`) does not change where an address leads.
        let scoped = text
            .split_once('%')
            .and_then(|(address, _)| address.trim_start_matches('[').parse::<std::net::Ipv6Addr>().ok());
        return match scoped {
            Some(address) => {
                let fault = (whole.clone(), "an address with a scope");
                Ok((Host::Address(address.into()), whole, Some(fault)))
            }
            None => wrong("a character that no host has"),
        };
    }
    if let Ok(address) = text.parse::<std::net::Ipv6Addr>() {
        return Ok((Host::Address(address.into()), whole, None));
    }
    let (written, port) = split_port(text);
    if !is_port(port) {
        return wrong("a port that is no port's number");
    }
    match Host::parse(written) {
        Some(host) => {
            let at = 0..written.len();
            let fault = differs(written, &host).map(|what| (at.clone(), what));
            Ok((host, at, fault))
        }
        None => wrong("the text is not a host"),
    }
}
