//! Every rung against the definition; the definition against the rules that rely on it.

use super::*;
use proptest::prelude::*;

const RUNGS: [Rung; 5] = [Rung::Best, Rung::Portable, Rung::Avx2, Rung::Neon, Rung::Avx512];

fn grams() -> Grams {
    Grams::new(
        ["unio", "sele", "${jn", "<!do", "%4a%", "-beg", "\u{438}\u{43D}"]
            .map(|gram| gram.as_bytes().try_into().unwrap()),
    )
}

/// Grams first, then runs, as the definition has them.
fn read(data: &[u8], text: Range<usize>, json: bool, rung: Rung) -> (Vec<Mark>, u32) {
    let (mut found, mut tokens) = (Vec::new(), Vec::new());
    let facts = marks(data, text, json, &grams(), rung, |mark| match mark {
        Mark::Gram(_) => found.push(mark),
        Mark::Run(_) => tokens.push(mark),
    });
    found.extend(tokens);
    (found, facts.expect("a range within the data").0)
}

/// All of the text, and the text between other bytes of the same allocation or of none.
fn agrees(text: &[u8]) {
    for json in [false, true] {
        let expected = naive::marks(text, json, &grams().0);
        for rung in RUNGS.into_iter().filter(|rung| rung.is_available()) {
            assert_eq!(read(text, 0..text.len(), json, rung), expected, "{rung:?}");
            for (before, behind) in [(1, 0), (0, 1), (3, 70), (64, 2), (65, 66), (7, 200)] {
                // What is around must not be told, be it the rest of a gram, a run or a sequence.
                for filler in [b"unio0", b"\xE2\x80\x8B\\\\"] {
                    let filler = filler.iter().cycle();
                    let data: Vec<u8> =
                        filler.clone().take(before).chain(text).chain(filler.take(behind)).copied().collect();
                    let (mut found, facts) = read(&data, before..before + text.len(), json, rung);
                    for mark in &mut found {
                        let (Mark::Gram(at) | Mark::Run(at)) = mark;
                        *at -= before;
                    }
                    assert_eq!(found, expected.0, "{rung:?} {before} {behind}");
                    // A sequence that the text cuts may be taken for a whole one: more work, not less.
                    let cut = CG_MARK_HIDDEN
                        & if text.last().is_some_and(|byte| *byte >= 0x80) { u32::MAX } else { 0 };
                    assert_eq!((facts | cut), (expected.1 | cut), "{rung:?} {before} {behind}");
                }
            }
        }
    }
}

#[test]
fn marks_are_those_of_the_definition() {
    for text in [
        "",
        "union",
        "UNION uNiOn",
        "reunion \\nunion %0aunion \\x0aunion &#xaunion \\abunion \\u000aunion \\0000aaunion %abcunion &abunion",
        "1union _union \u{e9}union",
        "uni",
        "plain words, no more",
        "twelve_chars",
        "twelve_1char",
        "eleven_1cha",
        "twenty_characters_ab",
        "line\none",
        "a\\nb \\\" \\\\ \\t \\r\\n",
        "a\\u0041",
        "\\\\u0041",
        "\\r",
        "\\/",
        "a\r\nb\rc",
        "x ..",
        "zero\u{200B}width",
        "d\u{e9}j\u{e0} vu \u{2019} \u{4e2d}\u{6587}",
        "\u{438}\u{43D}\u{441}\u{442}",
        "-----BEGIN",
    ] {
        for padding in [0, 1, 13, 57, 60, 61, 62, 63, 64, 65, 120, 128, 300] {
            agrees(format!("{}{text}", " ".repeat(padding)).as_bytes());
            agrees(format!("{}{text}{}", "a".repeat(padding), "a".repeat(padding / 3)).as_bytes());
        }
    }
    agrees("union ".repeat(300).as_bytes());
    agrees("token_number_1 ".repeat(200).as_bytes());
}

proptest! {
    #![proptest_config(crate::testing::properties(400))]

    #[test]
    fn any_bytes(text in proptest::collection::vec(
        prop_oneof![
            proptest::sample::select(b"unioUNIO%&a1_./-~ '\"\\unrtbf;\n\r\xE2\x80\x8B\xC2\xAD\xF3\xA0".to_vec()),
            any::<u8>(),
        ],
        0..300,
    )) {
        agrees(&text);
    }

    #[test]
    fn long_runs(parts in proptest::collection::vec((0_usize..150, "[ 1a]"), 0..12)) {
        let text: Vec<String> = parts.iter().map(|(len, end)| format!("{}{end}", "b".repeat(*len))).collect();
        let text = text.concat();
        agrees(text.as_bytes());
    }
}

/// No rule on what does not show reports a character that is not marked.
#[test]
fn every_hidden_character_is_marked() {
    let every = if cfg!(miri) { 997 } else { 1 };
    for c in (0..=0x0010_FFFF).step_by(every).filter_map(char::from_u32) {
        for text in [format!("a{c}b"), format!("{c}"), format!("{c}{c}")] {
            let mut any = false;
            crate::text::scan(&text, |_, _, _| any = true);
            if any {
                let (_, facts) = read(text.as_bytes(), 0..text.len(), false, Rung::Best);
                assert!(Facts(facts).hidden(), "U+{:04X}", u32::from(c));
            }
        }
    }
}
