//! Names that differ in case only. Some parsers take them for one: Go's `encoding/json` compares letters without case,
//! and takes U+017F for an `s` and U+212A for a `k`.

use std::borrow::Cow;

/// U+017F and U+212A.
const LONG_S: [u8; 2] = [0xC5, 0xBF];
const KELVIN: [u8; 3] = [0xE2, 0x84, 0xAA];

/// Whether such a parser takes two names for one.
pub(crate) fn folds_to(a: &[u8], b: &[u8]) -> bool {
    let (mut a, mut b) = (a, b);
    loop {
        match (next(&mut a), next(&mut b)) {
            (None, None) => return true,
            (one, other) if one == other => {}
            _ => return false,
        }
    }
}

/// The next byte of a name without case.
fn next(name: &mut &[u8]) -> Option<u8> {
    let (byte, rest) = match *name {
        [0xC5, 0xBF, rest @ ..] => (b's', rest),
        [0xE2, 0x84, 0xAA, rest @ ..] => (b'k', rest),
        [byte, rest @ ..] => (byte.to_ascii_lowercase(), rest),
        [] => return None,
    };
    *name = rest;
    Some(byte)
}

/// A name with plain letters in the place of those that only fold to them; case stays.
pub(crate) fn plain(name: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let has = |letter: &[u8]| memchr::memmem::find(&name, letter).is_some();
    if name.is_ascii() || !(has(&LONG_S) || has(&KELVIN)) {
        return name;
    }
    let mut rest = &*name;
    let mut out = Vec::with_capacity(rest.len());
    while let [byte, tail @ ..] = rest {
        let special = rest.starts_with(&LONG_S) || rest.starts_with(&KELVIN);
        if special {
            out.extend(next(&mut rest));
        } else {
            out.push(*byte);
            rest = tail;
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_as_go_folds_them() {
        for (a, b, same) in [
            ("", "", true),
            ("path", "PATH", true),
            ("task", "ta\u{17F}\u{212A}", true),
            ("S\u{17F}", "\u{17F}s", true),
            ("path", "paths", false),
            ("path", "pat", false),
            ("i", "\u{131}", false),
            ("\u{e9}", "\u{c9}", false),
            ("a@", "a`", false),
            ("[", "{", false),
            ("\u{C5}", "\u{17F}", false),
        ] {
            assert_eq!(folds_to(a.as_bytes(), b.as_bytes()), same, "{a} {b}");
            assert_eq!(folds_to(b.as_bytes(), a.as_bytes()), same, "{b} {a}");
            let plain = |name: &'static str| plain(Cow::Borrowed(name.as_bytes()));
            assert_eq!(plain(a).eq_ignore_ascii_case(&plain(b)), same, "{a} {b}");
        }
    }
}
