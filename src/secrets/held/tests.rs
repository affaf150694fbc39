//! Names and values of public interfaces: those that a program goes on with stay, secrets go.

use super::Held;
use serde_json::Value;

fn rows(which: &str) -> Vec<[String; 3]> {
    let table: Value = serde_json::from_str(include_str!("../../../tests/results/names.json")).unwrap();
    serde_json::from_value(table[which].clone()).unwrap()
}

fn goes(name: &str, value: &str) -> bool {
    Held::by(name.as_bytes()).fits(value.as_bytes())
}

#[test]
fn harmless_values_stay() {
    let rows = rows("harmless");
    let gone: Vec<_> = rows.iter().filter(|[_, name, value]| goes(name, value)).collect();
    assert!(gone.is_empty(), "{gone:#?}");
    assert!(rows.len() >= 150, "{}", rows.len());
}

#[test]
fn secret_values_go() {
    let rows = rows("secret");
    let stay: Vec<_> = rows.iter().filter(|[_, name, value]| !goes(name, value)).collect();
    assert!(stay.is_empty(), "{stay:#?}");
    assert!(rows.len() >= 60, "{}", rows.len());
}

#[test]
fn what_was_redacted_stays() {
    for name in ["password", "api_key", "token", "passphrase", "otp", "cookie"] {
        assert!(!goes(name, "[REDACTED]"), "{name}");
    }
}
