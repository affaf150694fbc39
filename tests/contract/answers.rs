//! What a server says: its answers and definitions, as the shared vectors have them, through Rust. The same file runs
//! through C (`capi.rs`) and Node (`__test__`).

use crate::cases::vectors;
use callgate::{CleanOptions, Definition, Gate};
use serde::Deserialize;
use serde_json::Value;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerCase {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) policy: Option<Value>,
    /// What the text defines; absent: it is a message.
    #[serde(default)]
    pub(crate) of: Option<String>,
    pub(crate) text: String,
    pub(crate) action: String,
    #[serde(default)]
    pub(crate) pointers: Vec<String>,
    /// What is sent in its place; absent where nothing else is.
    #[serde(default)]
    pub(crate) replacement: Option<String>,
    /// Read by `rules.rs`.
    #[serde(default, rename = "misses")]
    _misses: Vec<String>,
}

/// A message that is cleaned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CleanCase {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) policy: Option<Value>,
    #[serde(default)]
    pub(crate) tool: String,
    /// The schema of its structured content.
    #[serde(default)]
    pub(crate) schema: Option<Value>,
    pub(crate) text: String,
    pub(crate) action: String,
    /// A rule and a pointer each, with a space between.
    #[serde(default)]
    pub(crate) found: Vec<String>,
    #[serde(default)]
    pub(crate) replacement: Option<String>,
    /// Read by `rules.rs`.
    #[serde(default, rename = "misses")]
    _misses: Vec<String>,
}

impl CleanCase {
    /// The policy document; empty for the default policy.
    pub(crate) fn policy_text(&self) -> String {
        self.policy.as_ref().map(Value::to_string).unwrap_or_default()
    }

    /// The schema as JSON; empty where there is none.
    pub(crate) fn schema_text(&self) -> String {
        self.schema.as_ref().map(Value::to_string).unwrap_or_default()
    }

    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, answered: &Answered) -> Option<String> {
        let pair = |found: &String| {
            let (rule, pointer) = found.split_once(' ').expect(&self.name);
            (rule.to_owned(), pointer.to_owned())
        };
        let found = self.found.iter().map(pair).collect();
        let (action, replacement) = (self.action.clone(), self.replacement.clone());
        let expected = Answered { action, found, replacement };
        (*answered != expected).then(|| format!("{}: expected {expected:?}, got {answered:?}", self.name))
    }
}

fn cleaned(case: &CleanCase) -> Answered {
    let gate = match case.policy_text().as_str() {
        "" => Gate::default(),
        policy => Gate::from_json(policy.as_bytes()).expect(&case.name),
    };
    let schema = case.schema_text();
    let mut options = CleanOptions::default();
    options.tool = Some(case.tool.as_str()).filter(|tool| !tool.is_empty());
    options.output_schema = Some(schema.as_str()).filter(|schema| !schema.is_empty());
    let answer = gate.clean_answer(case.text.as_bytes(), &options);
    let verdict = answer.verdict();
    let found = |finding: &callgate::Finding| (finding.rule.id().to_owned(), finding.pointer.clone());
    Answered {
        action: verdict.action().as_str().to_owned(),
        found: verdict.findings().iter().map(found).collect(),
        replacement: answer.replacement().map(|text| String::from_utf8(text.to_vec()).unwrap()),
    }
}

#[test]
fn messages_are_cleaned_as_written_down() {
    let cases = vectors().cleaned;
    let differences: Vec<_> = cases.iter().filter_map(|case| case.difference(&cleaned(case))).collect();
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn what_was_cleaned_is_clean() {
    // What takes the place of a secret so that a schema still matches looks like one.
    let is_masked = |case: &CleanCase| case.schema.is_some();
    for case in vectors().cleaned.into_iter().filter(|case| case.replacement.is_some() && !is_masked(case)) {
        let replacement = cleaned(&case).replacement.expect(&case.name);
        serde_json::from_str::<Value>(&replacement).expect(&case.name);
        let again = cleaned(&CleanCase { text: replacement, ..case });
        assert_eq!((again.found, again.replacement), (vec![], None));
    }
}

/// What a surface said of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) action: String,
    /// A rule and a pointer each.
    pub(crate) found: Vec<(String, String)>,
    pub(crate) replacement: Option<String>,
}

impl AnswerCase {
    /// The policy document; empty for the default policy.
    pub(crate) fn policy_text(&self) -> String {
        self.policy.as_ref().map(Value::to_string).unwrap_or_default()
    }

    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, answered: &Answered) -> Option<String> {
        let rule = if self.of.is_some() { "tool.poisoned" } else { "injection.prompt" };
        let found = self.pointers.iter().map(|pointer| (rule.to_owned(), pointer.clone())).collect();
        let (action, replacement) = (self.action.clone(), self.replacement.clone());
        let expected = Answered { action, found, replacement };
        (*answered != expected).then(|| format!("{}: expected {expected:?}, got {answered:?}", self.name))
    }
}

fn through_rust(case: &AnswerCase) -> Answered {
    let policy = case.policy_text();
    let gate = match policy.as_str() {
        "" => Gate::default(),
        policy => Gate::from_json(policy.as_bytes()).expect(&case.name),
    };
    let text = case.text.as_bytes();
    let (verdict, replacement) = match case.of.as_deref() {
        None => {
            let answer = gate.audit_answer(text);
            let replacement = answer.replacement().map(|text| String::from_utf8(text.to_vec()).unwrap());
            (answer.verdict().clone(), replacement)
        }
        Some(of) => {
            let of = match of {
                "tool" => Definition::Tool,
                "prompt" => Definition::Prompt,
                "resource" => Definition::Resource,
                _ => Definition::Server,
            };
            (gate.audit_definition(of, text), None)
        }
    };
    let found = |finding: &callgate::Finding| (finding.rule.id().to_owned(), finding.pointer.clone());
    Answered {
        action: verdict.action().as_str().to_owned(),
        found: verdict.findings().iter().map(found).collect(),
        replacement,
    }
}

#[test]
fn answers_and_definitions_are_judged_as_written_down() {
    let cases = vectors().answers;
    let differences: Vec<_> = cases.iter().filter_map(|case| case.difference(&through_rust(case))).collect();
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn a_replacement_is_json_and_has_nothing_to_replace_once_it_is_refused() {
    for case in vectors().answers.iter().filter(|case| case.replacement.is_some()) {
        let Answered { action, replacement, .. } = through_rust(case);
        let replacement = replacement.expect(&case.name);
        serde_json::from_str::<Value>(&replacement).expect(&case.name);
        if action == "deny" {
            let again = through_rust(&AnswerCase { text: replacement, ..case.copied() });
            assert_eq!((again.found, again.replacement), (vec![], None), "{}", case.name);
        }
    }
}

impl AnswerCase {
    fn copied(&self) -> Self {
        Self {
            name: self.name.clone(),
            policy: self.policy.clone(),
            of: None,
            text: String::new(),
            action: String::new(),
            pointers: Vec::new(),
            replacement: None,
            _misses: Vec::new(),
        }
    }
}
