use super::{MessageReader, MessageVerdict};
use crate::Gate;
use proptest::prelude::*;

/// The verdicts on a stream that is cut after these many bytes, in turn.
fn read(gate: &Gate, stream: &[u8], sizes: &[usize]) -> Vec<MessageVerdict> {
    let (mut reader, mut found) = (MessageReader::default(), Vec::new());
    let mut rest = stream;
    for size in sizes.iter().cycle() {
        let (chunk, behind) = rest.split_at((*size).min(rest.len()));
        reader.read(gate, chunk, |message| found.push(message.verdict()));
        rest = behind;
        if rest.is_empty() {
            break;
        }
    }
    found
}

#[test]
fn what_asks_and_what_tells_its_protocol_is_known() {
    let gate = Gate::default();
    for (message, modern, asks) in [
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, false, false),
        (r#"{"jsonrpc":"2.0","id":1,"result":{"content":[{"inputRequests":1}]}}"#, false, false),
        (r#"{"jsonrpc":"2.0","id":1,"result":{"inputRequests":{}}}"#, false, true),
        (r#"{"jsonrpc":"2.0","id":1,"result":{"input\u0052equests":[]}}"#, false, true),
        (r#"{"result":{"a":{},"inputRequests":{},"b":[{}]},"jsonrpc":"2.0","id":1}"#, false, true),
        (r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32042,"message":"x"}}"#, false, true),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#,
            true,
            false,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}"#,
            false,
            false,
        ),
    ] {
        let judged = gate.judge().message(message.as_bytes());
        assert_eq!((judged.modern, judged.asks), (modern, asks), "{message}");
    }
}

fn line() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        r#""id":1"#,
        r#""id":"a""#,
        r#""method":"tools/call""#,
        r#""jsonrpc":"2.0""#,
        r#""params":{"name":"t","arguments":{"a":[1,2]}}"#,
        r#""params":{"arguments":{"id":2},"name":"t"}"#,
        r#""result":{"x":"naïve \" \\ "}"#,
        r#""error":{}"#,
        "{",
        "[",
        "\"",
        "\\",
        "\r",
        "é",
        " ",
    ]);
    let pieces = prop::collection::vec(piece, 0..7);
    pieces.prop_map(|pieces| format!("{{{}}}", pieces.join(",")))
}

#[test]
fn answers_may_be_longer_than_other_messages() {
    let policy =
        br#"{ "limits": { "messageBytes": 100 }, "results": { "limits": { "messageBytes": 200 } } }"#;
    let gate = Gate::from_json(policy).unwrap();
    let fill = |length: usize, message: &str| message.replace('*', &"x".repeat(length + 1 - message.len()));
    for (message, length, member) in [
        (r#"{"jsonrpc":"2.0","id":1,"result":{"a":"*"}}"#, 200, None),
        (r#"{"jsonrpc":"2.0","id":1,"result":{"a":"*"}}"#, 201, Some("results.limits.messageBytes")),
        (r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"*"}}"#, 200, None),
        (r#"{"result":{"a":"*"},"jsonrpc":"2.0","id":1}"#, 200, None),
        (r#"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":"*"}}"#, 100, None),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":"*"}}"#,
            101,
            Some("; policy: limits.messageBytes"),
        ),
        (
            r#"{"jsonrpc":"2.0","method":"m","params":{"result":"*"}}"#,
            101,
            Some("; policy: limits.messageBytes"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"result":{"a":"*"},"method":"m"}"#,
            150,
            Some("; policy: limits.messageBytes"),
        ),
    ] {
        let message = fill(length, message);
        assert_eq!(message.len(), length);
        for size in [1, 7, 64, 300] {
            let found = read(&gate, format!("{message}\n").as_bytes(), &[size]);
            let denied = found[0].findings().iter().find(|finding| finding.rule == crate::Rule::LimitBytes);
            let said = denied.map(|finding| finding.message.as_str());
            assert_eq!(said.is_some(), member.is_some(), "{message} in pieces of {size}: {said:?}");
            assert!(said.is_none_or(|said| said.contains(member.unwrap())), "{said:?}");
        }
        let alone = gate.audit_message(message.as_bytes());
        let named = alone.findings().iter().any(|finding| finding.rule == crate::Rule::LimitBytes);
        assert_eq!(named, member.is_some(), "{message}");
    }
}

proptest! {
    #![proptest_config(crate::testing::properties(256))]

    #[test]
    fn a_stream_is_read_the_same_however_it_is_cut(
        lines in prop::collection::vec(prop_oneof![line(), ".{0,80}"], 0..8),
        ends in prop::sample::select(vec!["\n", "\r\n", "\n\n"]),
        sizes in prop::collection::vec(1_usize..90, 1..6),
    ) {
        let policy = br#"{ "limits": { "messageBytes": 30 }, "results": { "limits": { "messageBytes": 60 } } }"#;
        let gate = Gate::from_json(policy).unwrap();
        let stream: String = lines.iter().flat_map(|line| [line, ends]).collect();
        let whole = read(&gate, stream.as_bytes(), &[stream.len() + 1]);
        prop_assert_eq!(read(&gate, stream.as_bytes(), &sizes), whole);
    }

    #[test]
    fn what_is_read_in_a_stream_is_what_is_judged_alone(line in line()) {
        let gate = Gate::default();
        if !line.contains(['\n', '\r']) {
            let found = read(&gate, format!("{line}\n").as_bytes(), &[9]);
            prop_assert_eq!(found, [gate.audit_message(line.as_bytes())]);
        }
    }
}
