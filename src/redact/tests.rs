use crate::Gate;

#[test]
fn first() {
    let gate = Gate::default();
    for (input, expected) in [
        (r#"{"a":"b"}"#, r#"{"a":"b"}"#),
        (r#"{ "password" : "x" , "b":1}"#, r#"{ "password" : "[REDACTED]" , "b":1}"#),
    ] {
        assert_eq!(String::from_utf8_lossy(&gate.redact(input.as_bytes())), expected);
    }
}
