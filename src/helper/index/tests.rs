//! Every rung against the portable one, and the portable one against a reading byte by byte.

use super::*;
use proptest::prelude::*;

/// What a pass tells: every position, and the facts of every window.
#[derive(Debug, PartialEq, Eq)]
struct Pass {
    positions: Vec<u32>,
    windows: Vec<Window>,
}

/// Room for positions, and bytes a window.
type Shape = (usize, usize);

/// One block a window; a window in the middle of blocks; little room; everything at once.
const SHAPES: [Shape; 5] = [(64, 1), (64, 64), (64, 100), (128, 1 << 20), (4096, 1 << 20)];

const RUNGS: [Rung; 5] = [Rung::Best, Rung::Portable, Rung::Avx2, Rung::Neon, Rung::Avx512];

fn available() -> impl Iterator<Item = Rung> {
    RUNGS.into_iter().filter(|rung| rung.is_available())
}

fn read(data: &[u8], rung: Rung, (capacity, max_bytes): Shape) -> Pass {
    let mut pass = Pass { positions: Vec::new(), windows: Vec::new() };
    let mut index = Index::new(data, rung).expect("a short document");
    let mut room = Vec::with_capacity(capacity);
    while let Some(window) = index.next_window(&mut room, max_bytes) {
        pass.positions.extend(&room);
        pass.windows.push(window);
    }
    assert!(index.is_done(), "stopped before the end");
    pass
}

/// The same by the definition in `callgate_helper.h`, a byte at a time.
fn naive(data: &[u8], windows: &[Window]) -> Pass {
    let mut pass = Pass { positions: Vec::new(), windows: Vec::new() };
    let (mut in_string, mut escaped, mut in_scalar) = (false, false, false);
    let mut at = 0;
    for window in windows {
        let mut facts = Window {
            begin: at,
            end: window.end,
            starts_in_string: in_string,
            backslash: false,
            non_ascii: false,
            control: false,
            escape: false,
        };
        for &byte in &data[at..window.end] {
            let is_escaped = escaped;
            escaped = byte == b'\\' && !is_escaped;
            facts.backslash |= byte == b'\\';
            facts.non_ascii |= byte >= 0x80;
            facts.escape |= is_escaped && !b"\"\\/bfnrt".contains(&byte);
            facts.control |= in_string && byte < 0x20;
            let quote = byte == b'"' && !is_escaped;
            let outside = !in_string && !quote;
            let structural = outside && b"{}[]:,".contains(&byte);
            let scalar = outside && !structural && !b" \t\r\n".contains(&byte);
            if quote || structural || (scalar && !in_scalar) {
                pass.positions.push(u32::try_from(at).unwrap());
            }
            in_scalar = scalar;
            in_string ^= quote;
            at += 1;
        }
        // Behind the last byte the block is filled up with spaces.
        facts.escape |= escaped && at == data.len() && at % 64 != 0;
        pass.windows.push(facts);
    }
    pass
}

/// All rungs in all shapes against each other and against the byte-wise reading.
fn check(data: &[u8]) {
    for shape in SHAPES {
        let portable = read(data, Rung::Portable, shape);
        assert_eq!(portable, naive(data, &portable.windows), "portable, {shape:?}, {data:?}");
        for rung in available() {
            assert_eq!(read(data, rung, shape), portable, "{rung:?}, {shape:?}, {data:?}");
        }
    }
}

#[test]
fn positions_are_those_of_the_definition() {
    for (text, expected) in [
        ("", &[][..]),
        ("   ", &[]),
        ("{}", &[0, 1]),
        (r#"{"a":1}"#, &[0, 1, 3, 4, 5, 6]),
        ("[true, -1.5e3 ,null]", &[0, 1, 5, 7, 14, 15, 19]),
        (r#""{[:,]}""#, &[0, 7]),
        (r#""\"""#, &[0, 3]),
        (r#""\\"x"#, &[0, 3, 4]),
        (r#"\"a"#, &[0]),
        ("1 2", &[0, 2]),
        ("[\u{c}\u{1a}]", &[0, 1, 3]),
        ("\u{feff}{}", &[0, 3, 4]),
    ] {
        assert_eq!(read(text.as_bytes(), Rung::Portable, SHAPES[0]).positions, expected, "{text}");
        check(text.as_bytes());
    }
}

/// Bytes that one of the rungs might mistake: marks, their neighbours in one bit, what folds onto them, and what
/// shares their low four bits.
const TRICKY: &[u8] = b"\"\\{}[]:,\x0c\x1a;<Zz[{|\x7c\x5c\x3b\x2d\x0a\x09\x0d \x00\x1f\x20\x21\x7f\x80\x9a\xa2\xac\xba\xdb\xdc\xdd\xfb\xfd\xff";

#[test]
fn every_byte_at_every_place_of_a_block() {
    for byte in 0..=u8::MAX {
        for at in 0..64 {
            for filler in [b' ', b'a'] {
                let mut data = [filler; 65];
                data[at] = byte;
                check_rungs(&data);
                data[0] = b'"';
                check_rungs(&data);
            }
        }
    }
}

/// As `check` in one shape: for tests that try very many documents.
fn check_rungs(data: &[u8]) {
    let portable = read(data, Rung::Portable, SHAPES[4]);
    assert_eq!(portable, naive(data, &portable.windows), "{data:?}");
    for rung in available() {
        assert_eq!(read(data, rung, SHAPES[4]), portable, "{rung:?}, {data:?}");
    }
}

#[test]
fn runs_of_backslashes_across_blocks() {
    for before in 50..70 {
        for run in (0..10).chain([60, 61, 62, 63, 64, 65, 127, 128, 129]) {
            let text = format!("\"{}{}\",\"x\"", "a".repeat(before), "\\".repeat(run));
            check(text.as_bytes());
        }
    }
}

#[test]
fn every_length_at_every_alignment() {
    let pattern: Vec<u8> =
        TRICKY.iter().chain(br#"{"key":["\\\"",1.5,true]}"#).copied().cycle().take(364).collect();
    for start in 0..64 {
        for len in 0..300 {
            check_rungs(&pattern[start..start + len]);
        }
    }
}

#[test]
fn a_window_with_too_little_room_makes_no_progress() {
    let mut index = Index::new(b"[1,2]", Rung::Best).unwrap();
    assert_eq!(index.next_window(&mut Vec::with_capacity(63), 64), None);
    assert_eq!(index.next_window(&mut Vec::with_capacity(64), 0), None);
    assert!(!index.is_done());
    assert!(index.next_window(&mut Vec::with_capacity(64), 1).is_some());
    assert!(index.is_done());
}

#[test]
fn a_rung_that_was_removed_is_gone_and_answered_by_the_portable_one() {
    let removed =
        |macro_name: &str| option_env!("CALLGATE_C_DEFINES").is_some_and(|names| names.contains(macro_name));
    assert!(Rung::Best.is_available() && Rung::Portable.is_available());
    for (rung, macro_name, architecture) in [
        (Rung::Avx2, "CALLGATE_NO_AVX2", "x86_64"),
        (Rung::Avx512, "CALLGATE_NO_AVX512", "x86_64"),
        (Rung::Neon, "CALLGATE_NO_NEON", "aarch64"),
    ] {
        if removed(macro_name) || std::env::consts::ARCH != architecture {
            assert!(!rung.is_available(), "{rung:?}");
        } else if rung == Rung::Neon {
            assert!(rung.is_available(), "NEON is part of the architecture");
        }
        assert_eq!(read(b"[1]", rung, SHAPES[0]).positions, [0, 1, 2], "{rung:?}");
    }
    #[cfg(target_arch = "x86_64")]
    if !removed("CALLGATE_NO_AVX2") {
        let supported = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2");
        assert_eq!(Rung::Avx2.is_available(), supported);
    }
    #[cfg(target_arch = "x86_64")]
    if !removed("CALLGATE_NO_AVX512") {
        let supported = is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2");
        assert_eq!(Rung::Avx512.is_available(), supported);
    }
}

fn tricky_byte() -> impl Strategy<Value = u8> {
    prop_oneof![6 => prop::sample::select(TRICKY), 2 => Just(b'"'), 2 => Just(b'\\'), 1 => any::<u8>()]
}

/// Runs of the same byte between single ones: blocks that are all string, all backslash, all space.
fn tricky_document() -> impl Strategy<Value = Vec<u8>> {
    let run = (tricky_byte(), prop_oneof![4 => Just(1_usize), 1 => 1..80_usize]);
    prop::collection::vec(run, 0..120).prop_map(|runs| {
        runs.into_iter().flat_map(|(byte, count)| std::iter::repeat_n(byte, count)).collect()
    })
}

proptest! {
    #[test]
    fn tricky_documents(data in tricky_document()) {
        check(&data);
    }

    #[test]
    fn random_documents(data in prop::collection::vec(any::<u8>(), 0..1000)) {
        check(&data);
    }
}

#[test]
fn positions_that_do_not_rise_are_seen() {
    for (positions, rising) in [
        (&[][..], true),
        (&[7], true),
        (&[0, 1, 2, 900], true),
        (&[0, 0], false),
        (&[5, 4], false),
        (&[0, 1, 2, 2, 3], false),
        (&[0, 9, 8, 10, 11, 12, 13, 14, 15], false),
        (&[u32::MAX, 0], false),
    ] {
        assert_eq!(is_rising(positions), rising, "{positions:?}");
    }
}
