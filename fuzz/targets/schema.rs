//! No schema makes compiling panic and no document makes judging panic; what was compiled answers twice the same, in
//! places inside the document, and never denies for the schema what serde_json cannot read.
#![no_main]

use callgate::{Gate, ToolWords, infer_kinds_from_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (schema, document) = input;
    let tool = ToolWords { name: document, title: document, description: document, changes: false };
    let _ = infer_kinds_from_json(schema.as_bytes(), tool);
    let policy = format!(r#"{{ "tools": {{ "t": {{ "schema": {schema} }} }} }}"#);
    let Ok(gate) = Gate::from_json(policy.as_bytes()) else { return };
    let verdict = gate.audit("t", document.as_bytes());
    assert_eq!(gate.audit("t", document.as_bytes()), verdict, "another answer the second time");
    let judged = verdict.findings().iter().any(|finding| finding.rule.id().starts_with("schema."));
    for finding in verdict.findings() {
        let (start, end) = (finding.start.unwrap_or(0) as usize, finding.end.unwrap_or(0) as usize);
        assert!(start <= end && end <= document.len() + 1, "{finding:?}");
    }
    assert!(!judged || serde_json::from_str::<serde_json::Value>(document).is_ok(), "judged, and no JSON");
});
