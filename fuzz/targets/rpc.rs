//! The audit of messages never panics, a stream of them is judged the same however it is cut, and what is let through
//! as a request is one that a JSON parser reads the same.
#![no_main]

use callgate::{Action, Gate, MessageId, MessageKind, MessageReader, MessageVerdict};
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

fn read(data: &[u8], size: usize) -> Vec<MessageVerdict> {
    let (mut reader, mut found) = (MessageReader::default(), Vec::new());
    for chunk in data.chunks(size) {
        reader.read(&GATE, chunk, |message| found.push(message.verdict()));
    }
    found
}

fn check(data: &[u8]) {
    let verdict = GATE.audit_message(data);
    assert!(verdict.findings().len() <= 32);
    if verdict.action() == Action::Deny {
        return;
    }
    let value: Value = serde_json::from_slice(data).expect("what is let through is JSON");
    assert_ne!(verdict.kind(), MessageKind::Invalid);
    assert_eq!(value["jsonrpc"], "2.0");
    assert_eq!(value.get("method").and_then(Value::as_str), verdict.method());
    match verdict.id() {
        Some(MessageId::Number(number)) => assert_eq!(value["id"], *number),
        Some(MessageId::Text(text)) => assert_eq!(value["id"], **text),
        None => assert!(value["id"].is_null()),
    }
    if verdict.method() == Some("tools/call") {
        assert_eq!(value["params"]["name"].as_str(), verdict.tool());
    }
}

fuzz_target!(|data: &[u8]| {
    check(data);
    let whole = read(data, data.len() + 1);
    for size in [1, 3, 17] {
        assert_eq!(read(data, size), whole);
    }
});
