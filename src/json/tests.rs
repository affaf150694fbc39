//! The pass against `serde_json`: what that refuses is refused, what it accepts has the same shape.

use super::{Events, Fault, Flow, Place, Stop, Text, walk};
use crate::policy::Limits;
use crate::rules::Rule;
use proptest::prelude::*;
use serde_json::Value;

/// Keeps everything it is told.
#[derive(Debug, Default)]
struct Recorder {
    faults: Vec<(Rule, usize, usize)>,
    values: Vec<(String, String)>,
    restarts: usize,
}

impl Events for Recorder {
    const VALUES: bool = true;

    fn wants_key(_: usize, _: u8, _: bool) -> bool {
        true
    }

    fn fault(&mut self, _: &Place<'_>, fault: Fault) -> Flow {
        self.faults.push((fault.rule, fault.start, fault.end));
        Ok(())
    }

    fn key(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        self.values.push((place.pointer(), format!("key {}", String::from_utf8_lossy(&key.unescaped()))));
        Ok(())
    }

    fn string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        self.values
            .push((place.pointer(), format!("string {}", String::from_utf8_lossy(&value.unescaped()))));
        Ok(())
    }

    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        let kind = match place.bytes[start] {
            b'{' => "object",
            b'[' => "array",
            b'n' => "null",
            b't' => "true",
            b'f' => "false",
            _ => "number",
        };
        self.values.push((place.pointer(), kind.to_owned()));
        Ok(())
    }

    fn restart(&mut self) {
        *self = Self { restarts: self.restarts + 1, ..Self::default() };
    }
}

fn record(bytes: &[u8]) -> Recorder {
    let mut recorder = Recorder::default();
    walk(bytes, &Limits::default(), &mut recorder);
    recorder
}

/// What the pass should tell of a value, in any order.
fn shape(value: &Value, pointer: String, out: &mut Vec<(String, String)>) {
    let kind = match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(_) => "number".to_owned(),
        Value::String(text) => format!("string {text}"),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                shape(item, format!("{pointer}/{index}"), out);
            }
            "array".to_owned()
        }
        Value::Object(members) => {
            for (key, member) in members {
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                out.push((pointer.clone(), format!("key {key}")));
                shape(member, pointer, out);
            }
            "object".to_owned()
        }
    };
    out.push((pointer, kind));
}

fn sorted(mut values: Vec<(String, String)>) -> Vec<(String, String)> {
    values.sort();
    values
}

/// Compares the pass with `serde_json` on one document.
fn compare(bytes: &[u8]) -> Result<(), TestCaseError> {
    let recorder = record(bytes);
    let fatal = recorder.faults.iter().find(|fault| !matches!(fault.0, Rule::JsonDuplicateKey));
    match serde_json::from_slice::<Value>(bytes) {
        Err(error) => {
            prop_assert!(
                fatal.is_some(),
                "{:?} refused by serde_json ({error})",
                String::from_utf8_lossy(bytes)
            );
        }
        Ok(value) => {
            // Integers beyond 2^53-1 are a fault to JavaScript alone.
            let fatal = recorder
                .faults
                .iter()
                .find(|fault| !matches!(fault.0, Rule::JsonDuplicateKey | Rule::JsonNumberRange));
            prop_assert!(
                fatal.is_none(),
                "{:?} accepted by serde_json: {fatal:?}",
                String::from_utf8_lossy(bytes)
            );
            let mut expected = Vec::new();
            shape(&value, String::new(), &mut expected);
            if !recorder.faults.iter().any(|fault| fault.0 == Rule::JsonDuplicateKey) {
                prop_assert_eq!(sorted(recorder.values), sorted(expected));
            }
        }
    }
    for (rule, start, end) in recorder.faults {
        prop_assert!(start <= end && end <= bytes.len(), "{} at {start}..{end}", rule.id());
    }
    Ok(())
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z\"\\\\/\u{0}-\u{1f}é€😀]{0,12}".prop_map(Value::from),
        "[ -~]{0,90}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 120, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map("[a-c~/\"é]{0,3}", inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Bytes that JSON is made of, and some that it is not.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::sample::select(&b"{}[]:,\" \t\n\\-0123456789.eE+tfnu/\x00\x0c\x1a\x1f\x7f"[..])
            .prop_map(|byte| vec![byte]),
        prop::sample::select(vec![
            "true", "false", "null", "\"a\"", "\"a\":", "\\u0041", "\\ud83d", "\\ude00", "\\\"", "1e5", "-0",
            "é", "😀",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::sample::select(vec![
            &b"\x80"[..],
            b"\xc0\xaf",
            b"\xed\xa0\x80",
            b"\xe2\x82",
            b"\xf4\x90\x80\x80",
            b"\xff"
        ])
        .prop_map(<[u8]>::to_vec),
    ]
}

proptest! {
    #![proptest_config(crate::testing::properties(1500))]

    #[test]
    fn agrees_on_documents(value in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) };
        compare(&text.unwrap())?;
    }

    #[test]
    fn agrees_on_damaged_documents(
        value in json(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3, piece()), 1..4),
    ) {
        let mut text = serde_json::to_vec(&value).unwrap();
        for (at, kept, piece) in edits {
            let at = at.index(text.len() + 1);
            text.splice(at..(at + kept).min(text.len()), piece);
        }
        compare(&text)?;
    }

    #[test]
    fn agrees_on_token_soup(pieces in prop::collection::vec(piece(), 0..60)) {
        compare(&pieces.concat())?;
    }

    #[test]
    fn finds_exactly_the_duplicates(keys in prop::collection::vec(0_u16..400, 0..300), escape in any::<u64>()) {
        let mut seen = std::collections::HashSet::new();
        let expected = keys.iter().filter(|key| !seen.insert(**key)).count();
        let members: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(index, key)| match escape >> (index % 64) & 1 {
                0 => format!("\"key{key}\":{{\"key{key}\":1}}"),
                _ => format!("\"\\u006bey{key}\":[]"),
            })
            .collect();
        let recorder = record(format!("{{{}}}", members.join(",")).as_bytes());
        let found = recorder.faults.iter().filter(|fault| fault.0 == Rule::JsonDuplicateKey).count();
        prop_assert_eq!((found, recorder.faults.len()), (expected, expected));
    }
}

#[test]
fn slow_look_ups_start_again_with_the_other_hashing() {
    // In tests the patience is short, so that chance collisions are enough.
    let members: Vec<_> = (0..3000).map(|key| format!("\"{key}\":0")).collect();
    let recorder = record(format!("{{{},\"7\":0}}", members.join(",")).as_bytes());
    assert_eq!(recorder.restarts, 1);
    assert_eq!(recorder.faults.iter().map(|fault| fault.0).collect::<Vec<_>>(), [Rule::JsonDuplicateKey]);
    assert_eq!(recorder.values.iter().filter(|value| value.1.starts_with("key")).count(), 3001);
}

#[test]
fn a_pass_that_stopped_leaves_nothing_for_the_next() {
    struct StopAtOnce;
    impl Events for StopAtOnce {
        const VALUES: bool = false;
        fn fault(&mut self, _: &Place<'_>, _: Fault) -> Flow {
            Err(Stop)
        }
    }
    for broken in [r#"{"a":{"b":[1,2,"#, r#"{"a":1,"a":2}"#, "[[[[\u{1}]]]]"] {
        walk(broken.as_bytes(), &Limits::default(), &mut StopAtOnce);
        assert!(record(br#"{"a":[1,{"b":2}]}"#).faults.is_empty(), "after {broken}");
    }
}

#[test]
fn pointers_stay_short() {
    let key = "k".repeat(1000);
    let text = format!(r#"{{"{key}":{{"{key}":{{"{key}":[true,nul]}}}}}}"#);
    let recorder = record(text.as_bytes());
    let longest = recorder.values.iter().map(|value| &value.0).max_by_key(|pointer| pointer.len());
    assert_eq!(longest, Some(&format!("/{key}/{key}")));
}

#[test]
fn bytes_that_begin_no_character_are_told_from_characters_that_begin_no_token() {
    for (before, wrong) in [("", "\u{e9}"), ("[1,", "\u{20ac}]"), ("[1", "\u{20ac}]"), ("tru", "\u{1f600}")] {
        // At every distance from the end of a window.
        for spaces in 0..130 {
            let text = format!("{}{before}{wrong}", " ".repeat(spaces)).into_bytes();
            let at = spaces + before.len();
            let fault = |bytes: &[u8]| record(bytes).faults.first().map(|fault| (fault.0, fault.1));
            assert_eq!(fault(&text), Some((Rule::JsonSyntax, at)), "{before}{wrong} behind {spaces} spaces");
            let mut cut = text.clone();
            cut.truncate(at + 1);
            assert_eq!(fault(&cut), Some((Rule::JsonUtf8, at)), "{before} and a byte behind {spaces} spaces");
            let mut damaged = text;
            damaged[at + 1] = b' ';
            assert_eq!(
                fault(&damaged),
                Some((Rule::JsonUtf8, at)),
                "{before}, damaged, behind {spaces} spaces"
            );
        }
    }
}
