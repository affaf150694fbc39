//! The content of a string of any kind is judged without a panic, twice the same, in places inside the text and on
//! its characters, and the same however the string is written: the escapes of JSON change no finding.
#![no_main]

use callgate::{Action, Gate, Rule, Verdict};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const KINDS: [&str; 10] =
    ["auto", "text", "code", "identifier", "word", "sql", "url", "host", "command", "ref"];

static GATES: LazyLock<Vec<Gate>> = LazyLock::new(|| {
    let gate = |kind| {
        // No limit of structure stops a finding of content.
        let policy = format!(
            r#"{{ "rules": {{ "json.surrogate": "off" }}, "tools": {{ "t": {{ "arguments": {{ "": {{ "kind": "{kind}" }} }} }} }} }}"#
        );
        Gate::from_json(policy.as_bytes()).unwrap()
    };
    KINDS.iter().map(gate).collect()
});

/// What was found, without the places.
fn rules(verdict: &Verdict) -> Vec<Rule> {
    let mut rules: Vec<Rule> = verdict.findings().iter().map(|finding| finding.rule).collect();
    rules.sort();
    rules
}

/// Every character of the text but the quotes around it as an escape.
fn escaped(text: &str) -> String {
    let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    format!("\"{units}\"")
}

/// The places of findings lie inside the string and cut no character.
fn check(verdict: &Verdict, json: &str) {
    for finding in verdict.findings() {
        assert!(finding.message.contains(finding.rule.id()));
        let (start, end) = (finding.start.unwrap() as usize, finding.end.unwrap() as usize);
        // Of an empty string nothing can be named.
        let nothing = json == "\"\"";
        assert!(json.get(start..end).is_some_and(|part| nothing || !part.is_empty()), "{finding:?} in {json}");
    }
}

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let kind = usize::from(choice) % KINDS.len();
    let gate = &GATES[kind];
    let plain = serde_json::to_string(text).unwrap();
    let verdict = gate.audit("t", plain.as_bytes());
    check(&verdict, &plain);
    assert_eq!(gate.audit("t", plain.as_bytes()), verdict, "another answer the second time");
    // The whole text is judged, and nothing may be denied where the kind is not told.
    assert!(kind > 2 || verdict.action() != Action::Deny, "{verdict:?}");
    if verdict.findings().iter().all(|finding| finding.rule != Rule::LimitWork)
        && verdict.findings().len() < 32
    {
        let escaped = escaped(text);
        let other = gate.audit("t", escaped.as_bytes());
        check(&other, &escaped);
        assert_eq!(rules(&other), rules(&verdict), "{text:?} as {}", KINDS[kind]);
    }
});
