//! URIs of resources in normal form (RFC 3986 section 6), and as browsers' parsers read them (WHATWG URL). Lists are
//! held against both, as nobody knows which parser the server has.

use std::borrow::Cow;
use url::Url;

/// How often a URI is decoded to find what hides in it.
const DECODED: usize = 4;

/// What a percent-encoding keeps from being a delimiter, or a star of a pattern.
const RESERVED: &[u8] = b"/?#%\\*";

/// What makes a URI one that readers take for different ones, if anything does.
pub(crate) fn fault(uri: &str) -> Option<&'static str> {
    if uri.contains(char::is_control) {
        return Some("a control character in a URI");
    }
    if uri.trim() != uri {
        return Some("white space around a URI");
    }
    if climbs(uri) {
        return Some("a URI whose path climbs, or hides a dot");
    }
    // A file has no other reading but with one slash or a host, which lists are held against.
    let special = scheme(uri).map(str::to_ascii_lowercase);
    let special = special.is_some_and(|scheme| scheme != "file" && default_port(&scheme).is_some());
    let differs = |url: Url| special && normal(url.as_str(), false) != normal(uri, false);
    Url::parse(uri).is_ok_and(differs).then_some("a URI that can be read in two ways")
}

/// The forms of a URI of which a deny list must name none: also what a server sees that looks at no fragment, at no
/// query, or takes several slashes of a path for one.
pub(super) fn wide_readings(uri: &str) -> Vec<String> {
    let mut wide = Vec::new();
    for reading in readings(uri) {
        let whole = reading.split('#').next().unwrap_or_default();
        let path = whole.split('?').next().unwrap_or_default();
        let single = single_slashes(path);
        wide.extend([whole.to_owned(), path.to_owned(), single]);
        wide.push(reading);
    }
    wide.sort_unstable();
    wide.dedup();
    wide
}

/// A URI whose path has no empty segment.
fn single_slashes(uri: &str) -> String {
    let start = scheme(uri).map_or(0, |scheme| scheme.len() + 1);
    let (before, path) = uri.split_at_checked(start).unwrap_or((uri, ""));
    let (slashes, path) = path.strip_prefix("//").map_or(("", path), |path| ("//", path));
    let mut out = [before, slashes].concat();
    for c in path.chars() {
        if c != '/' || !out.ends_with('/') || out.len() == start + slashes.len() {
            out.push(c);
        }
    }
    out
}

/// The forms of a URI that an allow list must name, all of them.
pub(super) fn readings(uri: &str) -> Vec<String> {
    let browser = Url::parse(uri).ok();
    let texts = [Some(uri), browser.as_ref().map(Url::as_str)];
    let mut readings = Vec::new();
    for text in texts.into_iter().flatten() {
        for lower in [false, true] {
            let reading = normal(text, lower);
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
    }
    readings
}

/// The forms of a pattern, of which one must match; a star stays one.
pub(super) fn forms(pattern: &str) -> Vec<String> {
    let mut forms = vec![normal(pattern, false), normal(pattern, true)];
    forms.dedup();
    forms
}

/// The normal form: scheme and host in lower case, no percent-encoding that nothing needs, no default port. The host of
/// a scheme that browsers do not know may be a name whose case counts: it is lowered, and loses the name of a user,
/// where that is asked for.
fn normal(text: &str, lower: bool) -> String {
    let Some(scheme) = scheme(text) else { return decoded(text).into_owned() };
    let rest = text.get(scheme.len() + 1..).unwrap_or_default();
    let scheme = scheme.to_ascii_lowercase();
    let Some(rest) = rest.strip_prefix("//") else { return format!("{scheme}:{}", decoded(rest)) };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let mut authority = decoded(authority).into_owned();
    let mut slash = "";
    if let Some(port) = default_port(&scheme) {
        authority = host(&authority.to_lowercase(), port);
        if scheme == "file" && authority == "localhost" {
            authority.clear();
        }
        if !path.starts_with('/') && !authority.ends_with('*') {
            slash = "/";
        }
    } else {
        authority.truncate(authority.strip_suffix(':').unwrap_or(&authority).len());
        if lower {
            let host = authority.rsplit_once('@').map_or(&*authority, |(_, host)| host);
            authority = host.to_lowercase();
        }
    }
    format!("{scheme}://{authority}{slash}{}", decoded(path))
}

/// The host, and its port where that is not the one of the scheme; without the name of a user.
fn host(authority: &str, port: &str) -> String {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.strip_suffix(port).or_else(|| host.strip_suffix(':')).unwrap_or(host);
    let host = host.strip_suffix('.').unwrap_or(host);
    let label = |label: &str| {
        if label.starts_with("xn--") { idna::domain_to_unicode(label).0 } else { label.to_owned() }
    };
    host.split('.').map(label).collect::<Vec<_>>().join(".")
}

/// The port that need not be said, with its colon, of a scheme that browsers know.
fn default_port(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "http" | "ws" => ":80",
        "https" | "wss" => ":443",
        "ftp" => ":21",
        "file" => ":",
        _ => return None,
    })
}

/// The scheme that a text starts with (RFC 3986 section 3.1).
pub(crate) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let first = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (first && rest).then_some(scheme)
}

/// Whether the path of a URI has a segment `..`, or one of dots that is encoded, were it several times.
fn climbs(uri: &str) -> bool {
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let path = scheme(path).map_or(path, |scheme| path.get(scheme.len() + 1..).unwrap_or_default());
    let is_dots = |segment: &str, dots: &[&str]| dots.contains(&segment);
    if path.split(['/', '\\']).any(|segment| is_dots(segment, &[".."])) {
        return true;
    }
    let mut path = Cow::Borrowed(path);
    let plain = path.split(['/', '\\']).filter(|segment| is_dots(segment, &["."])).count();
    for _ in 0..DECODED {
        let Cow::Owned(next) = undone(&path, b"") else { return false };
        let dots = next.split(['/', '\\']).filter(|segment| is_dots(segment, &[".", ".."])).count();
        if dots != plain {
            return true;
        }
        path = Cow::Owned(next);
    }
    // Encoded more often than anybody means.
    path.contains('%')
}

/// The text without the percent-encodings that nothing needs; the others in capitals.
fn decoded(text: &str) -> Cow<'_, str> {
    undone(text, RESERVED)
}

/// The text without its percent-encodings, but for those of controls, of these bytes, and of what is not UTF-8.
fn undone<'t>(text: &'t str, but: &[u8]) -> Cow<'t, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        let (bytes, behind) = encoded(rest);
        if bytes.is_empty() {
            out.push(*byte);
            if *byte == b'%' && but.contains(byte) {
                // It stands for itself, and must not become part of another.
                out.extend_from_slice(b"25");
            }
            rest = tail;
            continue;
        }
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                let kept = c.is_control() || u8::try_from(c).is_ok_and(|byte| but.contains(&byte));
                let mut buffer = [0; 4];
                let c = c.encode_utf8(&mut buffer).as_bytes();
                if kept {
                    for byte in c {
                        push_encoded(*byte, &mut out);
                    }
                } else {
                    out.extend_from_slice(c);
                    changed = true;
                }
            }
            for byte in chunk.invalid() {
                push_encoded(*byte, &mut out);
            }
        }
        rest = behind;
    }
    let out = String::from_utf8(out).unwrap_or_else(|_| text.to_owned());
    if changed || out != text { Cow::Owned(out) } else { Cow::Borrowed(text) }
}

fn push_encoded(byte: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("%{byte:02X}").as_bytes());
}

/// The bytes that the percent-encodings at the start of a text stand for, and what is behind them.
fn encoded(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let (mut bytes, mut rest) = (Vec::new(), text);
    while let [b'%', high, low, tail @ ..] = rest
        && let (Some(high), Some(low)) = (digit(high), digit(low))
        && let Ok(byte) = u8::try_from(high * 16 + low)
    {
        bytes.push(byte);
        rest = tail;
    }
    (bytes, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn readings_are_normal() {
        for (uri, form) in [
            ("SECRET://A/k%65y", "secret://A/key"),
            ("HTTP://User@Example.COM:80", "http://example.com/"),
            ("https://example.com.:443/%7Ea%2f?B", "https://example.com/~a%2F?B"),
            ("file://localhost/a%20b", "file:///a b"),
            ("https://xn--mnchen-3ya.de/", "https://münchen.de/"),
            ("db://h:/x", "db://h/x"),
            ("urn:A:%42", "urn:A:B"),
            ("plain%41", "plainA"),
            ("a:b%e2%82%ac%ff%2a%zz", "a:b€%FF%2A%25zz"),
        ] {
            assert_eq!(normal(uri, false), form, "{uri}");
            assert_eq!(normal(&normal(uri, false), false), form, "{uri}");
        }
        assert_eq!(readings("secret://U@A/b"), ["secret://U@A/b", "secret://a/b"]);
        assert!(wide_readings("file:///etc//passwd?x#y").contains(&"file:///etc/passwd".to_owned()));
        assert!(wide_readings("secret:///a").contains(&"secret:///a".to_owned()));
        assert_eq!(forms("https://*"), ["https://*"]);
    }

    /// A URI, and the same in another spelling.
    fn spelled() -> impl Strategy<Value = (String, String)> {
        let scheme = prop::sample::select(vec!["file", "https", "db", "secret"]);
        let segment = prop::collection::vec(
            (any::<bool>(), prop::sample::select(vec!["a", "B", "~", "-", "7", "_", "é"])),
            1..5,
        );
        (scheme, any::<bool>(), prop::collection::vec(segment, 1..4)).prop_map(|(scheme, upper, segments)| {
            let host = if scheme == "file" { "" } else { "h" };
            let (mut plain, mut other) = (format!("{scheme}://{host}"), String::new());
            other.push_str(&if upper { scheme.to_uppercase() } else { scheme.to_owned() });
            other.push_str("://");
            other.push_str(host);
            for segment in segments {
                plain.push('/');
                other.push('/');
                for (encoded, c) in segment {
                    plain.push_str(c);
                    if encoded {
                        other.extend(c.bytes().map(|byte| format!("%{byte:02x}")));
                    } else {
                        other.push_str(c);
                    }
                }
            }
            (plain, other)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_spelling_changes_nothing((plain, other) in spelled()) {
            prop_assert_eq!(fault(&plain), None);
            prop_assert_eq!(fault(&other), None);
            prop_assert_eq!(readings(&plain), readings(&other));
        }

        #[test]
        fn what_climbs_is_found_in_any_spelling(
            (plain, _) in spelled(),
            dots in prop::sample::select(vec!["..", "%2e%2e", ".%2E", "%2E.", "%252e%252e", "%25252e.", "%2e"]),
            slash in prop::sample::select(vec!["/", "%2f", "%5C", "\\"]),
        ) {
            let climbing = [&plain, slash, dots, slash, "x"].concat();
            prop_assert!(fault(&climbing).is_some());
        }

        #[test]
        fn any_text_has_a_reading(text in ".{0,60}") {
            let _ = fault(&text);
            prop_assert!(!readings(&text).is_empty());
            prop_assert!(readings(&text).iter().all(|reading| wide_readings(&text).contains(reading)));
            let once = decoded(&text);
            prop_assert_eq!(&decoded(&once), &once);
        }
    }
}
