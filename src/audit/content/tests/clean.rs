//! What people and programs write stays clean, whatever harmless thing stands in it.

use super::*;
use proptest::prelude::*;
use proptest::sample::select;

const SENTENCES: &[&str] = &[
    "The weather in the north was fine, and nobody thought of rain.",
    "Please drop me a line when the order is ready, or select a reviewer yourself.",
    "We met where the two rivers join: the union of both is wide there.",
    "If the table is free, update the list and insert your name below the last one.",
    "Can you say what she said? It was not clear from here.",
    "Prices went up in March, but sales did not fall like last year.",
    "The system asks for your name first: write it down, then wait.",
    "He read the instructions twice and followed all of them.",
    "Let the script run for a minute, and look at the image it makes.",
    "You may act on it as soon as you have slept over it.",
    "Group the values by year and order them by size.",
    "This is not a case of one or the other.",
];

/// What may stand anywhere in a sentence; `#` is any digit.
const INSERTS: &[&str] = &[
    // Names, with and without apostrophes.
    "O'Brien",
    "D'Angelo's",
    "Siobh\u{e1}n O'Neill-Smith",
    "the Joneses'",
    "Gon\u{e7}alo",
    "Zo\u{eb}",
    "rock 'n' roll",
    "it's",
    "they're",
    "Robert'); or so he says",
    // Numbers, dates, times, money.
    "##",
    "#,###.##",
    "-#.#e-#",
    "## %",
    "##%",
    "20##-0#-1#",
    "1#/0#/20##",
    "1#:##",
    "20##-0#-1#T1#:##:0#Z",
    "$##.##",
    "\u{20ac}#.###,##",
    "\u{a3}#m",
    "#-##",
    "#\u{d7}#",
    "+1 (###) ###-####",
    "n=##",
    "a = #",
    "x > #",
    "# & #",
    // Addresses and paths.
    "ann.lee+list@mail.example",
    "<bob@host.example>",
    "https://example.com/a/b?c=d&e=##",
    "https://en.wikipedia.org/wiki/Rust_(programming_language)#History",
    "(see http://example.org/~ann/)",
    "www.example.net",
    "src/audit/mod.rs:##",
    "C:\\Users\\ann\\notes.txt",
    "~/notes/todo.md",
    "../lib/index.js",
    "/usr/share/doc",
    // Emoji and writing.
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "\u{1f44d}\u{1f3fd}",
    "\u{2764}\u{fe0f}",
    "#\u{fe0f}\u{20e3}",
    "\u{1f1ec}\u{1f1f7}",
    "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
    "\u{915}\u{94d}\u{200d}\u{937}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
    "\u{65e5}\u{672c}\u{8a9e}",
    "\u{43f}\u{440}\u{438}\u{432}\u{435}\u{442}",
    "\u{201c}quoted\u{201d}",
    "caf\u{e9} \u{2014} \u{2026}",
    // Brackets, quotes and signs.
    "(maybe)",
    "[##]",
    "{a, b}",
    "\"so to speak\"",
    "'so to speak'",
    "*bold*",
    "_so_",
    "`code`",
    "R&D",
    "C++ and C#",
    "A/B",
    "50/50",
    "either/or",
    "Tom & Jerry",
    "yes/no?",
    "##!",
    ":-)",
    "<3",
    "e.g. this one",
    "a -- b",
    "...",
    "see #### #",
    "item #; item #",
    "@ann",
    // Names of programs.
    "user_id",
    "getUserById()",
    "camelCase",
    "CONSTANT_NAME",
    "my-package@#.#.#",
    "Vec<u8>",
    "std::mem::swap(&mut a, &mut b)",
    "arr[#]",
    "x += #",
    "a && b",
    "a || b",
    "!done",
    "v#.#.#",
    "--verbose",
    "-n ##",
    "#include <stdio.h>",
    "key: value",
    "a -> b",
    "{{ user.name }}",
    "${name}",
    "%s and %d",
    "&amp;",
    "&nbsp;",
    "<br>",
    "<b>bold</b>",
    "null",
    "0x##",
];

/// Where it stands, and what is put around it.
const AROUND: &[(&str, &str)] =
    &[("", ""), ("(", ")"), ("", ","), ("", "."), ("", ":"), ("- ", ""), ("", "\n")];

/// The insert with digits, and something around it.
fn written(insert: &str, mut digit: impl FnMut() -> char, (before, after): (&str, &str)) -> String {
    // A keycap and a number sign are meant as they are.
    let meant = insert.contains('\u{20e3}') || insert.contains("C#") || insert.starts_with("#i");
    let insert: String = insert.chars().map(|c| if c == '#' && !meant { digit() } else { c }).collect();
    format!("{before}{insert}{after}")
}

fn insert() -> impl Strategy<Value = String> {
    (select(INSERTS), any::<[u8; 8]>(), select(AROUND)).prop_map(|(insert, digits, around)| {
        let mut digits = digits.iter().cycle();
        written(insert, || char::from(b'0' + digits.next().unwrap() % 10), around)
    })
}

/// A sentence with each insert at some place.
fn sentence(inserts: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = String> {
    let parts = prop::collection::vec((insert(), any::<prop::sample::Index>()), inserts);
    (select(SENTENCES), parts).prop_map(|(sentence, parts)| {
        let mut words: Vec<&str> = sentence.split(' ').collect();
        for (insert, at) in &parts {
            words.insert(at.index(words.len() + 1), insert);
        }
        words.join(" ")
    })
}

fn is_clean(text: &str) -> Result<(), TestCaseError> {
    for kind in [Kind::Text, Kind::Code, Kind::Auto] {
        prop_assert_eq!(rules(kind, text), BTreeSet::new(), "{:?}: {}", kind, text);
    }
    Ok(())
}

proptest! {
    /// Documents, with any number of inserts side by side.
    #[test]
    fn a_clean_document_stays_clean_with_harmless_inserts(text in prop::collection::vec(sentence(0..4), 16..24)) {
        let text = text.join(" ");
        prop_assert!(text.len() > SHORT);
        is_clean(&text)?;
    }
}

/// Every insert by itself, and at every place of every sentence.
#[test]
fn a_clean_text_stays_clean_with_any_harmless_insert() {
    for insert in INSERTS {
        for (digit, around) in
            ['0', '1', '7'].iter().flat_map(|digit| AROUND.iter().map(move |around| (*digit, *around)))
        {
            let insert = &*written(insert, || digit, around);
            let sentences = SENTENCES.iter().flat_map(|sentence| {
                let words: Vec<&str> = sentence.split(' ').collect();
                (0..=words.len()).map(move |at| [&words[..at], &[insert], &words[at..]].concat().join(" "))
            });
            for text in sentences.chain([insert.to_owned()]) {
                is_clean(&text).unwrap();
            }
        }
    }
}

/// What is not harmless is seen in the same places.
#[test]
fn what_is_not_harmless_is_seen_beside_them() {
    for sentence in SENTENCES {
        for insert in INSERTS {
            let text = format!("{sentence} {insert} ' or '1'='1");
            assert!(rules(Kind::Auto, &text).contains("injection.sql"), "{text}");
        }
    }
}

/// Prose that signs once took for commands.
#[test]
fn prose_is_no_command() {
    for text in [
        "Well,\nreally? I had no idea.",
        "Soup; right? It was fine.",
        "Notes:\n\"Notes\" is the name of the folder.",
        "Said they:\n'yes' would do.",
        "The system (Linux) is up.",
        "An operating system (of any sort) will do; so will none.",
    ] {
        assert_eq!(rules(Kind::Auto, text), BTreeSet::new(), "{text}");
    }
    for text in [
        "x\nc\"a\"t /etc/hosts",
        "x;w'ho'ami -a",
        "x;/bin/c?t /etc/hosts",
        "x; system('id')",
        "x; system ($a)",
        "x|'nc' -l",
    ] {
        assert!(rules(Kind::Auto, text).contains("injection.shell"), "{text}");
    }
}
