//! Through a schema: what is said of each place.

#![forbid(unsafe_code)]

use super::evidence::{self, Siblings};
use super::facts::{Facts, Subject};
use super::misfit;
use super::places::{Place, Places};
use super::setting::Setting;
use crate::error::Error;
use serde_json::{Map, Value};

/// Calls nested deeper are refused by default.
const MAX_DEPTH: usize = 64;
/// Parts of a schema that are looked at, each as often as it is referred to.
const MAX_PARTS: usize = 10_000;

type Object = Map<String, Value>;

/// Everything that a schema says.
pub(super) fn places(schema: &Value, tool: &Setting) -> Result<Places, Error> {
    if !(schema.is_object() || schema.is_boolean()) {
        return Err(misfit("a schema is an object or a boolean"));
    }
    let mut walk = Walk { root: schema, tool, places: Places::new(), parts: 0, depth: 0, open: Vec::new() };
    walk.visit(schema, &Context::default(), Places::ROOT)?;
    Ok(walk.places)
}

struct Walk<'s> {
    root: &'s Value,
    tool: &'s Setting,
    places: Places,
    parts: usize,
    depth: usize,
    /// The parts that the walk is inside of.
    open: Vec<&'s Value>,
}

/// What is known of a value before its schema is looked at.
#[derive(Debug, Clone, Default)]
struct Context<'s> {
    subject: Subject<'s>,
    siblings: Siblings,
    /// Schemas that hold for the value too: those around an alternative.
    outer: Vec<&'s Object>,
}

impl<'s> Walk<'s> {
    fn visit(&mut self, schema: &'s Value, context: &Context<'s>, place: Place) -> Result<(), Error> {
        if self.depth >= MAX_DEPTH || self.open.iter().any(|open| std::ptr::eq(*open, schema)) {
            self.places.say(place, None);
            return Ok(());
        }
        let open = self.open.len();
        self.depth += 1;
        self.open.push(schema);
        let mut parts = context.outer.clone();
        let whole = self.gather(schema, &mut parts, 0)?;
        self.judge(schema, &parts, whole, context, place)?;
        self.open.truncate(open);
        self.depth -= 1;
        Ok(())
    }

    /// `parts`: those around an alternative, then the schema's own.
    fn judge(
        &mut self,
        schema: &'s Value,
        parts: &[&'s Object],
        whole: bool,
        context: &Context<'s>,
        place: Place,
    ) -> Result<(), Error> {
        let subject = context.subject.described(parts);
        let own = parts.get(context.outer.len()..).unwrap_or_default();
        let alternatives: Vec<&Value> = own
            .iter()
            .flat_map(|part| ["anyOf", "oneOf"].into_iter().flat_map(|key| list(part, key)))
            .collect();
        if *schema == Value::Bool(false) {
            // No value at all.
        } else if !whole || parts.len() > MAX_DEPTH {
            self.places.say(place, None);
        } else if alternatives.is_empty() {
            let types = types(parts);
            let facts = Facts::new(parts, &subject, context.siblings, self.tool);
            let kind = match types {
                Types::Null => return Ok(()),
                Types::String => evidence::kind(&facts),
                Types::List | Types::Other => evidence::kind_of_all(&facts),
            };
            if kind.is_none() && matches!(types, Types::List) {
                return self.children_of(own, &subject, context.siblings, place);
            }
            self.places.say(place, kind.map(|kind| facts.argument(kind)));
        } else {
            let inner = Context { outer: parts.to_vec(), ..context.clone() };
            for alternative in alternatives {
                self.visit(alternative, &inner, place)?;
            }
        }
        self.children_of(own, &subject, context.siblings, place)
    }

    fn children_of(
        &mut self,
        parts: &[&'s Object],
        subject: &Subject<'s>,
        siblings: Siblings,
        place: Place,
    ) -> Result<(), Error> {
        for part in parts {
            self.children(part, subject, siblings, place)?;
        }
        Ok(())
    }

    /// Adds the schemas that hold for one value together: this one, what it refers to, and `allOf`. False where one of
    /// them is not known.
    fn gather(
        &mut self,
        schema: &'s Value,
        parts: &mut Vec<&'s Object>,
        depth: usize,
    ) -> Result<bool, Error> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(misfit("the schema has more than 10,000 parts"));
        }
        let part = match schema {
            Value::Object(part) if depth <= MAX_DEPTH => part,
            Value::Bool(_) => return Ok(true),
            _ => return Ok(false),
        };
        parts.push(part);
        let mut whole = !["$dynamicRef", "$recursiveRef"].iter().any(|key| part.contains_key(*key));
        if let Some(reference) = part.get("$ref") {
            match reference.as_str().and_then(|reference| self.root.pointer(reference.strip_prefix('#')?)) {
                Some(target) if !self.open.iter().any(|open| std::ptr::eq(*open, target)) => {
                    self.open.push(target);
                    whole &= self.gather(target, parts, depth + 1)?;
                }
                _ => whole = false,
            }
        }
        for each in list(part, "allOf") {
            whole &= self.gather(each, parts, depth + 1)?;
        }
        Ok(whole)
    }

    /// The members and items of a value.
    fn children(
        &mut self,
        part: &'s Object,
        subject: &Subject<'s>,
        siblings: Siblings,
        place: Place,
    ) -> Result<(), Error> {
        let properties = part.get("properties").and_then(Value::as_object);
        if let Some(properties) = properties {
            let inner = Siblings::of(properties.keys());
            for (name, schema) in properties {
                if let Some(child) = self.places.named(place, name) {
                    let context = Context {
                        subject: Subject::named(name, subject.name()),
                        siblings: inner,
                        outer: Vec::new(),
                    };
                    self.visit(schema, &context, child)?;
                }
            }
        }
        // The value's own name is its key, which nobody knows; that of the object is the name of all of them.
        let is_open = part.get("patternProperties").and_then(Value::as_object).is_none_or(Map::is_empty);
        if let Some(schema) = part.get("additionalProperties").filter(|schema| is_open && schema.is_object())
            && let Some(child) = self.places.any(place)
        {
            self.visit(schema, &Context::default(), child)?;
        }
        let context = Context { subject: subject.clone(), siblings, ..Context::default() };
        let items = part.get("items");
        let fixed = part.get("prefixItems").or(items).and_then(Value::as_array);
        for (index, schema) in fixed.into_iter().flatten().enumerate() {
            if let Some(child) = self.places.named(place, &index.to_string()) {
                self.visit(schema, &context, child)?;
            }
        }
        if let Some(schema) = items.filter(|items| items.is_object())
            && let Some(child) = self.places.any(place)
        {
            self.visit(schema, &context, child)?;
        }
        Ok(())
    }
}

fn list<'s>(part: &'s Object, key: &str) -> impl Iterator<Item = &'s Value> + use<'s> {
    part.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// What a value can be.
enum Types {
    Null,
    /// A list, or null: what holds for a string beside it holds for its items too.
    List,
    /// A string, a list of them, or null.
    String,
    /// Anything else, perhaps a string too.
    Other,
}

/// The types that all of the schemas leave: of a schema without a type, those of its values.
fn types(parts: &[&Object]) -> Types {
    let mut is_string = false;
    let mut is_typed = false;
    for part in parts {
        let names: Vec<&str> = match (part.get("type"), part.get("enum"), part.get("const")) {
            (Some(Value::String(name)), ..) => vec![name],
            (Some(Value::Array(names)), ..) => {
                names.iter().map(|name| name.as_str().unwrap_or_default()).collect()
            }
            (None, Some(Value::Array(values)), _) => values.iter().map(of_type).collect(),
            (None, None, Some(value)) => vec![of_type(value)],
            _ => continue,
        };
        is_typed = true;
        let all = |known: &[&str]| names.iter().all(|name| known.contains(name));
        if all(&["null"]) {
            return Types::Null;
        }
        if all(&["null", "array"]) {
            return Types::List;
        }
        is_string |= all(&["null", "array", "string"]) && names.contains(&"string");
    }
    // Servers in languages without types say what an argument is in words alone.
    let is_told =
        |part: &&Object| ["title", "description", "format"].iter().any(|key| part.contains_key(*key));
    let is_whole =
        |part: &&Object| ["properties", "items", "prefixItems"].iter().all(|key| !part.contains_key(*key));
    let is_untyped = !is_typed && parts.iter().any(is_told) && parts.iter().all(is_whole);
    if is_string || is_untyped { Types::String } else { Types::Other }
}

fn of_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::String(_) => "string",
        _ => "",
    }
}
