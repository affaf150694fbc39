//! Reading a policy document: JSON with comments, every fault with its JSON Pointer.

use super::Policy;
use crate::error::Error;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_path_to_error::{Path, Segment};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Policies above this size are refused before they are read (bytes).
const MAX_POLICY_BYTES: usize = 4 << 20;

impl Policy {
    /// Reads a policy document: JSON (RFC 8259) with `//` and `/* */` comments.
    ///
    /// # Errors
    /// `policy.invalid` for text that is not JSON, unknown or duplicate members, wrong types and values out
    /// of range; the message starts with the JSON Pointer of the fault.
    ///
    /// ```
    /// use callgate::Policy;
    /// let policy = Policy::from_json(br#"{ "limits": { "depth": 8 } } // shallow"#)?;
    /// assert_eq!(policy.limits.depth, 8);
    /// let error = Policy::from_json(br#"{ "limit": {} }"#).unwrap_err();
    /// assert!(error.to_string().starts_with("/limit:"), "{error}");
    /// # Ok::<(), callgate::Error>(())
    /// ```
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        if text.len() > MAX_POLICY_BYTES {
            return Err(Error::policy("", format_args!("a policy has at most {MAX_POLICY_BYTES} bytes")));
        }
        let text = without_comments(text);
        let mut deserializer = serde_json::Deserializer::from_slice(&text);
        let policy = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| Error::policy(&pointer(error.path()), error.inner()))?;
        deserializer.end().map_err(|error| Error::policy("", error))?;
        Ok(policy)
    }
}

/// The same text with every comment turned into spaces, so that positions in errors stay true.
fn without_comments(text: &[u8]) -> Vec<u8> {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Code,
        Text,
        Escape,
        Line,
        /// On the `*` of the opening mark.
        BlockOpen,
        Block,
    }
    let mut out = text.to_vec();
    let mut at = At::Code;
    let mut previous = 0;
    for (byte, &next) in out.iter_mut().zip(text.iter().skip(1).chain(&[0])) {
        let current = *byte;
        let blank = match (at, current) {
            (At::Code, b'/') if next == b'/' => {
                at = At::Line;
                true
            }
            (At::Code, b'/') if next == b'*' => {
                at = At::BlockOpen;
                true
            }
            (At::Code, b'"') => {
                at = At::Text;
                false
            }
            (At::Text, b'\\') => {
                at = At::Escape;
                false
            }
            (At::Text, b'"') => {
                at = At::Code;
                false
            }
            (At::Escape, _) => {
                at = At::Text;
                false
            }
            (At::Line, b'\n') => {
                at = At::Code;
                false
            }
            (At::BlockOpen, _) => {
                at = At::Block;
                // This `*` must not close the comment too, or `/*/` would be a whole one.
                previous = 0;
                *byte = b' ';
                continue;
            }
            (At::Block, b'/') if previous == b'*' => {
                at = At::Code;
                true
            }
            (At::Line | At::Block, _) => true,
            (At::Code | At::Text, _) => false,
        };
        previous = current;
        if blank && current != b'\n' {
            *byte = b' ';
        }
    }
    // An open block comment leaves spaces, and the JSON before it decides; that must not pass for whole.
    if matches!(at, At::Block | At::BlockOpen) {
        out.push(b'/');
    }
    out
}

/// The JSON Pointer (RFC 6901) of a path that serde was on.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter() {
        let name = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.replace('~', "~0").replace('/', "~1"),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&name);
    }
    pointer
}

/// A map in which no key comes twice.
pub(super) fn unique_map<'de, D, V>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    struct Unique<V>(PhantomData<V>);

    impl<'de, V: Deserialize<'de>> Visitor<'de> for Unique<V> {
        type Value = BTreeMap<String, V>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = access.next_entry()? {
                if map.insert(key, value).is_some() {
                    return Err(serde::de::Error::custom("duplicate member"));
                }
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(Unique(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_spaces_and_strings_stay() {
        for (text, expected) in [
            ("{} // end", "{}       "),
            ("/* a */{}", "       {}"),
            ("/*/{}*/1", "       1"),
            ("/**/{}", "    {}"),
            ("/***/{}", "     {}"),
            (r#"{"a":"// no"}"#, r#"{"a":"// no"}"#),
            (r#"{"a":"\"/* no"}"#, r#"{"a":"\"/* no"}"#),
            ("// x\n{}", "    \n{}"),
            ("{} /* open", "{}        /"),
            ("/* a /*/1", "        1"),
        ] {
            assert_eq!(String::from_utf8_lossy(&without_comments(text.as_bytes())), expected, "{text}");
        }
    }

    #[test]
    fn faults_carry_their_pointer() {
        for (text, pointer) in [
            ("", "(root)"),
            ("[]", "(root)"),
            ("{} {}", "(root)"),
            ("{} /* open", "(root)"),
            (r#"{"limit":{}}"#, "/limit"),
            (r#"{"limits":{"dept":1}}"#, "/limits/dept"),
            (r#"{"limits":{"depth":1,"depth":2}}"#, "/limits/depth"),
            (r#"{"limits":{"depth":-1}}"#, "/limits/depth"),
            (r#"{"limits":{"depth":1.5}}"#, "/limits/depth"),
            (r#"{"mode":"off"}"#, "/mode"),
            (r#"{"paths":{"roots":"x"}}"#, "/paths/roots"),
            (r#"{"paths":{"roots":["x",1]}}"#, "/paths/roots/1"),
            (r#"{"rules":{"json.utf8":"deny","json.utf8":"deny"}}"#, "/rules"),
            (r#"{"rules":{"json.utf8":"warn"}}"#, "/rules/json.utf8"),
            (r#"{"tools":{"a/b":{"x":1}}}"#, "/tools/a~1b/x"),
            (r#"{"tools":{"t":{"arguments":{"/p":{"kind":"url"}}}}}"#, "/tools/t/arguments/~1p/kind"),
            (r#"{"access":{"default":"deny"}}"#, "/access"),
            (r#"{"watch":{"spray":1}}"#, "/watch"),
        ] {
            let error = Policy::from_json(text.as_bytes()).expect_err(text);
            assert_eq!(error.code(), "policy.invalid", "{text}");
            assert!(error.to_string().starts_with(&format!("{pointer}:")), "{text}: {error}");
        }
    }

    #[test]
    fn the_default_document_is_the_default_policy() {
        let document = br#"{ "$schema": "x", "mode": "enforce",
            "limits": { "messageBytes": 16777216, "depth": 64, "elements": 65536, "stringBytes": 16777216,
                        "keyBytes": 1024, "nodes": 1000000, "numberChars": 128 },
            "paths": { "roots": [], "blocked": [], "unblocked": [], "hardLinks": "deny-write", "crossDevice": false },
            "urls": { "schemes": ["https", "http"], "allowHosts": [], "denyHosts": [], "allowPrivate": false },
            "rules": { }, "tools": { }, "access": { "default": "allow" },
            "rate": { }, "redact": { }, "record": { }, "watch": { } }"#;
        let mut policy = Policy::from_json(document).unwrap();
        assert_eq!(policy.schema.take().as_deref(), Some("x"));
        assert_eq!(policy, Policy::default());
        assert_eq!(Policy::from_json(b"{}").unwrap(), Policy::default());
    }
}
