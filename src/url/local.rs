//! What a URL leads to on this machine, as the most willing of the programs that may get it reads it.
//!
//! Programs drop white space, take off what is put round a URL (`URL:` in Python, `jar:` in Java, `view-source:` in
//! browsers), and some undo encodings before they look for a scheme.

#![forbid(unsafe_code)]

use super::parse::is_dropped_at_ends;

/// Schemes in front of another URL.
const WRAPPERS: &[&str] = &["url", "uri", "view-source", "jar", "feed", "blob", "filesystem"];

/// Schemes that no honest call names: what reads them runs programs, reads files or speaks raw to another service.
const ATTACKING: &[&str] = &[
    "gopher",
    "dict",
    "netdoc",
    "php",
    "phar",
    "expect",
    "zip",
    "glob",
    "compress.zlib",
    "compress.bzip2",
    "local_file",
];

/// Wrappers and encodings that are taken off.
const ROUNDS: usize = 8;
/// Longer texts are cut: a path has fewer bytes.
const MAX: usize = 1 << 13;

/// The URL of a file that a text is, without what is put round it: `file:` and all that follows.
pub(crate) fn file(text: &str) -> Option<String> {
    let (scheme, rest) = unwrapped(text)?;
    let last = scheme.rsplit(['+', '_']).next();
    (last == Some("file") || scheme == "netdoc").then(|| ["file:", &*rest].concat())
}

/// The scheme of a text that is a URL which only an attack holds, in lower case and without what is put round it.
pub(crate) fn attack(text: &str) -> Option<String> {
    unwrapped(text).map(|(scheme, _)| scheme).filter(|scheme| ATTACKING.contains(&&**scheme))
}

/// The scheme in lower case and what follows it; `None` for the web's and where there is none.
fn unwrapped(text: &str) -> Option<(String, String)> {
    if text.starts_with("https://") || text.starts_with("http://") {
        return None;
    }
    let may_be = memchr::memchr2(b':', b'%', text.as_bytes()).is_some();
    if !may_be {
        return None;
    }
    let ends = |c: char| is_dropped_at_ends(c) || c.is_whitespace() || matches!(c, '<' | '>');
    let mut text: String = text.chars().filter(|c| !c.is_control()).take(MAX).collect();
    let mut archive = false;
    for _ in 0..ROUNDS {
        let Some((scheme, rest)) = text.trim_matches(ends).split_once(':') else {
            text = decoded(&text)?;
            continue;
        };
        let scheme = decoded(scheme).unwrap_or_else(|| scheme.to_owned()).to_ascii_lowercase();
        if WRAPPERS.contains(&&*scheme) {
            archive |= scheme == "jar";
            text = rest.to_owned();
            continue;
        }
        let rest = if archive { rest.split('!').next().unwrap_or_default() } else { rest };
        return Some((scheme, rest.to_owned()));
    }
    None
}

/// A text with one round of percent encodings undone; `None` where there is none.
pub(super) fn decoded(text: &str) -> Option<String> {
    let (first, rest) = text.split_once('%')?;
    let mut bytes = first.as_bytes().to_vec();
    let mut changed = false;
    for part in rest.split('%') {
        let value = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        changed |= value.is_some();
        bytes.push(value.unwrap_or(b'%'));
        let rest = if value.is_some() { part.get(2..).unwrap_or_default() } else { part };
        bytes.extend_from_slice(rest.as_bytes());
    }
    changed.then(|| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_any_spelling() {
        for (text, expected) in [
            ("file:///etc/x", "file:///etc/x"),
            ("FILE:/etc/x", "file:/etc/x"),
            ("file:x", "file:x"),
            (" \tfile:///x ", "file:///x"),
            ("fi\tle:\n///x", "file:///x"),
            ("\0file:///x", "file:///x"),
            ("fil%65:///x", "file:///x"),
            ("file%3a///x", "file:///x"),
            ("file%253A///x", "file:///x"),
            ("%66%69%6c%65%3a%2f%2f%2fx", "file:///x"),
            ("URL:file:///x", "file:///x"),
            ("<URL:file:///x>", "file:///x"),
            ("view-source:file:///x", "file:///x"),
            ("jar:file:///a.jar!/b", "file:///a.jar"),
            ("jar:jar:file:///a.jar!/b!/c", "file:///a.jar"),
            ("local_file:///x", "file:///x"),
            ("git+file:///x", "file:///x"),
            ("netdoc:///x", "file:///x"),
            ("\u{a0}file:///x", "file:///x"),
        ] {
            assert_eq!(file(text).as_deref(), Some(expected), "{text:?}");
        }
        for text in [
            "",
            "a",
            "100%",
            "https://example.com/file:///x",
            "HTTPS://example.com/",
            "profile:x",
            "example.com:80",
            "about:blank",
            "blob:https://example.com/1",
            "jar:https://example.com/a.jar!/b",
            "a/file:x",
            "memory://x",
        ] {
            assert_eq!(file(text), None, "{text:?}");
            assert!(attack(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn schemes_of_attacks() {
        for text in [
            "gopher://127.0.0.1:6379/_x",
            "Dict://h/",
            "php://filter/resource=x",
            "ex\tpect://id",
            "url:gopher://h/",
            "ph%61r://x",
            "netdoc:///x",
        ] {
            assert!(attack(text).is_some(), "{text:?}");
        }
        for text in ["ftp://example.com/", "ldap://example.com/", "ssh://git@example.com/a.git", "phpx://a"] {
            assert!(attack(text).is_none(), "{text:?}");
        }
    }
}
