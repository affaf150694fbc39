//! Members of the published policy that this version does not enforce.
//!
//! A guard that accepts a setting and ignores it is worse than one that refuses it: these members are
//! taken at their default value only, so that a full policy document loads and a changed one says so.

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

macro_rules! reserved {
    ($($name:ident: $default:expr;)+) => { $(
        #[derive(Debug, Clone, PartialEq, Default, Serialize)]
        pub(super) struct $name;

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                accept_default(&Value::deserialize(deserializer)?, &$default).map(|()| Self)
            }
        }
    )+ };
}

reserved! {
    ReservedObject: json!({});
}

fn accept_default<E: Error>(value: &Value, default: &Value) -> Result<(), E> {
    let same = match (value, default) {
        // Absent members of an object have their defaults.
        (Value::Object(given), Value::Object(full)) => {
            given.iter().all(|(key, value)| full.get(key) == Some(value))
        }
        _ => value == default,
    };
    if same {
        Ok(())
    } else {
        Err(E::custom("this version does not enforce this member, so only its default is accepted"))
    }
}
