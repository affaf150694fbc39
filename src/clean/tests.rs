//! What becomes of messages; single texts are in `tests/vectors/text.json`, names in `tests/results/names.json`.

use super::{About, Cleaner};
use crate::json::any_json;
use crate::policy::{Actions, Limits, Policy, ResultRedaction, Sanitize};
use crate::redact::{NO_LIMITS, SecretKeys};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::borrow::Cow;

const GONE: &str = "[REDACTED]";

/// What cleans as a guarded server does: markup stays.
struct Gate {
    keys: SecretKeys,
    actions: Actions,
    redaction: ResultRedaction,
    sanitize: Sanitize,
    limits: Limits,
}

impl Gate {
    fn of(policy: &str) -> Self {
        let policy = Policy::from_json(policy.as_bytes()).unwrap();
        let keep = crate::policy::Treatment::Keep;
        let sanitize = Sanitize {
            max_chars: u32::MAX,
            code_fences: keep,
            wiki_links: keep,
            remote_images: keep,
            data_links: keep,
        };
        Self {
            keys: SecretKeys::new(&policy.redact).unwrap(),
            actions: policy.compile().unwrap().0,
            redaction: policy.results.redact,
            sanitize,
            limits: NO_LIMITS,
        }
    }

    fn cleaned(&self, message: &str, about: About<'_>) -> (String, Vec<(String, String, u64, u64)>) {
        let Self { keys, actions, redaction, sanitize, limits } = self;
        let cleaner = Cleaner { keys, actions, sanitize: *sanitize, redaction: *redaction, limits };
        let clean = cleaner.clean(message.as_bytes(), about).expect("JSON");
        let findings = clean.verdict.findings();
        let told = findings.iter().map(|found| {
            (found.rule.id().to_owned(), found.pointer.clone(), found.start.unwrap(), found.end.unwrap())
        });
        (String::from_utf8(clean.text.into_owned()).unwrap(), told.collect())
    }
}

fn result(result: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string()
}

fn cleaned(given: &Value) -> Value {
    let (text, _) = Gate::of("{}").cleaned(&result(given), About::default());
    serde_json::from_str::<Value>(&text).unwrap()["result"].clone()
}

fn said(text: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": text }] })
}

fn text_of(given: &str) -> String {
    cleaned(&said(given))["content"][0]["text"].as_str().unwrap().to_owned()
}

#[test]
fn members_of_json_that_is_a_text_are_found_at_any_depth_and_nothing_else_changes() {
    let doc = json!({ "user": "ada", "password": "correct-horse", "nextPageToken": "CiAKGjBpNDd2Nmp2Zml2cXRwYjBpOXA" });
    let once = doc.to_string();
    let twice = json!({ "outer": once }).to_string();
    let thrice = json!([{ "inner": twice }]).to_string();
    let pretty = serde_json::to_string_pretty(&doc).unwrap();
    let escaped = once.replace('"', "\\u0022");
    for given in [
        once.clone(),
        twice,
        thrice,
        pretty.clone(),
        format!("Here it is:\n```json\n{pretty}\n```\nand 5\" more"),
        format!("one \" stray {once}"),
        format!("{once}\n{once}\n"),
        format!("{{\"rows\":[{once},{once}]}}"),
        format!("{{\"doc\":\"{escaped}\"}}"),
        r#"{"a":1,"password" : "correct-horse"}"#.to_owned(),
        r#"{"password":["correct-horse","x9-k2m4"]}"#.to_owned(),
        r#"{"password":"correct-horse","cut":"of"#.to_owned(),
        "\"password\": \"correct-horse\",".to_owned(),
    ] {
        let expected = given.replace("correct-horse", GONE).replace("x9-k2m4", GONE);
        assert_eq!(text_of(&given), expected, "{given}");
        assert_eq!(text_of(&expected), expected, "{given}");
    }
}

#[test]
fn private_keys_go_however_their_lines_are_joined() {
    let lines = [
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
        "VJTUt9Us8cKjMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDu",
        "ictGeurT8jNbvJZHtCSuYEvu==",
    ];
    let [begin, end] = ["BEGIN", "END"].map(|what| format!("-----{what} PRIVATE KEY-----"));
    let all = |joint: &str| [&begin, lines[0], lines[1], lines[2], &end].join(joint);
    for joint in [
        "\n",
        "\r\n",
        "\n> ",
        "\n+ ",
        "\n# ",
        "<br>",
        "<br/>\n",
        "%0A",
        "\\n",
        "\n   12\t",
        " | ",
        "\",\n\"",
        "&#10;",
        " ",
    ] {
        let text = format!("key: {} and more", all(joint));
        assert_eq!(text_of(&text), format!("key: {GONE} and more"), "{joint:?}");
    }
    let cut = format!("{begin}\n{}\n{}", lines[0], lines[1]);
    assert_eq!(text_of(&format!("a {cut}")), format!("a {GONE}"));
    assert_eq!(text_of(&format!("a {cut}\n\nThis is all.")), format!("a {GONE}\n\nThis is all."));
    let array = json!({ "lines": [begin, lines[0], lines[1], lines[2], end, "behind it"] });
    let after = json!({ "lines": [begin, GONE, GONE, GONE, GONE, "behind it"] });
    assert_eq!(cleaned(&array), after);
}

#[test]
fn tokens_behind_signs_and_passwords_with_slashes_go() {
    let token = ["glpat", "-pPx7DYlpBmVdWbXJhABH"].concat();
    for before in ["MY_", "my-", "a_b-", "="] {
        assert_eq!(text_of(&format!("{before}{token} x")), format!("{before}{GONE} x"));
    }
    for address in [
        "postgres://u:pa/ss9X@db.example.net/x",
        "mysql://u:p@s/s9X?1@db.internal:3306/x",
        "redis://:p#a/9X@h.net",
        "postgres://u:p@/s9X@db.internal/x?y=a@b",
        "redis://:w@x?s9X@h.net/0",
        "mysql://u:p@s9X/?q@db.internal/x",
    ] {
        assert_eq!(text_of(&format!("at {address} now")), format!("at {GONE} now"), "{address}");
    }
    for address in [
        "postgres://localhost:5432/db?user=a@b",
        "https://example.org:8080/a@b",
        "redis://h.net/0",
        "postgres://postgres:postgres@localhost/db?user=a@b",
        "amqp://guest:guest@localhost:5672/,a@b",
        "redis://h.net/a:b9X@c",
    ] {
        assert_eq!(text_of(address), address);
    }
}

#[test]
fn the_twin_of_structured_content_loses_what_that_loses() {
    let given =
        json!({ "accessToken": "q8Zr2LmXv0TbNc5YwKd7q8Zr", "cursor": "abc", "n": 9_007_199_254_740_993_u64 });
    let both =
        json!({ "content": [{ "type": "text", "text": given.to_string() }], "structuredContent": given });
    let after = cleaned(&both);
    assert_eq!(after["structuredContent"]["accessToken"], GONE);
    let twin: Value = serde_json::from_str(after["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(twin, after["structuredContent"]);
}

#[test]
fn what_is_no_text_stays_whatever_its_name() {
    let given = json!({ "structuredContent": {
        "password": true, "sessionId": 3, "token": null, "secret": { "name": "db" }, "apiKey": [1, 2],
        "auth": "none", "csrf": "9f86d081884c7d659a2feaa0c55ad015", "nested": [{ "pin": 1234, "otp": 123_456 }],
    } });
    assert_eq!(cleaned(&given), given);
}

#[test]
fn places_and_ranges_are_those_of_the_message() {
    let message = r#"{ "jsonrpc":"2.0", "id":1, "result": {"content":[{"type":"text","text":"{\"password\":\"correct-horse\"} \u0061"}]} }"#;
    let (text, told) = Gate::of("{}").cleaned(message, About::default());
    assert_eq!(text, message.replace("correct-horse", GONE));
    let start = message.find("correct").unwrap() as u64;
    assert_eq!(told, [("secret.named".to_owned(), "/result/content/0/text".to_owned(), start, start + 13)]);
}

#[test]
fn members_that_are_handed_back_are_not_looked_at() {
    let secret = "q8Zr2LmXv0TbNc5YwKd7q8Zr";
    let given = json!({ "nextCursor": { "password": secret }, "_meta": { "password": secret }, "a": { "password": secret } });
    let after = cleaned(&given);
    assert_eq!(after["nextCursor"], given["nextCursor"]);
    assert_eq!(after["_meta"], given["_meta"]);
    assert_eq!(after["a"]["password"], GONE);
}

#[test]
fn bytes_in_base64_stay() {
    let key = ["AKIA2E0A8F3B", "244C9986"].concat();
    for (item, stays) in [
        (json!({ "data": key, "type": "image" }), true),
        (json!({ "type": "audio", "data": key }), true),
        (json!({ "uri": "a:b", "blob": key }), true),
        (json!({ "type": "text", "data": key }), false),
        (json!({ "type": "image", "data": format!("is {key}!") }), false),
    ] {
        let given = json!({ "contents": [item] });
        assert_eq!(cleaned(&given) == given, stays, "{given}");
    }
}

#[test]
fn an_observing_policy_changes_nothing_and_tells_the_same() {
    let message = result(&said("a\u{200B}b \u{1B}[31mred {\"password\":\"correct-horse\"}"));
    let (text, told) = Gate::of("{}").cleaned(&message, About::default());
    let (same, also) = Gate::of(r#"{"mode":"observe"}"#).cleaned(&message, About::default());
    assert_ne!(text, message);
    assert_eq!((same, also), (message, told.clone()));
    let rules: Vec<_> = told.iter().map(|(rule, ..)| rule.as_str()).collect();
    assert_eq!(rules, ["text.invisible", "text.control", "secret.named"]);
}

#[test]
fn redaction_is_what_the_policy_says() {
    let given = json!({ "structuredContent": { "password": true, "token": "the", "secret": "q8Zr2LmXv0TbNc5YwKd7q8Zr" } });
    for (policy, expected) in [
        (r#"{"results":{"redact":"names"}}"#, json!({ "password": GONE, "token": GONE, "secret": GONE })),
        (r#"{"results":{"redact":"off"}}"#, given["structuredContent"].clone()),
        (r#"{"rules":{"secret.*":"off"}}"#, given["structuredContent"].clone()),
        (r#"{"redact":{"keys":["token"]}}"#, json!({ "password": true, "token": GONE, "secret": GONE })),
        (
            r#"{"redact":{"notKeys":["secret"]}}"#,
            json!({ "password": true, "token": "the", "secret": "q8Zr2LmXv0TbNc5YwKd7q8Zr" }),
        ),
    ] {
        let (text, told) = Gate::of(policy).cleaned(&result(&given), About::default());
        let after: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(after["result"]["structuredContent"], expected, "{policy}");
        // What is not taken out is told all the same.
        assert_eq!(
            told.is_empty(),
            policy.contains("secret.*") || policy.contains("notKeys"),
            "{policy}: {told:?}"
        );
    }
}

#[test]
fn texts_of_errors_are_cut_when_their_secrets_are_gone() {
    let key = ["AKIA2E0A8F3B", "244C9986"].concat();
    let message = result(&said(&format!("{} {key} tail", "a ".repeat(4))));
    let about = About { most: Some(20), ..About::default() };
    let (text, _) = Gate::of("{}").cleaned(&message, about);
    assert!(text.contains("a a a a  [REDACTED] ..."), "{text}");
}

#[test]
fn notifications_are_read_and_requests_are_not() {
    let params = json!({ "progressToken": "q8Zr2LmXv0TbNc5YwKd7q8Zr", "message": "a\u{200B}b" });
    let message =
        json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": params }).to_string();
    let tells = About { tells: true, ..About::default() };
    assert_eq!(Gate::of("{}").cleaned(&message, tells).0, message.replace('\u{200B}', ""));
    assert_eq!(Gate::of("{}").cleaned(&message, About::default()).0, message);
}

#[test]
fn halves_of_pairs_become_replacement_characters() {
    let message = r#"{"jsonrpc":"2.0","id":1,"result":{"a":"x\ud800y","b":"\ud83d\ude00"}}"#;
    let (text, _) = Gate::of("{}").cleaned(message, About::default());
    assert_eq!(text, message.replace("x\\ud800y", "x\u{FFFD}y"));
}

#[test]
fn a_schema_holds_afterwards() {
    let secret = "q8Zr2LmXv0TbNc5YwKd7q8Zr";
    for (schema, expected) in [
        (json!({ "type": "string" }), GONE),
        // What did not match before is not made to.
        (json!({ "maxLength": 9 }), GONE),
        (json!({ "minLength": 24 }), "x0Xx0XxXx0XaXa0XxXa0x0Xx"),
        (json!({ "pattern": "^[A-Za-z0-9]{24}$" }), "x0Xx0XxXx0XaXa0XxXa0x0Xx"),
        (json!({ "pattern": "^q8Zr.{20}$" }), "q8Zr2LmXx0XaXa0XxXa0x0Xx"),
        (json!({ "enum": [secret] }), secret),
        (json!({ "const": secret }), secret),
        (json!({ "format": "uri" }), "x0Xx0XxXx0XaXa0XxXa0x0Xx"),
    ] {
        let schema = json!({ "type": "object", "properties": { "apiKey": schema } }).to_string();
        let message =
            result(&json!({ "content": [], "structuredContent": { "apiKey": secret, "a": 1e300 } }));
        let about = About { schema: Some(&schema), ..About::default() };
        let (text, told) = Gate::of("{}").cleaned(&message, about);
        assert_eq!(text, message.replace(secret, expected), "{schema}");
        assert_eq!(told.len(), 1, "{schema}");
    }
}

/// Whether nothing but strings differ.
fn same_but_strings(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            before.len() == after.len()
                && before.values().zip(after.values()).all(|(a, b)| same_but_strings(a, b))
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len() && before.iter().zip(after).all(|(a, b)| same_but_strings(a, b))
        }
        (Value::String(_), Value::String(_)) => true,
        _ => before == after,
    }
}

#[test]
fn members_are_found_in_odd_quotes() {
    for (text, expected) in [
        (r#"{\"password\": \"Kf9-Lq2vX7p\"}"#, r#"{\"password\": \"[REDACTED]\"}"#),
        (
            r#"got {\"password\":\"Kf9-Lq2vX7p\",\"n\":1} back"#,
            r#"got {\"password\":\"[REDACTED]\",\"n\":1} back"#,
        ),
        (r#"{\\\"password\\\":\\\"Kf9-Lq2vX7p\\\"}"#, r#"{\\\"password\\\":\\\"[REDACTED]\\\"}"#),
        (r#"curl -d "{\"password\":\"Kf9-Lq2vX7p\"}""#, r#"curl -d "{\"password\":\"[REDACTED]\"}""#),
        (r"\u0022password\u0022:\u0022Kf9-Lq2vX7p\u0022", r"\u0022password\u0022:\u0022[REDACTED]\u0022"),
        (r#"{"a":"b\", "password":"Kf9-Lq2vX7p"}"#, r#"{"a":"b\", "password":"[REDACTED]"}"#),
        (r#"{"password\":"Kf9-Lq2vX7p"}"#, r#"{"password\":"[REDACTED]"}"#),
        (r#"{\"password":"Kf9-Lq2vX7p"}"#, r#"{\"password":"[REDACTED]"}"#),
        (r#"{"password":\"Kf9-Lq2vX7p\"}"#, r#"{"password":\"[REDACTED]\"}"#),
        (r#"{"n":1,"password":"Kf9-Lq2vX7p"#, r#"{"n":1,"password":"[REDACTED]"#),
        (
            r#"[{\"name\":\"DB_PASSWORD\",\"value\":\"Kf9-Lq2vX7p\"}]"#,
            r#"[{\"name\":\"DB_PASSWORD\",\"value\":\"[REDACTED]\"}]"#,
        ),
    ] {
        assert_eq!(text_of(text), expected, "{text}");
    }
    for text in [
        r#"{\"password\": \"required\"}"#,
        r#"{\"password\": 12345678}"#,
        r#"\"password\": "#,
        r#""password":""#,
        r#""password":"\"#,
        r#"{"password": Kf9-Lq2vX7p}"#,
        r#"[{\"name\":\"DB_PASSWORD\"},{\"value\":\"Kf9-Lq2vX7p\"}]"#,
    ] {
        assert_eq!(text_of(text), text);
    }
}

/// Whether a text is another one of which parts were redacted.
fn is_redacted_from(after: &str, before: &str) -> bool {
    let mut from = 0;
    after.split(GONE).all(|part| {
        let found = before.get(from..).and_then(|rest| rest.find(part));
        from += found.unwrap_or(0) + part.len();
        found.is_some()
    })
}

proptest! {
    #[test]
    fn nothing_but_strings_changes_and_once_is_enough(value in any_json(), name in "[a-z]{0,4}|password|apiKey|token|secret") {
        let given = json!({ "content": [{ "type": "text", "text": value.to_string() }], "structuredContent": { name: value } });
        let after = cleaned(&given);
        prop_assert!(same_but_strings(&given, &after), "{} became {}", given, after);
        prop_assert_eq!(&cleaned(&after), &after);
    }

    #[test]
    fn of_any_text_only_parts_go(pieces in prop::collection::vec(0..24_usize, 0..24)) {
        let line = "A1b2".repeat(16);
        let parts = [
            "\\", "\"", "\\\"", "\\\\", "\\u0022", "password", "name", "value", "DB_PASSWORD", ":", ",", "{", "}", "[", " ", "\n",
            "\u{e9}", "\u{2192}", "Kf9-Lq2vX7p", "password=", "Server=db;", "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----", &line,
        ];
        let text: String = pieces.iter().map(|at| parts[*at]).collect();
        let after = text_of(&text);
        prop_assert!(is_redacted_from(&after, &text), "{} became {}", text, after);
    }

    #[test]
    fn a_planted_password_goes_at_every_depth_and_leaves_the_rest(
        password in "[a-z]{3}[0-9]{3}[A-Z!#]{4}", depth in 0..4_usize, before in "\\PC{0,20}", number in any::<i64>(),
    ) {
        let shows = |c: &char| c.is_alphanumeric() && crate::text::visible(&c.to_string()).is_none();
        let before: String = before.chars().filter(shows).collect();
        let mut text = json!({ "note": before, "password": password, "n": number }).to_string();
        for _ in 1..depth {
            text = json!({ "text": text }).to_string();
        }
        prop_assert_eq!(text_of(&text), text.replace(&password, GONE));
    }
}

#[test]
fn a_message_without_anything_is_borrowed() {
    let gate = Gate::of("{}");
    let message = result(&said("nothing"));
    let Gate { keys, actions, redaction, sanitize, limits } = &gate;
    let cleaner = Cleaner { keys, actions, sanitize: *sanitize, redaction: *redaction, limits };
    let clean = cleaner.clean(message.as_bytes(), About::default()).unwrap();
    assert!(matches!(clean.text, Cow::Borrowed(_)) && clean.verdict.findings().is_empty());
    assert!(cleaner.clean(b"{", About::default()).is_none());
}
