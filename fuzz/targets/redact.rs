//! Redaction never panics, changes nothing twice, keeps JSON JSON, and lets no value of a secret key through.
#![no_main]

use callgate::Gate;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::sync::LazyLock;

static GATE: LazyLock<Gate> = LazyLock::new(Gate::default);

fn no_secret_key(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().all(|(key, value)| {
            if ["password", "token", "apiKey"].contains(&key.as_str()) { value == "[REDACTED]" } else { no_secret_key(value) }
        }),
        Value::Array(items) => items.iter().all(no_secret_key),
        _ => true,
    }
}

fuzz_target!(|data: &[u8]| {
    let once = GATE.redact(data);
    if serde_json::from_slice::<Value>(data).is_ok() {
        let redacted: Value = serde_json::from_slice(&once).expect("JSON stays JSON");
        assert!(no_secret_key(&redacted));
        assert_eq!(GATE.redact(&once), once);
        assert_eq!(GATE.redact(&once), once);
    }
});
