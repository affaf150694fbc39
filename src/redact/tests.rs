//! Properties of redaction; single cases are in `tests/vectors/secrets.json`.

use crate::Gate;
use crate::secrets::is_placeholder;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::fmt::Write;

const GONE: &str = "[REDACTED]";

fn redacted(text: &str) -> String {
    String::from_utf8(Gate::default().redact(text.as_bytes()).into_owned()).unwrap()
}

#[test]
fn a_text_without_secrets_is_borrowed() {
    for text in ["", "{}", r#"{"a":"b"}"#, "no json", r#"{"password":"[REDACTED]"}"#] {
        assert!(matches!(Gate::default().redact(text.as_bytes()), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn any_bytes_are_taken() {
    let gate = Gate::default();
    for bytes in [
        &b"\xff\xfe"[..],
        b"{\"password\":\"\xff\"}",
        b"{\"password\":\xff}",
        b"\"\\ud800\"",
        b"{\"a\":\"\\ud800\\",
        b"\0",
    ] {
        let once = gate.redact(bytes).into_owned();
        assert_eq!(*gate.redact(&once), *once, "{bytes:?}");
    }
    assert_eq!(*gate.redact(b"{\"password\":\"\xff\"}"), *b"{\"password\":\"[REDACTED]\"}");
}

/// A document as a text in a document, so many times.
fn nested(document: &str, times: usize) -> String {
    (0..times).fold(document.to_owned(), |inner, _| json!({ "text": inner }).to_string())
}

/// The innermost document of those.
fn innermost(document: &str, times: usize) -> Result<Value, serde_json::Error> {
    let value: Value = serde_json::from_str(document)?;
    if times == 0 { Ok(value) } else { innermost(value["text"].as_str().unwrap(), times - 1) }
}

#[test]
fn documents_in_texts_stay_documents() {
    for (document, expected) in [
        (r#"{"password":"hunter2-Xy9\\","b":1}"#, json!({ "password": GONE, "b": 1 })),
        (r#"{"password":"C:\\secret\\","x":1}"#, json!({ "password": GONE, "x": 1 })),
        (r#"{"password":"aB3\"x9Kq","b":2}"#, json!({ "password": GONE, "b": 2 })),
        (r#"[{"password":"Xy9kLm7\\"},{"b":1}]"#, json!([{ "password": GONE }, { "b": 1 }])),
        (
            r#"{"log":"line1\tpostgres://bob:kV9x2Qm7Tz4@db/x","b":1}"#,
            json!({ "log": "line1\t[REDACTED]", "b": 1 }),
        ),
        (r#"{"url":"postgres:\/\/bob:kV9x2Qm7Tz4@db\/x","b":1}"#, json!({ "url": GONE, "b": 1 })),
        (r#"{"dsn":"mysql+pymysql://bob:kV9x2Qm7Tz4@db/x"}"#, json!({ "dsn": GONE })),
    ] {
        for times in 0..3 {
            let once = redacted(&nested(document, times));
            let inner = innermost(&once, times).unwrap_or_else(|error| panic!("{once}: {error}"));
            assert_eq!(inner, expected, "{once}");
        }
    }
}

#[test]
fn depth_and_size_are_no_limits() {
    let deep = format!("{}{{\"password\":1}}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(redacted(&deep).contains(r#"{"password":"[REDACTED]"}"#));
    let many = format!("[{}]", vec![r#"{"pwd":1}"#; 200_000].join(","));
    assert_eq!(redacted(&many).matches(GONE).count(), 200_000);
}

/// Run where a quadratic pass would not come to an end.
#[test]
fn text_made_of_beginnings_comes_to_an_end() {
    for unit in [
        "\"",
        "\\\"",
        "\"\\\"",
        "{\"password\":",
        "{\"a\":",
        "\"password\":\"",
        "\"token\" ",
        "[",
        "{}\n",
        "\"\\u0061\"",
        "\"a1\":1,",
        "1 ",
    ] {
        let text = unit.repeat((2 << 20) / unit.len());
        let _ = Gate::default().redact(text.as_bytes());
    }
    let keys: Vec<String> = (0..100_000).map(|at| format!(r#""key_{at}_passive":1"#)).collect();
    let text = format!("{{{}}}", keys.join(","));
    assert_eq!(redacted(&text), text);
}

/// JSON documents, with keys that are secret among others.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[a-z =:/@.\"\\\\\n-]{0,40}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        "[a-n_]{0,8}",
        Just("password".to_owned()),
        Just("apiKey".to_owned()),
        Just("max_tokens".to_owned())
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Whether `after` is `before` but for strings that were redacted and values of secret keys.
fn same_shape(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|((one, value), (other, redacted))| {
                    let secret = ["password", "apiKey"].contains(&one.as_str());
                    one == other && if secret { redacted == GONE } else { same_shape(value, redacted) }
                })
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len() && before.iter().zip(after).all(|(one, other)| same_shape(one, other))
        }
        (Value::String(before), Value::String(after)) => before == after || after.contains(GONE),
        _ => before == after,
    }
}

/// Made-up tokens of several shapes.
fn token() -> impl Strategy<Value = String> {
    // By chance one in some thousand has a word of documentation in it, such as "your".
    prop_oneof![
        "[A-Za-z0-9]{36}".prop_map(|body| format!("{}{}pQ7x", ["glp", "at-"].concat(), body)),
        "[a-f0-9]{64}".prop_map(|body| format!("{}{}", ["dop_", "v1_"].concat(), body)),
        "[A-Za-z0-9]{52}".prop_map(|body| format!("{}{}", ["gs", "k_"].concat(), body)),
        "[a-z]{3,8}:[a-z]{4}[0-9]{4}[A-Z]{4}@[a-z]{3,9}".prop_map(|rest| format!("postgres://{rest}.net/db")),
    ]
    .prop_filter("a placeholder", |token| !is_placeholder(token.as_bytes()))
}

/// A string of JSON with every character for which `escaped` says so written as an escape.
fn written(text: &str, escaped: &[bool]) -> String {
    let mut out = String::new();
    for (c, escaped) in text.chars().zip(escaped.iter().cycle()) {
        if *escaped {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").unwrap();
            }
        } else {
            out.push_str(if matches!(c, '"' | '\\') { "\\" } else { "" });
            out.push(c);
        }
    }
    out
}

proptest! {
    #[test]
    fn a_redacted_document_has_the_same_shape(document in document(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) }.unwrap();
        let once = redacted(&text);
        let after: Value = serde_json::from_str(&once).unwrap();
        prop_assert!(same_shape(&document, &after), "{} became {}", text, once);
        prop_assert_eq!(redacted(&once), once);
    }

    #[test]
    fn nothing_of_a_planted_secret_is_left(
        token in token(), before in "[a-z \u{e9}\u{1F600}]{0,20} ", after in " [a-z ]{0,20}", escaped in prop::collection::vec(any::<bool>(), 1..60),
    ) {
        let text = written(&format!("{before}{token}{after}"), &escaped);
        let once = redacted(&format!(r#"{{"a":["{text}"],"b":"{text}"}}"#));
        let after: Value = serde_json::from_str(&once).unwrap();
        prop_assert_eq!(&after, &json!({ "a": [after["b"]], "b": after["b"] }));
        prop_assert_eq!(after["b"].as_str().unwrap(), format!("{before}{GONE}{}", text_after(&token, &before, &text)));
        prop_assert_eq!(redacted(&once), once);
    }

    #[test]
    fn redacting_twice_is_redacting_once(text in "[ -~\n]{0,200}", token in token(), pieces in prop::collection::vec(0..6_usize, 0..12)) {
        let parts = ["{\"password\":", "\"", "://a:b8c9d0@", "key=", "-----BEGIN PRIVATE KEY-----", &token];
        let text: String = pieces.iter().map(|at| parts[*at]).chain([text.as_str()]).collect();
        let once = redacted(&text);
        prop_assert_eq!(redacted(&once), once);
    }
}

/// What stands behind the token in the text that was written.
fn text_after(token: &str, before: &str, text: &str) -> String {
    let plain: String = serde_json::from_str(&format!("\"{text}\"")).unwrap();
    plain.get(before.len() + token.len()..).unwrap().to_owned()
}
