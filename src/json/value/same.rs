//! Equality in the sense of JSON Schema: numbers by their value, members in any order.

use super::number::{Kind, Number};
use super::{Value, ValueKind};
use jsonschema::json::{Array, JsonNumber, Node, Object, cmp};
use std::borrow::Cow;
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash, Hasher};

/// Whether a value is one that a schema names. As deep as the schema at most.
pub(super) fn equals(value: Value<'_>, expected: &serde_json::Value) -> bool {
    use serde_json::Value as Expected;
    match expected {
        Expected::Null => value.is_null(),
        Expected::Bool(expected) => value.as_boolean() == Some(*expected),
        Expected::Number(expected) => {
            value.as_number().is_some_and(|number| cmp::equal_numbers(&number, expected))
        }
        Expected::String(expected) => value.as_string().is_some_and(|text| text == expected.as_str()),
        Expected::Array(expected) => value.as_array().is_some_and(|items| {
            items.len() == expected.len()
                && items.elements().zip(expected).all(|(item, expected)| equals(item, expected))
        }),
        Expected::Object(expected) => value.as_object().is_some_and(|object| {
            object.len() == expected.len()
                && object.members().all(|(name, value)| {
                    expected.get(name.as_ref()).is_some_and(|expected| equals(value, expected))
                })
        }),
    }
}

/// Whether no value is there twice. By two keyed hashes of 64 bits, which nobody outside can aim at, so that it
/// takes linear time whatever the values are.
pub(super) fn are_distinct<'a>(values: impl Iterator<Item = Value<'a>>) -> bool {
    let keys = (RandomState::new(), RandomState::new());
    let mut seen = HashSet::new();
    values.into_iter().all(|value| seen.insert((hash(&keys.0, value), hash(&keys.1, value))))
}

fn hash(key: &RandomState, value: Value<'_>) -> u64 {
    let mut state = key.build_hasher();
    match value.kind() {
        ValueKind::Null => state.write_u8(0),
        ValueKind::Boolean(value) => (1_u8, value).hash(&mut state),
        ValueKind::Number(number) => hash_number(number, &mut state),
        ValueKind::String(text) => (3_u8, text).hash(&mut state),
        ValueKind::Array(items) => {
            (4_u8, items.len()).hash(&mut state);
            for item in items.elements() {
                state.write_u64(hash(key, item));
            }
        }
        ValueKind::Object(object) => {
            let member = |(name, value): (Cow<'_, str>, _)| key.hash_one((name, hash(key, value)));
            let sum = object.members().map(member).fold(0, u64::wrapping_add);
            (5_u8, object.len(), sum).hash(&mut state);
        }
    }
    state.finish()
}

/// Numbers of one value hash alike, however they are written.
fn hash_number(number: Number<'_>, state: &mut impl Hasher) {
    let whole = match number.kind {
        Kind::Positive(value) => i128::from(value),
        Kind::Negative(value) => i128::from(value),
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^65 fits")]
        Kind::Double(value) if value.fract() == 0.0 && value.abs() < 4e19 => value as i128,
        Kind::Double(value) => return (2_u8, false, value.to_bits()).hash(state),
    };
    (2_u8, true, whole).hash(state);
}

/// The value as a tree. Validation never needs one; the traits ask for it.
pub(super) fn to_value(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        ValueKind::Null => serde_json::Value::Null,
        ValueKind::Boolean(value) => value.into(),
        ValueKind::Number(number) => serde_json::Value::Number(number.to_number().into_owned()),
        ValueKind::String(text) => text.into(),
        ValueKind::Array(items) => items.elements().map(to_value).collect(),
        ValueKind::Object(object) => {
            object.members().map(|(name, value)| (name.into_owned(), to_value(value))).collect()
        }
    }
}
