//! Members whose names some parser takes for others that the schema knows: a document is also held against it as such a
//! parser reads it.

use crate::json::{Tape, Text, folds_to};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The names of members that a schema knows.
#[derive(Debug, Default)]
pub(super) struct Names {
    exact: HashSet<Vec<u8>>,
    /// By the name without case.
    folded: HashMap<Vec<u8>, String>,
    /// Lengths of names, so that most others are not looked up.
    lengths: u64,
}

impl Names {
    /// Those under `properties`, wherever in a schema, whose depth was measured before.
    pub(super) fn of(schema: &Value) -> Self {
        let mut names = Self::default();
        names.add(schema);
        names
    }

    fn add(&mut self, schema: &Value) {
        match schema {
            Value::Object(object) => {
                if let Some(Value::Object(properties)) = object.get("properties") {
                    for name in properties.keys() {
                        self.exact.insert(name.as_bytes().to_vec());
                        self.folded.insert(folded(name.as_bytes()), name.clone());
                        self.lengths |= length_bit(name.len());
                    }
                }
                object.values().for_each(|value| self.add(value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            _ => {}
        }
    }

    /// The name that some parser takes this one for, be it itself.
    pub(super) fn known(&self, name: &[u8]) -> Option<&str> {
        let known = self.folded.get(&folded(name))?;
        folds_to(known.as_bytes(), name).then_some(known)
    }

    /// The document of a tape as a parser reads it that folds case; `None` where that makes no difference.
    pub(super) fn renamed(&self, bytes: &[u8], tape: &Tape) -> Option<Vec<u8>> {
        let document = tape.range();
        let mut out = Vec::new();
        let mut from = document.start;
        for text in tape.strings(bytes).filter(|text| is_key(bytes, text)) {
            if self.is_exact(&text) {
                continue;
            }
            let Some(known) = self.known(&text.unescaped()) else { continue };
            out.extend_from_slice(bytes.get(from..text.open)?);
            out.extend_from_slice(Value::from(known).to_string().as_bytes());
            from = text.end();
        }
        if out.is_empty() {
            return None;
        }
        out.extend_from_slice(bytes.get(from..document.end)?);
        Some(out)
    }

    /// Whether a key is known as it is, or is not worth a look-up.
    fn is_exact(&self, key: &Text<'_>) -> bool {
        let plain = !key.escaped && key.raw().is_ascii();
        (plain && self.lengths & length_bit(key.len()) == 0) || self.exact.contains(&*key.unescaped())
    }
}

fn length_bit(length: usize) -> u64 {
    1 << (length & 63)
}

/// Whether a string is the key of a member.
fn is_key(bytes: &[u8], text: &Text<'_>) -> bool {
    let behind = bytes.get(text.end()..).unwrap_or_default();
    behind.iter().find(|byte| !b" \t\r\n".contains(byte)) == Some(&b':')
}

/// A name without case.
fn folded(name: &[u8]) -> Vec<u8> {
    let mut folded = crate::json::plain_name(name.into()).into_owned();
    folded.make_ascii_lowercase();
    folded
}
