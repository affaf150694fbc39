//! What the validator says, as rules, places and words of our own: none of them holds a value.

use super::expected::expected;
use super::{Fault, Mismatch};
use crate::json::Document;
use crate::rules::Rule;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;

/// Pointers longer than this name the deepest container whose pointer is not (bytes), as in `json::Place`.
const MAX_POINTER: usize = 2048;
/// Characters of a missing member's name.
const MAX_NAME: usize = 256;
/// Members that one error is told of at most.
const MAX_UNEXPECTED: usize = 32;

/// Why a schema does not compile.
pub(super) fn compiling(error: &ValidationError<'_>) -> Fault {
    let what = match error.kind() {
        Kind::Referencing(_) => "a $ref to what is not in the schema; none is fetched".to_owned(),
        Kind::Format { format } if format == "regex" => {
            "a pattern that the linear-time engine cannot compile: a regular expression without look-around and \
             back references is needed, and not too large a one"
                .to_owned()
        }
        kind => format!("not a schema of its draft: {}", kind.keyword()),
    };
    Fault { pointer: error.instance_path().as_str().to_owned(), what }
}

/// What one error says of the document. Errors that came when the fuel was used up say nothing.
pub(super) fn mismatches(document: &Document<'_>, error: &ValidationError<'_>, found: &mut Vec<Mismatch>) {
    let Some(number) = error.instance().as_u64() else { return };
    let value = document.numbered(number);
    let rule = rule(error);
    let expected = expected(error);
    let what = what(error, expected.as_deref());
    let pointer = error.instance_path().as_str();
    let below = |name: &str| short(&format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")));
    if let Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } =
        error.kind()
    {
        for name in unexpected.iter().take(MAX_UNEXPECTED) {
            let pointer = below(name);
            let span = value.member_span(name).unwrap_or_else(|| value.span());
            found.push(Mismatch { rule, pointer, what: what.clone(), expected: expected.clone(), span });
        }
    } else if rule == Rule::SchemaAdditionalProperties {
        // No member is named by the schema: the error has the place of the object, and the first of its values.
        let (name, span) = value.member();
        found.push(Mismatch { rule, pointer: below(&name), what, expected, span });
    } else {
        found.push(Mismatch { rule, pointer: short(pointer), what, expected, span: value.span() });
    }
}

/// The longest front part of a pointer that is short enough.
fn short(pointer: &str) -> String {
    let mut pointer = pointer.to_owned();
    while pointer.len() > MAX_POINTER {
        pointer.truncate(pointer.rfind('/').unwrap_or(0));
    }
    pointer
}

/// What was wrong, for who made the call.
fn what(error: &ValidationError<'_>, expected: Option<&str>) -> String {
    match (error.kind(), expected) {
        (Kind::Required { property }, _) => {
            let name: String = property.to_string().chars().take(MAX_NAME).collect();
            format!("the member {name} is missing")
        }
        (Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. }, _) | (_, None) => {
            "not a value that the schema allows".to_owned()
        }
        (_, Some(expected)) => format!("expected {expected}"),
    }
}

/// The rule of an error: the keyword that failed.
fn rule(error: &ValidationError<'_>) -> Rule {
    let mut places = error.schema_path().as_str().rsplit('/');
    let (last, above) = (places.next().unwrap_or_default(), places.next().unwrap_or_default());
    match error.kind() {
        Kind::AdditionalItems { .. } => Rule::SchemaAdditionalItems,
        Kind::AdditionalProperties { .. } => Rule::SchemaAdditionalProperties,
        Kind::AnyOf { .. } => Rule::SchemaAnyOf,
        Kind::Constant { .. } => Rule::SchemaConst,
        Kind::Contains if last == "minContains" => Rule::SchemaMinContains,
        Kind::Contains if last == "maxContains" => Rule::SchemaMaxContains,
        Kind::Contains => Rule::SchemaContains,
        Kind::Enum { .. } => Rule::SchemaEnum,
        Kind::ExclusiveMaximum { .. } => Rule::SchemaExclusiveMaximum,
        Kind::ExclusiveMinimum { .. } => Rule::SchemaExclusiveMinimum,
        Kind::FalseSchema if last == "additionalProperties" => Rule::SchemaAdditionalProperties,
        Kind::FalseSchema => Rule::SchemaFalse,
        Kind::MaxItems { .. } => Rule::SchemaMaxItems,
        Kind::Maximum { .. } => Rule::SchemaMaximum,
        Kind::MaxLength { .. } => Rule::SchemaMaxLength,
        Kind::MaxProperties { .. } => Rule::SchemaMaxProperties,
        Kind::MinItems { .. } => Rule::SchemaMinItems,
        Kind::Minimum { .. } => Rule::SchemaMinimum,
        Kind::MinLength { .. } => Rule::SchemaMinLength,
        Kind::MinProperties { .. } => Rule::SchemaMinProperties,
        Kind::MultipleOf { .. } => Rule::SchemaMultipleOf,
        Kind::Not { .. } => Rule::SchemaNot,
        Kind::OneOfMultipleValid { .. } | Kind::OneOfNotValid { .. } => Rule::SchemaOneOf,
        Kind::Pattern { .. } | Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            Rule::SchemaPattern
        }
        Kind::PropertyNames { .. } => Rule::SchemaPropertyNames,
        Kind::Required { .. } if last != "required" && [last, above].contains(&"dependentRequired") => {
            Rule::SchemaDependentRequired
        }
        Kind::Required { .. } if last != "required" => Rule::SchemaDependencies,
        Kind::Required { .. } => Rule::SchemaRequired,
        Kind::Type { .. } => Rule::SchemaType,
        Kind::UnevaluatedItems { .. } => Rule::SchemaUnevaluatedItems,
        Kind::UnevaluatedProperties { .. } => Rule::SchemaUnevaluatedProperties,
        Kind::UniqueItems => Rule::SchemaUniqueItems,
        // None of these is asked for: a document is never let through for it.
        Kind::ContentEncoding { .. }
        | Kind::ContentMediaType { .. }
        | Kind::Custom { .. }
        | Kind::Format { .. }
        | Kind::FromUtf8 { .. }
        | Kind::Referencing(_) => Rule::SchemaLimit,
    }
}
