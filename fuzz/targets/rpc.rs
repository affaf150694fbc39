//! The audit of messages never panics, a stream of them is read the same however it is cut, and what is let through is
//! one line, which a JSON parser reads the same and which would be let through again.
#![no_main]

use callgate::{Action, Gate, MessageId, MessageKind, MessageReader, MessageVerdict, Rule, one_line};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::sync::LazyLock;

static GATE: LazyLock<Gate> = LazyLock::new(|| {
    Gate::from_json(
        br#"{ "limits": { "messageBytes": 256, "depth": 8 }, "access": { "tools": { "deny": ["d*"] } },
              "resources": { "templates": ["db://{t:identifier(a|b)}/{id}", "file:///{p:path}"] },
              "tools": { "t": { "limits": { "depth": 3 }, "arguments": { "/p": { "kind": "path" } },
                                "schema": { "type": "object", "required": ["a"] } } } }"#,
    )
    .unwrap()
});

fn read(data: &[u8], size: usize) -> Vec<(MessageVerdict, Option<Vec<u8>>)> {
    let (mut reader, mut found) = (MessageReader::default(), Vec::new());
    for chunk in data.chunks(size) {
        reader.read(&GATE, chunk, |message| {
            let line = message.bytes().map(<[u8]>::to_vec);
            found.push((message.verdict(), line));
        });
    }
    found
}

fn check(data: &[u8]) {
    let verdict = GATE.audit_message(data);
    assert!(verdict.findings().len() <= 32);
    // Half a surrogate pair in an answer is mended in a stream only.
    let is_half = |finding: &callgate::Finding| finding.rule == Rule::JsonSurrogate;
    if verdict.action() == Action::Deny || verdict.findings().iter().any(is_half) {
        return;
    }
    let Ok(value) = serde_json::from_slice::<Value>(data) else {
        // A number beyond all in an answer is told and passes. serde_json has none.
        let is_beyond = |finding: &callgate::Finding| finding.rule == Rule::JsonNumberRange;
        assert!(verdict.findings().iter().any(is_beyond), "what is let through is JSON");
        return;
    };
    assert_ne!(verdict.kind(), MessageKind::Invalid);
    assert_eq!(value["jsonrpc"], "2.0");
    assert_eq!(value.get("method").and_then(Value::as_str), verdict.method());
    match verdict.id() {
        Some(MessageId::Number(number)) => assert_eq!(value["id"], *number),
        Some(MessageId::Text(text)) => assert_eq!(value["id"], **text),
        Some(MessageId::Written(number)) => assert_eq!(value["id"].as_f64(), number.parse().ok()),
        None => assert!(value["id"].is_null()),
    }
    if verdict.method() == Some("tools/call") {
        assert_eq!(value["params"]["name"].as_str(), verdict.tool());
    }
}

fuzz_target!(|data: &[u8]| {
    check(data);
    let whole = read(data, data.len() + 1);
    for (verdict, line) in &whole {
        if let (Some(line), true) = (line, verdict.action() != Action::Deny) {
            assert_eq!(*one_line(line), **line);
            check(line);
            // It may have grown.
            let mut refuses = GATE.audit_message(line).findings().to_vec();
            refuses.retain(|finding| finding.action == Action::Deny);
            assert!(refuses.iter().all(|finding| finding.rule.id().starts_with("limit.")));
        }
    }
    for size in [1, 3, 17] {
        assert_eq!(read(data, size), whole);
    }
});
