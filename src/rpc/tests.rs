use super::{MessageReader, MessageVerdict, one_line};
use crate::{Action, Gate};
use proptest::prelude::*;

/// A verdict, and the line that is passed on, with its end.
type Read = (MessageVerdict, Option<Vec<u8>>);

/// What is read in a stream that is cut after these many bytes, in turn.
fn read(gate: &Gate, stream: &[u8], sizes: &[usize]) -> Vec<Read> {
    let (mut reader, mut found) = (MessageReader::default(), Vec::new());
    let mut rest = stream;
    for size in sizes.iter().cycle() {
        let (chunk, behind) = rest.split_at((*size).min(rest.len()));
        reader.read(gate, chunk, |message| {
            if let (Some(range), Some(bytes)) = (message.range(), message.bytes()) {
                assert_eq!(&chunk[range], bytes, "it lies where it is said to");
            }
            let line = message.bytes().map(|bytes| [bytes, message.end()].concat());
            found.push((message.verdict(), line));
        });
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
        "\u{2028}",
        "\"\u{85}\"",
        r#""params":null"#,
        r#""error":null"#,
        r#""result":{"x":"\ud83d"}"#,
        r#""id":9007199254740993"#,
    ]);
    let pieces = prop::collection::vec(piece, 0..7);
    (prop::sample::select(vec!["", "", "\u{FEFF}", "\r"]), pieces)
        .prop_map(|(before, pieces)| format!("{before}{{{}}}", pieces.join(",")))
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
        (r#"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":"*"}}"#, 101, Some("limits.messageBytes")),
        (r#"{"jsonrpc":"2.0","method":"m","params":{"result":"*"}}"#, 101, Some("limits.messageBytes")),
        (r#"{"jsonrpc":"2.0","id":1,"result":{"a":"*"},"method":"m"}"#, 150, Some("limits.messageBytes")),
    ] {
        let message = fill(length, message);
        assert_eq!(message.len(), length);
        for size in [1, 7, 64, 300] {
            let found = read(&gate, format!("{message}\n").as_bytes(), &[size]);
            let denied = found[0].0.findings().iter().find(|finding| finding.rule == crate::Rule::LimitBytes);
            let said = denied.and_then(|finding| finding.member.as_deref());
            assert_eq!(said, member, "{message} in pieces of {size}");
        }
        let alone = gate.audit_message(message.as_bytes());
        let named = alone.findings().iter().any(|finding| finding.rule == crate::Rule::LimitBytes);
        assert_eq!(named, member.is_some(), "{message}");
    }
}

/// A policy that only observes changes nothing: a line that is too long is told of, and passed on.
#[test]
fn a_long_line_passes_where_the_policy_only_observes() {
    let limits = r#""limits": { "messageBytes": 100 }, "results": { "limits": { "messageBytes": 200 } }"#;
    let filled = |before: &str| format!("{before}{}\"}}}}", "x".repeat(300));
    let request = filled(r#"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":""#);
    let answer = filled(r#"{"jsonrpc":"2.0","id":2,"result":{"a":""#);
    let broken = format!("{}{{", filled(r#"{"id":3,"result":{"a":""#));
    let short = r#"{"jsonrpc":"2.0","id":4,"method":"m"}"#;
    let returned = format!("{request}\r");
    let lines = [short, &request, &answer, &broken, &returned, "", short];
    let stream = lines.map(|line| format!("{line}\n")).concat();
    let has = |found: &MessageVerdict, action: Action| {
        let too_long = |one: &crate::Finding| one.rule == crate::Rule::LimitBytes && one.action == action;
        found.findings().iter().any(too_long)
    };
    for (member, told, passes) in [
        (r#""mode": "observe""#, Some(Action::Flag), true),
        (r#""mode": "observe", "rules": { "limit.bytes": "off" }"#, None, true),
        (r#""mode": "enforce""#, Some(Action::Deny), false),
        (r#""rules": { "limit.bytes": "flag" }"#, Some(Action::Deny), false),
        (r#""tools": { "*": { "mode": "observe" } }"#, Some(Action::Deny), false),
    ] {
        let gate = Gate::from_json(format!("{{ {member}, {limits} }}").as_bytes()).unwrap();
        for size in [1, 7, 64, stream.len()] {
            let found = read(&gate, stream.as_bytes(), &[size]);
            assert_eq!(found.len(), 6, "{member}");
            for (verdict, line) in &found {
                let is_short = line.as_ref().is_some_and(|line| line.len() < 100);
                assert_eq!(is_short, verdict.id() == Some(&super::MessageId::Number(4)), "{member}");
                let known = [Action::Flag, Action::Deny].into_iter().find(|action| has(verdict, *action));
                assert_eq!(known, told.filter(|_| !is_short), "{member}");
                assert_eq!(line.is_some(), is_short || passes, "{member}");
            }
            if passes {
                let passed: Vec<u8> = found.iter().flat_map(|(_, line)| line.clone().unwrap()).collect();
                let expected = stream.replacen("\n\n", "\n", 1);
                assert_eq!(String::from_utf8_lossy(&passed), expected, "{member} in pieces of {size}");
            }
        }
    }
}

/// Memory is bounded there too: what is longer than that is refused, and nothing says that it passes.
#[test]
fn a_line_too_long_to_be_held_is_refused_whoever_observes() {
    let gate = Gate::from_json(br#"{ "mode": "observe" }"#).unwrap();
    let (mut reader, mut found) = (MessageReader::default(), Vec::new());
    let mut take = |reader: &mut MessageReader, bytes: &[u8]| {
        reader.read(&gate, bytes, |message| found.push((message.bytes().is_some(), message.verdict())));
    };
    take(&mut reader, br#"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":""#);
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..65 {
        take(&mut reader, &piece);
    }
    take(&mut reader, b"\"}}\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"m\"}\n");
    let [(false, long), (true, short)] = found.as_slice() else { panic!("{}", found.len()) };
    assert_eq!((long.action(), short.action()), (Action::Deny, Action::Allow));
    assert_eq!(long.id(), Some(&super::MessageId::Number(1)));
    let message = &long.findings()[0].message;
    assert!(message.contains("too many to be passed on") && !message.contains("not refused"), "{message}");
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
            let text = line.strip_prefix('\u{FEFF}').unwrap_or(&line);
            let alone = gate.audit_message(text.as_bytes());
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(found[0].0.kind(), alone.kind());
            if text == line {
                prop_assert_eq!(&found[0].0, &alone);
            }
        }
    }

    #[test]
    fn what_is_passed_on_is_the_same_bytes_but_for_what_is_mended(
        lines in prop::collection::vec(line(), 1..6),
        ends in prop::sample::select(vec!["\n", "\r\n"]),
        observes in any::<bool>(),
    ) {
        let policy = if observes { r#"{ "mode": "observe" }"# } else { "{}" };
        let gate = Gate::from_json(policy.as_bytes()).unwrap();
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.ends_with('\r')).collect();
        let stream: String = lines.iter().flat_map(|line| [line, ends]).collect();
        let found = read(&gate, stream.as_bytes(), &[stream.len()]);
        prop_assert_eq!(found.len(), lines.len());
        for ((verdict, passed), line) in found.iter().zip(&lines) {
            let passed = passed.as_deref().unwrap();
            let text = passed.strip_suffix(ends.as_bytes()).unwrap();
            if verdict.action() == Action::Deny {
                continue;
            }
            prop_assert!(matches!(one_line(text), std::borrow::Cow::Borrowed(_)));
            let mended = ["null", r"\ud83d", "\u{FEFF}"].iter().any(|spot| line.contains(spot));
            if observes || !mended {
                prop_assert_eq!(text, &*one_line(line.as_bytes()));
            } else {
                let alone = gate.audit_message(text);
                prop_assert_eq!((alone.action() == Action::Deny, alone.kind()), (false, verdict.kind()));
                prop_assert_eq!(alone.id(), verdict.id());
            }
        }
    }
}
