//! Policies that come with callgate, and what is written on top of them.
//!
//! A document and the presets it extends are layers: objects merge member by member, anything else of a later
//! layer takes the place of what was there. Each layer is valid by itself, so that the merged document is too
//! and a fault is always one of the document's own.

#![forbid(unsafe_code)]

use super::Policy;
use super::parse::{push_segment, without_comments};
use crate::error::{Error, ErrorKind};
use serde::de::{Deserializer, SeqAccess, Unexpected, Visitor, value::StrDeserializer};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;

macro_rules! presets {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal;)+) => {
        /// A policy that comes with callgate: what `"extends"` names. The files are in `presets/`.
        ///
        /// ```
        /// use callgate::{Policy, policy::Preset};
        /// let policy = Policy::from_json(br#"{ "extends": "callgate:database" }"#)?;
        /// let preset = Policy::from_json(Preset::Database.text().as_bytes())?;
        /// assert_eq!((policy.limits, policy.rules), (preset.limits, preset.rules));
        /// # Ok::<(), callgate::Error>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Preset { $($(#[doc = $doc])+ $variant,)+ }

        impl Preset {
            /// Every preset.
            pub const ALL: &'static [Preset] = &[$(Preset::$variant,)+];

            const NAMES: &'static [&'static str] = &[$(concat!("callgate:", $name),)+];

            /// The name in `"extends"`.
            ///
            /// ```
            /// assert_eq!(callgate::policy::Preset::Coding.name(), "callgate:coding");
            /// ```
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => concat!("callgate:", $name),)+ }
            }

            /// The policy document: JSON with comments that say why.
            ///
            /// ```
            /// assert!(callgate::policy::Preset::Strict.text().contains("\"hardLinks\": \"deny\""));
            /// ```
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("../../presets/", $name, ".json")),)+ }
            }
        }
    };
}

presets! {
    /// A server that reads and writes files for people.
    Filesystem = "filesystem";
    /// A server that works in a repository.
    Coding = "coding";
    /// A server that fetches from the web.
    Fetch = "fetch";
    /// A server that asks a database.
    Database = "database";
    /// A server that asks a database and changes nothing.
    DatabaseRead = "database-read";
    /// Any server, as tight as most of them still work with.
    Strict = "strict";
}

impl<'de> Deserialize<'de> for Preset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = Self::ALL.iter().copied().find(|preset| preset.name() == name);
        known.ok_or_else(|| serde::de::Error::unknown_variant(&name, Self::NAMES))
    }
}

/// The member `extends`: one preset, or several, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Extends(Vec<Preset>);

impl<'de> Deserialize<'de> for Extends {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExtendsVisitor)
    }
}

struct ExtendsVisitor;

impl<'de> Visitor<'de> for ExtendsVisitor {
    type Value = Extends;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a preset or an array of them")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Extends, E> {
        Preset::deserialize(StrDeserializer::new(name)).map(|preset| Extends(vec![preset]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Extends, A::Error> {
        let mut presets: Vec<Preset> = Vec::new();
        while let Some(preset) = access.next_element()? {
            if presets.contains(&preset) {
                let twice = Unexpected::Str(preset.name());
                return Err(serde::de::Error::invalid_value(twice, &"each preset once"));
            }
            presets.push(preset);
        }
        Ok(Extends(presets))
    }
}

/// Where a member of a policy came from. In JSON `"default"`, `"file"`, or the name of the preset.
///
/// ```
/// use callgate::{Policy, policy::{Origin, Preset}};
/// let explained = Policy::explain(br#"{ "extends": "callgate:coding", "mode": "observe" }"#)?;
/// assert_eq!(explained.origins["/mode"], Origin::File);
/// assert_eq!(explained.origins["/limits/keyBytes"], Origin::Preset(Preset::Coding));
/// assert_eq!(explained.origins["/paths/roots"], Origin::Default);
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// No layer names it.
    Default,
    /// A preset that the document extends, the last one that names it.
    Preset(Preset),
    /// The document itself.
    File,
}

impl Origin {
    /// The name in JSON.
    ///
    /// ```
    /// assert_eq!(callgate::policy::Origin::File.as_str(), "file");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Preset(preset) => preset.name(),
            Self::File => "file",
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A policy with where each of its members came from.
///
/// ```
/// let explained = callgate::Policy::explain(br#"{ "limits": { "depth": 8 } }"#)?;
/// assert_eq!(explained.policy.limits.depth, 8);
/// let json = serde_json::to_value(&explained).unwrap();
/// assert_eq!(json["policy"]["mode"], "enforce");
/// assert_eq!(json["origins"]["/limits/depth"], "file");
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explained {
    /// The effective policy. In JSON every default is filled in; members that this version does not enforce,
    /// and what a tool leaves to `"*"` and to the policy, are absent.
    pub policy: Policy,
    /// JSON Pointer of each member that is no object, or an empty one, to where it came from. An array has one
    /// origin, as a later layer replaces all of it.
    pub origins: BTreeMap<String, Origin>,
}

/// What one document or preset says, and where that counts as coming from.
pub(super) type Layer = (Origin, Value);

/// The layers below and including the document, later ones last. `policy`: what `document` says by itself.
pub(super) fn layers(policy: &Policy, mut document: Value) -> Result<Vec<Layer>, Error> {
    let mut layers = Vec::new();
    for preset in &policy.extends.0 {
        let text = without_comments(preset.text().as_bytes());
        let mut value = serde_json::from_slice::<Value>(&text)
            .map_err(|_| Error::new(ErrorKind::Internal, "a preset cannot be read"))?;
        remove(&mut value, "$schema");
        layers.push((Origin::Preset(*preset), value));
    }
    remove(&mut document, "extends");
    layers.push((Origin::File, document));
    Ok(layers)
}

fn remove(document: &mut Value, member: &str) {
    if let Some(members) = document.as_object_mut() {
        members.remove(member);
    }
}

/// One document that says what all layers say.
pub(super) fn merged(layers: &[Layer]) -> Value {
    let mut document = Value::Object(Map::new());
    for (_, layer) in layers {
        drop_overridden(&mut document, layer);
        merge(&mut document, layer);
    }
    document
}

fn merge(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (name, value) in above {
                merge(below.entry(name.as_str()).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above.clone(),
    }
}

/// Exact ids of `rules` win over families; but a family that a later layer names wins over the ids in it that
/// earlier ones name.
fn drop_overridden(below: &mut Value, above: &Value) {
    let (Some(below), Some(above)) = (
        below.get_mut("rules").and_then(Value::as_object_mut),
        above.get("rules").and_then(Value::as_object),
    ) else {
        return;
    };
    let families: Vec<&str> = above.keys().filter_map(|id| id.strip_suffix('*')).collect();
    below.retain(|id, _| !families.iter().any(|family| id.starts_with(family)));
}

/// The pointer of every leaf of `effective`, with the last layer that names it.
pub(super) fn origins(effective: &Value, layers: &[Layer]) -> BTreeMap<String, Origin> {
    let mut origins = BTreeMap::new();
    leaves(effective, &mut String::new(), &mut |pointer| {
        let named = layers.iter().rev().find(|(_, layer)| layer.pointer(pointer).is_some());
        origins.insert(pointer.to_owned(), named.map_or(Origin::Default, |(origin, _)| *origin));
    });
    origins
}

fn leaves(value: &Value, pointer: &mut String, found: &mut impl FnMut(&str)) {
    match value.as_object() {
        Some(members) if !members.is_empty() => {
            let here = pointer.len();
            for (name, member) in members {
                push_segment(pointer, name);
                leaves(member, pointer, found);
                pointer.truncate(here);
            }
        }
        _ => found(pointer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Gate;
    use proptest::prelude::*;
    use serde_json::json;

    fn policy(document: &Value) -> Policy {
        Policy::from_json(document.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{document}: {error}"))
    }

    #[test]
    fn every_preset_is_a_policy_that_says_why() {
        for (preset, name) in Preset::ALL.iter().zip(Preset::NAMES) {
            assert_eq!(preset.name(), *name);
            Gate::from_json(preset.text().as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let lines: Vec<&str> = preset.text().lines().map(str::trim).collect();
            for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with('"')) {
                let opens = line.ends_with('{') || line.starts_with("\"$schema\"");
                // A comment may stand above several lines of a kind.
                let above = lines[..index].iter().rev().find(|line| !line.starts_with('"'));
                let said = above.is_some_and(|line| line.starts_with("//")) || line.contains("// ");
                assert!(opens || said, "{name}: {line} has no comment");
            }
        }
    }

    #[test]
    fn a_preset_extends_no_other() {
        for preset in Preset::ALL {
            let text = without_comments(preset.text().as_bytes());
            let value: Value = serde_json::from_slice(&text).unwrap();
            assert!(value.get("extends").is_none(), "{}", preset.name());
            assert_eq!(value["$schema"], "../schemas/policy.schema.json", "{}", preset.name());
        }
    }

    #[test]
    fn later_layers_win_member_by_member() {
        for (what, below, above, expected) in [
            (
                "a scalar",
                json!({ "mode": "observe" }),
                json!({ "mode": "enforce" }),
                json!({ "mode": "enforce" }),
            ),
            (
                "members of an object",
                json!({ "limits": { "depth": 1, "nodes": 2 } }),
                json!({ "limits": { "nodes": 3 } }),
                json!({ "limits": { "depth": 1, "nodes": 3 } }),
            ),
            (
                "an array, whole",
                json!({ "paths": { "blocked": ["a", "b"] } }),
                json!({ "paths": { "blocked": ["c"] } }),
                json!({ "paths": { "blocked": ["c"] } }),
            ),
            (
                "an empty array, too",
                json!({ "paths": { "blocked": ["a", "b"] } }),
                json!({ "paths": { "blocked": [] } }),
                json!({ "paths": { "blocked": [] } }),
            ),
            (
                "an empty object takes nothing away",
                json!({ "tools": { "t": { "limits": { "depth": 1 } } } }),
                json!({ "tools": {} }),
                json!({ "tools": { "t": { "limits": { "depth": 1 } } } }),
            ),
            (
                "a family over ids and families in it",
                json!({ "rules": { "json.surrogate": "deny", "json.*": "deny", "path.name": "off" } }),
                json!({ "rules": { "json.*": "flag" } }),
                json!({ "rules": { "json.*": "flag", "path.name": "off" } }),
            ),
            (
                "an id beside a family below",
                json!({ "rules": { "json.*": "flag" } }),
                json!({ "rules": { "json.surrogate": "off" } }),
                json!({ "rules": { "json.*": "flag", "json.surrogate": "off" } }),
            ),
        ] {
            let layers = [(Origin::Default, below), (Origin::File, above)];
            assert_eq!(merged(&layers), expected, "{what}");
        }
    }

    #[test]
    fn the_document_wins_over_presets_and_later_presets_over_earlier_ones() {
        let (coding, strict) = (
            policy(&json!({ "extends": "callgate:coding" })),
            policy(&json!({ "extends": "callgate:strict" })),
        );
        assert_ne!(coding.limits.depth, strict.limits.depth);
        for (document, depth) in [
            (json!({ "extends": [] }), Policy::default().limits.depth),
            (json!({ "extends": ["callgate:coding"] }), coding.limits.depth),
            (json!({ "extends": ["callgate:strict", "callgate:coding"] }), coding.limits.depth),
            (json!({ "extends": ["callgate:coding", "callgate:strict"] }), strict.limits.depth),
            (json!({ "extends": ["callgate:coding", "callgate:strict"], "limits": { "depth": 5 } }), 5),
        ] {
            assert_eq!(policy(&document).limits.depth, depth, "{document}");
        }
    }

    #[test]
    fn a_fault_points_into_the_document() {
        let known = Preset::NAMES.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let known = format!("expected one of {known}");
        for (text, message) in [
            (r#"{"extends":"callgate:none"}"#, format!("/extends: {known}")),
            (r#"{"extends":"coding"}"#, format!("/extends: {known}")),
            (r#"{"extends":""}"#, format!("/extends: {known}")),
            (r#"{"extends":["callgate:coding","./other.json"]}"#, format!("/extends/1: {known}")),
            (r#"{"extends":1}"#, "/extends: expected the name".to_owned()),
            (r#"{"extends":null}"#, "/extends: expected the name".to_owned()),
            (r#"{"extends":{"callgate:coding":null}}"#, "/extends: expected the name".to_owned()),
            (r#"{"extends":[1]}"#, "/extends/0: expected a string".to_owned()),
            (r#"{"extends":[{"callgate:coding":null}]}"#, "/extends/0: expected a string".to_owned()),
            (r#"{"extends":[["callgate:coding"]]}"#, "/extends/0: expected a string".to_owned()),
            (
                r#"{"extends":["callgate:coding","callgate:coding"]}"#,
                "/extends: expected each preset once".to_owned(),
            ),
            (r#"{"extends":"callgate:coding","limits":{"depth":-1}}"#, "/limits/depth:".to_owned()),
            (r#"{"extends":"callgate:coding","paths":[]}"#, "/paths:".to_owned()),
            (r#"{"extends":"callgate:coding","limits":{"depth":null}}"#, "/limits/depth:".to_owned()),
            (r#"{"extends":"callgate:strict","rules":{"json.nope":"off"}}"#, "/rules/json.nope:".to_owned()),
            (
                r#"{"extends":"callgate:coding","paths":{"blocked":["ok","a//b"]}}"#,
                "/paths/blocked/1:".to_owned(),
            ),
            (
                r#"{"extends":"callgate:filesystem","tools":{"*":{"arguments":{"path":{"kind":"path"}}}}}"#,
                "/tools/*/arguments/path:".to_owned(),
            ),
            (r#"{"limits":{"extends":"callgate:coding"}}"#, "/limits/extends:".to_owned()),
        ] {
            let error = Gate::from_json(text.as_bytes()).expect_err(text);
            assert_eq!(error.code(), "policy.invalid", "{text}");
            assert!(error.to_string().starts_with(&message), "{text}: {error}");
        }
    }

    #[test]
    fn each_leaf_has_the_origin_that_its_value_has() {
        let document = json!({
            "extends": ["callgate:filesystem", "callgate:strict"],
            "$schema": "x",
            "limits": { "depth": 3 },
            "paths": { "roots": ["."] },
            "tools": { "a/b": { "mode": "observe", "arguments": { "/p": { "kind": "path" } } }, "bare": {} },
        });
        let Explained { policy, origins } = Policy::explain(document.to_string().as_bytes()).unwrap();
        let strict = Origin::Preset(Preset::Strict);
        for (pointer, origin) in [
            ("/$schema", Origin::File),
            ("/mode", Origin::Default),
            ("/limits/depth", Origin::File),
            ("/limits/nodes", strict),
            ("/paths/roots", Origin::File),
            ("/paths/unblocked", Origin::Default),
            ("/paths/hardLinks", strict),
            ("/tools/*/arguments/~1path/kind", Origin::Preset(Preset::Filesystem)),
            ("/tools/a~1b/mode", Origin::File),
            ("/tools/a~1b/arguments/~1p/kind", Origin::File),
            ("/tools/a~1b/arguments/~1p/intent", Origin::Default),
            ("/tools/bare/arguments", Origin::Default),
        ] {
            assert_eq!(origins.get(pointer), Some(&origin), "{pointer}");
        }
        assert_eq!(policy, super::tests::policy(&document));
        assert!(!origins.contains_key("/extends"));
        assert!(Policy::explain(b"{}").unwrap().origins.values().all(|origin| *origin == Origin::Default));
    }

    #[test]
    fn explaining_finds_the_faults_that_a_gate_finds() {
        for text in ["", "{", r#"{"rules":{"json.nope":"off"}}"#, r#"{"paths":{"blocked":["a//b"]}}"#] {
            let error = Policy::explain(text.as_bytes()).expect_err(text);
            assert_eq!(error, Gate::from_json(text.as_bytes()).unwrap_err(), "{text}");
        }
        // Roots are not opened.
        assert!(Policy::explain(br#"{"paths":{"roots":["/nonexistent/callgate"]}}"#).is_ok());
    }

    /// Documents that are policies, or nearly.
    fn document() -> impl Strategy<Value = Value> {
        let name = prop::sample::select(vec![
            "callgate:filesystem",
            "callgate:coding",
            "callgate:fetch",
            "callgate:database",
            "callgate:database-read",
            "callgate:strict",
        ]);
        let action = prop::sample::select(vec!["deny", "flag", "off"]);
        let rule = prop::sample::select(vec![
            "json.*",
            "json.number-range",
            "json.surrogate",
            "path.*",
            "path.name",
        ]);
        let limit = prop::sample::select(vec!["depth", "nodes", "keyBytes", "messageBytes"]);
        let limits = prop::collection::btree_map(limit, 0..1_000_000_u32, 0..3);
        let tool = (prop::sample::select(vec!["*", "write_file", "own/~tool"]), limits.clone());
        (
            prop::option::of(prop::collection::vec(name, 0..4)),
            prop::option::of(limits),
            prop::collection::btree_map(rule, action, 0..3),
            prop::option::of(prop::collection::vec(prop::sample::select(vec!["a", ".env", "x/**"]), 0..3)),
            prop::option::of(tool),
            prop::option::weighted(
                0.1,
                prop::sample::select(vec![json!(null), json!(1), json!({}), json!([[]]), json!("x")]),
            ),
        )
            .prop_map(|(extends, limits, rules, blocked, tool, odd)| {
                let mut document = json!({ "rules": rules });
                if let Some(extends) = extends {
                    document["extends"] = json!(extends);
                }
                if let Some(limits) = limits {
                    document["limits"] = json!(limits);
                }
                if let Some(blocked) = blocked {
                    document["paths"] = json!({ "blocked": blocked });
                }
                if let Some((tool, limits)) = tool {
                    document["tools"] = json!({ tool: { "limits": limits } });
                }
                if let Some(odd) = odd {
                    document["extends"] = odd;
                }
                document
            })
    }

    proptest! {
        #[test]
        fn merging_keeps_what_the_document_says(document in document()) {
            // A document that is refused is refused for itself.
            if let Ok(Explained { policy, origins }) = Policy::explain(document.to_string().as_bytes()) {
                let effective = serde_json::to_value(&policy).unwrap();
                let mut own = document;
                remove(&mut own, "extends");
                leaves(&own, &mut String::new(), &mut |pointer| {
                    let (given, found) = (own.pointer(pointer), effective.pointer(pointer));
                    assert!(given == found || given == Some(&json!({})), "{pointer}: {given:?} {found:?}");
                });
                let mut all = std::collections::BTreeSet::new();
                leaves(&effective, &mut String::new(), &mut |pointer| {
                    all.insert(pointer.to_owned());
                });
                prop_assert!(all.iter().eq(origins.keys()));
                for (pointer, origin) in origins {
                    prop_assert_eq!(origin == Origin::File, own.pointer(&pointer).is_some(), "{}", pointer);
                }
                // The effective policy is a document that means the same.
                prop_assert_eq!(Policy::from_json(effective.to_string().as_bytes()).unwrap(), policy);
            }
        }

        #[test]
        fn nothing_panics(text in r#"\{("(extends|limits|tools|rules|[a-z.*]{0,6})":("callgate:coding"|\[[^\]]{0,20}\]|\{\}|.{0,8}),?){0,4}\}"#) {
            let _ = Policy::explain(text.as_bytes());
        }
    }
}
