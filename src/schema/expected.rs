//! What a schema expected where a document does not match it: of the schema's own words, never of the document's.

#![forbid(unsafe_code)]

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

/// Characters of what is told (a closed set may have thousands of values).
const MAX_EXPECTED: usize = 256;
/// Alternatives that are told.
const MAX_ALTERNATIVES: usize = 8;
/// Alternatives within alternatives.
const MAX_DEPTH: usize = 4;

/// What was expected: a type, the values, a bound.
pub(super) fn expected(error: &ValidationError<'_>) -> Option<String> {
    of(error, MAX_DEPTH).map(cut)
}

fn of(error: &ValidationError<'_>, depth: usize) -> Option<String> {
    Some(match error.kind() {
        Kind::Type { kind: TypeKind::Single(one) } => one.to_string(),
        Kind::Type { kind: TypeKind::Multiple(several) } => {
            // It is what may also be there.
            let (null, others): (Vec<_>, Vec<_>) =
                several.iter().map(|one| one.to_string()).partition(|one| one == "null");
            joined(others.into_iter().chain(null), " or ")
        }
        Kind::Enum { options } => match options.as_array() {
            Some(values) => {
                let several = if values.len() == 1 { "" } else { "one of " };
                format!("{several}{}", joined(values.iter().map(Value::to_string), "|"))
            }
            None => options.to_string(),
        },
        Kind::Constant { expected_value } => expected_value.to_string(),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::MaxLength { limit } => counted("at most", *limit, "character"),
        Kind::MinLength { limit } => counted("at least", *limit, "character"),
        Kind::MaxItems { limit } => counted("at most", *limit, "item"),
        Kind::MinItems { limit } => counted("at least", *limit, "item"),
        Kind::AdditionalItems { limit } => counted("at most", *limit as u64, "item"),
        Kind::MaxProperties { limit } => counted("at most", *limit, "member"),
        Kind::MinProperties { limit } => counted("at least", *limit, "member"),
        Kind::Pattern { pattern } => format!("text that matches {}", Value::from(pattern.as_str())),
        Kind::UniqueItems => "items that differ from each other".to_owned(),
        Kind::Contains => "another number of items that match `contains`".to_owned(),
        Kind::Required { property } => format!("the member {property}"),
        Kind::AdditionalProperties { .. } | Kind::UnevaluatedProperties { .. } | Kind::FalseSchema => {
            "nothing of this name".to_owned()
        }
        Kind::UnevaluatedItems { .. } => "no further item".to_owned(),
        Kind::PropertyNames { error } => {
            format!("a name that is {}", of(error, depth.checked_sub(1)?)?)
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            alternatives(context, error.instance_path().as_str(), depth)?
        }
        Kind::OneOfMultipleValid { .. } => "what matches one alternative alone".to_owned(),
        Kind::Not { schema } => return not(schema),
        _ => return None,
    })
}

/// What each alternative expected first of the value at a place, without repeating any.
fn alternatives(context: &[Vec<ValidationError<'static>>], at: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let mut known: Vec<String> = Vec::new();
    for errors in context.iter().take(MAX_ALTERNATIVES) {
        let error = errors.first()?;
        let mut text = of(error, depth)?;
        // An alternative that looks into the value says where.
        let below = error.instance_path().as_str().strip_prefix(at).unwrap_or_default();
        if !below.is_empty() {
            text = format!("{text} at {below}");
        }
        if !known.contains(&text) {
            known.push(text);
        }
    }
    (!known.is_empty()).then(|| joined(known, " or "))
}

/// What a schema of the simplest form excludes.
fn not(schema: &Value) -> Option<String> {
    let members = schema.as_object().filter(|members| members.len() == 1)?;
    let (name, value) = members.iter().next()?;
    match name.as_str() {
        "const" => Some(format!("anything but {value}")),
        "enum" => Some(format!("none of {}", joined(value.as_array()?.iter().map(Value::to_string), "|"))),
        "type" => Some(format!("anything but {}", value.as_str()?)),
        _ => None,
    }
}

fn counted(bound: &str, limit: u64, unit: &str) -> String {
    let end = if limit == 1 { "" } else { "s" };
    format!("{bound} {limit} {unit}{end}")
}

/// As many as may be told.
fn joined(texts: impl IntoIterator<Item = String>, between: &str) -> String {
    let mut all = String::new();
    for text in texts {
        if !all.is_empty() {
            all.push_str(between);
        }
        all.push_str(&text);
        if all.len() > MAX_EXPECTED {
            break;
        }
    }
    all
}

fn cut(text: String) -> String {
    match text.char_indices().nth(MAX_EXPECTED) {
        Some((at, _)) => [text.get(..at).unwrap_or_default(), "..."].concat(),
        None => text,
    }
}
