use super::*;
use crate::json::tape_of as tape;
use serde_json::json;

/// The rules and pointers of the mismatches.
fn check(schema: &Schema, text: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    schema.check(text.as_bytes(), &tape(text.as_bytes()), &mut |mismatch| {
        found.push((mismatch.rule.id(), mismatch.pointer));
    });
    found
}

fn compile(schema: &Value) -> Schema {
    Schema::compile(schema).unwrap_or_else(|fault| panic!("{schema}: {} {}", fault.pointer, fault.what))
}

mod bounds;
mod oracle;
mod suite;
