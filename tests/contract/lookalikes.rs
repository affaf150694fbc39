//! `src/text/lookalikes.rs` is what Unicode's tables of confusables, scripts and identifiers make of it.

use crate::support::{read, repository};
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};
use unicode_security::{GeneralSecurityProfile, skeleton};

const FILE: &str = "src/text/lookalikes.rs";

const HEAD: &str = "\
//! Letters that pass for ASCII ones, and the alphabets they are of. Generated from Unicode's data by
//! `tests/contract/lookalikes.rs`; do not edit.

#![forbid(unsafe_code)]

";

/// The ASCII letter that a character is confused with (UTS 39, the skeleton).
fn reads_as(c: char) -> Option<char> {
    let text = c.to_string();
    let mut skeleton = skeleton(&text);
    skeleton.next().filter(|first| first.is_ascii_alphabetic() && skeleton.next().is_none())
}

fn folds_to_ascii(c: char) -> bool {
    let folded: String = c.nfkc().collect();
    folded.len() == 1 && folded.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Latin and what all scripts share: here only letters that no identifier should have count.
fn is_styled(c: char) -> bool {
    match c.script() {
        // Ordinals (`1ª`, `Nº`) and the long s are written.
        _ if matches!(c, '\u{AA}' | '\u{BA}' | '\u{17F}') => false,
        Script::Latin => reads_as(c).is_some() && !c.identifier_allowed(),
        Script::Common => folds_to_ascii(c),
        _ => false,
    }
}

/// The scripts of East Asia stand beside Latin everywhere.
fn is_lookalike(c: char) -> bool {
    let shared = [Script::Latin, Script::Common, Script::Inherited, Script::Unknown];
    let own = [&shared[..], &[Script::Han, Script::Hangul, Script::Bopomofo]].concat();
    !own.contains(&c.script()) && reads_as(c).is_some()
}

/// Runs of characters for which `class` answers the same. Whether one is a letter is asked when a word is read: the
/// standard library's answer changes with its version.
fn ranges<T: PartialEq>(class: impl Fn(char) -> Option<T>) -> Vec<(char, char, T)> {
    let mut ranges: Vec<(char, char, T)> = Vec::new();
    let mut joined = false;
    for c in '\u{80}'..=char::MAX {
        let found = class(c);
        match (found, ranges.last_mut()) {
            (Some(found), Some((_, last, same))) if joined && *same == found => *last = c,
            (Some(found), _) => {
                ranges.push((c, c, found));
                joined = true;
            }
            (None, _) => joined = false,
        }
    }
    ranges
}

fn write_table<T>(
    out: &mut String,
    doc: &str,
    kind: &str,
    ranges: &[(char, char, T)],
    extra: impl Fn(&T) -> String,
) {
    writeln!(out, "/// {doc}\n#[rustfmt::skip]\npub(super) const {kind} = &[").unwrap();
    for (first, last, class) in ranges {
        writeln!(
            out,
            "    ('\\u{{{:X}}}', '\\u{{{:X}}}'{}),",
            u32::from(*first),
            u32::from(*last),
            extra(class)
        )
        .unwrap();
    }
    out.push_str("];\n");
}

#[test]
fn tables_are_what_unicode_makes_of_them() {
    let lookalikes = ranges(|c| is_lookalike(c).then_some(()));
    let styled = ranges(|c| is_styled(c).then_some(()));
    let mut scripts: Vec<Script> =
        ('\u{80}'..=char::MAX).filter(|c| is_lookalike(*c)).map(|c| c.script()).collect();
    scripts.sort_by_key(|script| script.full_name());
    scripts.dedup();
    assert!(scripts.len() <= 128, "a set of alphabets is 128 bits");
    let name = |script: &Script| script.full_name().replace('_', "");
    let alphabets = ranges(|c| scripts.contains(&c.script()).then(|| c.script()));

    let mut out = HEAD.to_owned();
    out.push_str("/// The alphabets that have letters which pass for ASCII ones.\n#[derive(Debug, Clone, Copy, PartialEq, Eq)]\n#[rustfmt::skip]\npub(super) enum Alphabet {\n");
    for script in &scripts {
        writeln!(out, "    {},", name(script)).unwrap();
    }
    out.push_str("}\n\n");
    write_table(
        &mut out,
        "The characters of these alphabets, by first and last.",
        "ALPHABETS: &[(char, char, Alphabet)]",
        &alphabets,
        |script| format!(", Alphabet::{}", name(script)),
    );
    out.push('\n');
    write_table(
        &mut out,
        "Those that pass for an ASCII letter.",
        "LOOKALIKES: &[(char, char)]",
        &lookalikes,
        |()| String::new(),
    );
    out.push('\n');
    write_table(
        &mut out,
        "Forms of Latin letters that pass for ASCII ones and belong in no identifier.",
        "STYLED: &[(char, char)]",
        &styled,
        |()| String::new(),
    );
    if std::env::var_os("CALLGATE_BLESS").is_some() {
        std::fs::write(repository(FILE), &out).unwrap();
    }
    assert!(
        read(FILE) == out,
        "{FILE} is not what Unicode's tables make; write it anew with CALLGATE_BLESS=1"
    );
}
