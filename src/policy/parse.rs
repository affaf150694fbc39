//! Reading a policy document: JSON with comments, every fault with its JSON Pointer.

use super::Policy;
use super::presets::{self, Explained};
use super::provenance::Provenance;
use crate::error::{Error, ErrorKind};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path as FilePath;

/// Policies above this size are refused before they are read (bytes).
const MAX_POLICY_BYTES: usize = 4 << 20;

impl Policy {
    /// Reads a policy document: JSON (RFC 8259) with `//` and `/* */` comments.
    ///
    /// `"extends"` names a [`Preset`](super::Preset) or an array of them, which the document is merged with:
    /// later presets win over earlier ones, the document over all. Objects merge member by member; anything
    /// else is replaced, arrays too. In `rules` a family replaces the ids that earlier layers name in it.
    ///
    /// # Errors
    /// `policy.invalid` for text that is not JSON, unknown or duplicate members, unknown presets, wrong types
    /// and values out of range; the message starts with the JSON Pointer of the fault in the document.
    ///
    /// ```
    /// use callgate::Policy;
    /// let policy = Policy::from_json(br#"{ "limits": { "depth": 8 } } // shallow"#)?;
    /// assert_eq!(policy.limits.depth, 8);
    /// let error = Policy::from_json(br#"{ "limit": {} }"#).unwrap_err();
    /// assert!(error.to_string().starts_with("/limit:"), "{error}");
    /// let policy = Policy::from_json(br#"{ "extends": "callgate:fetch", "limits": { "depth": 8 } }"#)?;
    /// assert_eq!((policy.limits.depth, policy.limits.elements), (8, 1024));
    /// # Ok::<(), callgate::Error>(())
    /// ```
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        let (mut policy, document) = document(text)?;
        let layers = presets::layers(&policy, document)?;
        if layers.len() > 1 {
            policy = Self::from_layers(&layers)?;
        }
        policy.provenance = Provenance::of(layers);
        Ok(policy)
    }

    /// Reads a policy file, whose relative roots count from the folder that it lies in. No call that a gate of this
    /// policy judges may change or delete the file (`path.protected`).
    ///
    /// # Errors
    /// `policy.unreadable` when the file cannot be read, otherwise as [`Policy::from_json`].
    ///
    /// ```
    /// use callgate::{Gate, Policy};
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(folder.join("data"))?;
    /// let file = folder.join("policy.json");
    /// std::fs::write(&file, r#"{ "paths": { "roots": ["."] } }"#)?;
    /// let mut policy = Policy::from_file(&file)?;
    /// policy.paths.roots.push(folder.join("data"));
    /// let gate = Gate::new(policy)?;
    /// let error = gate.files().write("policy.json", b"{}", &Default::default()).unwrap_err();
    /// assert_eq!(error.code(), "path.protected");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_file(file: &FilePath) -> Result<Self, Error> {
        let mut text = Vec::new();
        // One byte more than a policy may have, so that a longer one is refused for it.
        File::open(file)
            .and_then(|file| file.take(MAX_POLICY_BYTES as u64 + 1).read_to_end(&mut text))
            .map_err(|error| {
                Error::new(
                    ErrorKind::UnreadablePolicy,
                    format!("the policy file cannot be read: {}", error.kind()),
                )
            })?;
        let mut policy = Self::from_json(&text)?;
        let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        if let Some(folder) = file.parent() {
            // An empty root is refused where it is opened.
            for root in policy.paths.roots.iter_mut().filter(|root| !root.as_os_str().is_empty()) {
                *root = folder.join(&root);
            }
        }
        policy.provenance.set_file(file);
        Ok(policy)
    }

    /// Reads a policy document and tells where each member of the effective policy came from. Roots are not
    /// opened.
    ///
    /// # Errors
    /// As [`Gate::from_json`](crate::Gate::from_json), but for roots.
    ///
    /// ```
    /// use callgate::{Policy, policy::Origin};
    /// let explained = Policy::explain(br#"{ "extends": "callgate:strict", "limits": { "depth": 20 } }"#)?;
    /// assert_eq!(explained.origins["/limits/depth"], Origin::File);
    /// assert_eq!(explained.origins["/limits/nodes"].as_str(), "callgate:strict");
    /// # Ok::<(), callgate::Error>(())
    /// ```
    pub fn explain(text: &[u8]) -> Result<Explained, Error> {
        let (policy, document) = document(text)?;
        let layers = presets::layers(&policy, document)?;
        let policy = Self::from_layers(&layers)?;
        policy.compile()?;
        crate::path::check_patterns(&policy.paths)?;
        let effective = serde_json::to_value(&policy).map_err(|error| Error::policy("", error))?;
        Ok(Explained { origins: presets::origins(&effective, &layers), policy })
    }

    /// The members that a document names, or what it extends: of those that are absent nothing was said, be their
    /// defaults what they may.
    #[cfg(any(feature = "node", test))]
    pub(crate) fn named_members(text: &[u8]) -> Result<std::collections::BTreeSet<String>, Error> {
        let (policy, document) = document(text)?;
        let layers = presets::layers(&policy, document)?;
        let names = layers.iter().filter_map(|(_, layer)| layer.as_object()).flat_map(|layer| layer.keys());
        Ok(names.cloned().collect())
    }

    fn from_layers(layers: &[(presets::Origin, Value)]) -> Result<Self, Error> {
        // Not a matter of the document, which is valid by itself.
        serde_json::from_value(presets::merged(layers))
            .map_err(|_| Error::new(ErrorKind::Internal, "the presets could not be merged"))
    }
}

/// What a document says by itself, without what it extends: read, and as it stands.
fn document(text: &[u8]) -> Result<(Policy, Value), Error> {
    if text.len() > MAX_POLICY_BYTES {
        return Err(Error::policy("", format_args!("a policy has at most {MAX_POLICY_BYTES} bytes")));
    }
    let text = without_comments(text);
    read::<NoDuplicates>(&text)?;
    let policy: Policy = read(&text)?;
    let document = read(&text)?;
    let meant = serde_json::to_value(&policy).map_err(|error| Error::policy("", error))?;
    same_types(&document, &meant, &mut String::new())?;
    Ok((policy, document))
}

/// Reads one JSON value; the pointer of an error is where serde was.
fn read<T: for<'de> Deserialize<'de>>(text: &[u8]) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        Error::policy(&pointer(error.path()), in_words_of_json(without_value(&error.inner().to_string())))
    })?;
    deserializer.end().map_err(|error| Error::policy("", error))?;
    Ok(value)
}

/// The message of an error less the value that it quotes, which may be a path of the host.
fn without_value(message: &str) -> &str {
    let quotes = ["invalid type: ", "invalid value: ", "unknown variant "]
        .iter()
        .any(|start| message.starts_with(start));
    // The last one: the value before it may hold the word too.
    message.rfind("expected ").filter(|_| quotes).and_then(|from| message.get(from..)).unwrap_or(message)
}

/// The message with the types of JSON in place of serde's.
fn in_words_of_json(message: &str) -> Cow<'_, str> {
    for (theirs, ours) in [
        ("expected u32", "expected an integer from 0 to 4294967295"),
        ("expected a sequence", "expected an array"),
        ("expected a map", "expected an object"),
        ("expected path string", "expected a string"),
    ] {
        if let Some(rest) = message.strip_prefix(theirs) {
            return [ours, rest].concat().into();
        }
    }
    match message.strip_prefix("expected struct ").and_then(|rest| rest.find(' ').map(|at| rest.split_at(at)))
    {
        Some((_, rest)) => ["expected an object", rest].concat().into(),
        None => message.into(),
    }
}

/// serde takes an array for a struct, an object for a name, and null for what may be absent; a policy may
/// not. What was read tells the types that were meant.
fn same_types(given: &Value, read: &Value, pointer: &mut String) -> Result<(), Error> {
    let here = pointer.len();
    match (given, read) {
        (Value::Object(given), Value::Object(read)) => {
            for (key, value) in given {
                push_segment(pointer, key);
                match read.get(key) {
                    Some(read) => same_types(value, read, pointer)?,
                    None if value.is_null() => {
                        return Err(Error::policy(pointer, "null is not a value here"));
                    }
                    None => {}
                }
                pointer.truncate(here);
            }
        }
        (Value::Array(given), Value::Array(read)) => {
            for (index, (value, read)) in given.iter().zip(read).enumerate() {
                push_segment(pointer, &index.to_string());
                same_types(value, read, pointer)?;
                pointer.truncate(here);
            }
        }
        _ if std::mem::discriminant(given) == std::mem::discriminant(read) => {}
        _ => return Err(Error::policy(pointer, "not of the type that belongs here")),
    }
    Ok(())
}

pub(crate) fn push_segment(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
}

/// The same text with every comment turned into spaces, so that positions in errors stay true.
pub(super) fn without_comments(text: &[u8]) -> Vec<u8> {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Code,
        Text,
        Escape,
        Line,
        /// On the `*` of the opening mark, which must not close the comment too.
        BlockStart,
        Block,
        /// On the `/` of the closing mark.
        BlockEnd,
    }
    let mut out = text.to_vec();
    let mut at = At::Code;
    for (byte, &next) in out.iter_mut().zip(text.iter().skip(1).chain(&[0])) {
        let (then, blank) = match (at, *byte) {
            (At::Code, b'/') if next == b'/' => (At::Line, true),
            (At::Code, b'/') if next == b'*' => (At::BlockStart, true),
            (At::Code, b'"') | (At::Escape, _) => (At::Text, false),
            (At::Text, b'\\') => (At::Escape, false),
            (At::Text, b'"') | (At::Line, b'\n' | b'\r') => (At::Code, false),
            (At::BlockStart, _) => (At::Block, true),
            (At::Block, b'*') if next == b'/' => (At::BlockEnd, true),
            (At::BlockEnd, _) => (At::Code, true),
            (At::Line | At::Block, _) => (at, true),
            (At::Code | At::Text, _) => (at, false),
        };
        at = then;
        if blank && *byte != b'\n' {
            *byte = b' ';
        }
    }
    // An open block comment leaves spaces, and the JSON before it decides; that must not pass for whole.
    if matches!(at, At::BlockStart | At::Block) {
        out.push(b'/');
    }
    out
}

/// The JSON Pointer (RFC 6901) of a path that serde was on.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => push_segment(&mut pointer, &index.to_string()),
            Segment::Map { key } => push_segment(&mut pointer, key),
            Segment::Enum { variant } => push_segment(&mut pointer, variant),
            Segment::Unknown => {}
        }
    }
    pointer
}

/// Any JSON value in which no object has a member twice.
struct NoDuplicates;

impl<'de> Deserialize<'de> for NoDuplicates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for NoDuplicates {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self, A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = access.next_key::<String>()? {
            if seen.insert(key) {
                access.next_value::<Self>()?;
            } else {
                // Failing inside the value puts the key into the pointer.
                access.next_value_seed(Refuse)?;
            }
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self, A::Error> {
        while access.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}

/// The value of a member that is there already.
struct Refuse;

impl<'de> DeserializeSeed<'de> for Refuse {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        Err(serde::de::Error::custom("duplicate member"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_told_from_what_holds_by_default() {
        for (text, named) in [
            ("{} // nothing", &[][..]),
            (r#"{ "redact": {} }"#, &["redact"]),
            (r#"{ "sanitize": { "maxChars": 100000 }, "mode": "enforce" }"#, &["mode", "sanitize"]),
            (r#"{ "extends": "callgate:database" }"#, &["rules", "tools"]),
        ] {
            let found = Policy::named_members(text.as_bytes()).unwrap();
            assert!(named.iter().all(|name| found.contains(*name)), "{text}: {found:?}");
            assert_eq!(found.contains("redact"), named.contains(&"redact"), "{text}: {found:?}");
        }
        assert!(Policy::named_members(br#"{ "redacted": {} }"#).is_err());
    }

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
            ("// x\r{}", "    \r{}"),
            ("// x\r\n{}", "    \r\n{}"),
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
            (r#"{"rules":{"json.utf8":"deny","json.utf8":"deny"}}"#, "/rules/json.utf8"),
            (r#"{"rules":{"json.utf8":"warn"}}"#, "/rules/json.utf8"),
            (r#"{"tools":{"a/b":{"x":1}}}"#, "/tools/a~1b/x"),
            (r#"{"tools":{"t":{"arguments":{"/p":{"kind":"uri"}}}}}"#, "/tools/t/arguments/~1p/kind"),
            (r#"{"access":{"default":"none"}}"#, "/access/default"),
            (r#"{"access":{"tools":"a"}}"#, "/access/tools"),
            (r#"{"tools":{"t":{"access":"none"}}}"#, "/tools/t/access"),
            (r#"{"resources":{"templates":"a"}}"#, "/resources/templates"),
            (r#"{"watch":{"spray":1}}"#, "/watch"),
            (r#"{"limits":[]}"#, "/limits"),
            (r#"{"limits":null}"#, "/limits"),
            (r#"{"mode":{"observe":null}}"#, "/mode"),
            (r#"{"$schema":null}"#, "/$schema"),
            (r#"{"tools":{"t":{"limits":{"depth":null}}}}"#, "/tools/t/limits/depth"),
            (r#"{"tools":{"t":[]}}"#, "/tools/t"),
        ] {
            let error = Policy::from_json(text.as_bytes()).expect_err(text);
            assert_eq!(error.code(), "policy.invalid", "{text}");
            assert!(error.to_string().starts_with(&format!("{pointer}:")), "{text}: {error}");
        }
    }

    #[test]
    fn messages_name_types_as_json_does() {
        for (text, message) in [
            (r#"{"limits":1}"#, "/limits: expected an object at line 1 column 11"),
            (
                r#"{"limits":{"depth":"x"}}"#,
                "/limits/depth: expected an integer from 0 to 4294967295 at line 1 column 22",
            ),
            (r#"{"tools":1}"#, "/tools: expected an object at line 1 column 10"),
            (r#"{"paths":{"roots":1}}"#, "/paths/roots: expected an array at line 1 column 19"),
            (r#"{"paths":{"roots":[1]}}"#, "/paths/roots/0: expected a string at line 1 column 20"),
            (r#"{"$schema":1}"#, "/$schema: expected a string at line 1 column 12"),
        ] {
            assert_eq!(Policy::from_json(text.as_bytes()).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn messages_do_not_quote_values() {
        for text in [
            r#"{"mode":"/srv/secret"}"#,
            r#"{"limits":{"depth":"/srv/secret"}}"#,
            r#"{"limits":{"depth":"/srv/secret, expected /srv/secret"}}"#,
            r#"{"paths":{"roots":"/srv/secret"}}"#,
            r#"{"paths":{"crossDevice":"/srv/secret"}}"#,
            r#"{"rules":{"json.utf8":"/srv/secret"}}"#,
            r#"{"urls":"/srv/secret"}"#,
        ] {
            let message = Policy::from_json(text.as_bytes()).unwrap_err().to_string();
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn messages_about_long_members_are_short() {
        // Miri reads such a text for minutes.
        let long = "\u{e9}".repeat(if cfg!(miri) { 1 << 11 } else { 1 << 20 });
        for text in [format!(r#"{{"{long}":1}}"#), format!(r#"{{"mode":"{long}"}}"#)] {
            let error = Policy::from_json(text.as_bytes()).unwrap_err();
            assert!(error.to_string().len() <= 1024, "{} bytes", error.to_string().len());
        }
    }

    #[test]
    fn the_default_document_is_the_default_policy() {
        let document = br#"{ "$schema": "x", "mode": "enforce",
            "limits": { "messageBytes": 16777216, "depth": 64, "elements": 65536, "stringBytes": 16777216,
                        "keyBytes": 1024, "nodes": 1000000, "numberChars": 128 },
            "paths": { "roots": [], "blocked": [], "unblocked": [], "hardLinks": "deny-write", "crossDevice": false },
            "urls": { "schemes": ["https", "http"], "allowHosts": [], "denyHosts": [], "allowPrivate": false },
            "sanitize": { "maxChars": 100000, "codeFences": "neutralise", "wikiLinks": "neutralise",
                          "remoteImages": "neutralise", "dataLinks": "neutralise" },
            "rules": { }, "tools": { }, "access": { "default": "allow" },
            "rate": { }, "redact": { }, "record": { }, "watch": { } }"#;
        let mut policy = Policy::from_json(document).unwrap();
        assert_eq!(policy.schema.take().as_deref(), Some("x"));
        assert_eq!(policy, Policy::default());
        assert_eq!(Policy::from_json(b"{}").unwrap(), Policy::default());
    }
}
