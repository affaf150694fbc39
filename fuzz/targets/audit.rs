//! An audit never panics, refuses what serde_json refuses as JSON, accepts what it accepts, and its findings keep
//! what the documentation of `Verdict` and `Finding` promises.
#![no_main]

use callgate::{Action, Gate, Policy, Rule, Verdict};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use std::sync::LazyLock;

static DEFAULT: LazyLock<Gate> = LazyLock::new(Gate::default);

/// No limit stops these audits, so that the whole document is read.
static WIDE: LazyLock<Gate> = LazyLock::new(|| {
    let mut policy = Policy::default();
    let limits = &mut policy.limits;
    for limit in [&mut limits.depth, &mut limits.elements, &mut limits.key_bytes, &mut limits.nodes, &mut limits.number_chars] {
        *limit = u32::MAX;
    }
    Gate::new(policy).unwrap()
});

/// Every limit is met often, and an argument is a path.
static NARROW: LazyLock<Gate> = LazyLock::new(|| {
    Gate::from_json(
        br#"{ "limits": { "messageBytes": 512, "depth": 3, "elements": 4, "stringBytes": 8, "keyBytes": 4, "nodes": 12,
                          "numberChars": 5 },
              "tools": { "t": { "arguments": { "/p": { "kind": "path" }, "/*/q": { "kind": "opaque" } } } } }"#,
    )
    .unwrap()
});

fn check(verdict: &Verdict, data: &[u8]) {
    let findings = verdict.findings();
    assert!(findings.len() <= 32);
    assert_eq!(verdict.action(), findings.iter().map(|finding| finding.action).max().unwrap_or_default());
    assert!(findings.is_sorted_by_key(|finding| finding.start), "the findings come in the order of the bytes");
    for finding in findings {
        assert_ne!(finding.action, Action::Allow);
        assert!(finding.pointer.is_empty() || finding.pointer.starts_with('/'));
        assert!(finding.pointer.len() <= 2048);
        assert_eq!(finding.start.is_some(), finding.end.is_some());
        let (start, end) = (finding.start.unwrap_or(0), finding.end.unwrap_or(0));
        // At an unexpected end the first wrong byte is the one behind the input.
        assert!(start <= end && start <= data.len() as u64 && end <= data.len() as u64 + 1);
    }
}

fuzz_target!(|data: &[u8]| {
    check(&NARROW.audit("t", data), data);
    check(&NARROW.audit("u", data), data);
    check(&DEFAULT.audit("t", data), data);

    let verdict = WIDE.audit("t", data);
    check(&verdict, data);
    if verdict.findings().len() < 32 {
        let refused = verdict.findings().iter().any(|finding| matches!(finding.rule, Rule::JsonSyntax | Rule::JsonUtf8));
        let is_json = std::str::from_utf8(data).is_ok() && serde_json::from_slice::<IgnoredAny>(data).is_ok();
        assert_eq!(refused, !is_json, "{verdict:?}");
    }
});
