//! The shared vectors: `tests/vectors/audit-*.json`, described in `tests/vectors/README.md`.

use crate::support::{read, repository};
use serde::Deserialize;
use serde_json::Value;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Case {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) policy: Option<Value>,
    #[serde(default = "any_tool")]
    pub(crate) tool: String,
    #[serde(default)]
    args: Option<String>,
    #[serde(default)]
    args_hex: Option<String>,
    #[serde(default)]
    args_repeat: Option<Repeat>,
    pub(crate) action: String,
    #[serde(default)]
    pub(crate) findings: Vec<Expected>,
}

/// Arguments that are too long to write down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeat {
    #[serde(default)]
    before: String,
    unit: String,
    count: usize,
    #[serde(default)]
    after: String,
}

/// What a case says of one finding; what is absent is not compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) rule: String,
    pub(crate) action: Option<String>,
    pub(crate) pointer: Option<String>,
    pub(crate) start: Option<u64>,
    pub(crate) end: Option<u64>,
}

/// A finding in the form that every surface can be brought to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) rule: String,
    pub(crate) action: String,
    pub(crate) pointer: String,
    pub(crate) range: Option<(u64, u64)>,
}

fn any_tool() -> String {
    "t".to_owned()
}

impl Case {
    /// The input as bytes.
    pub(crate) fn input(&self) -> Vec<u8> {
        match (&self.args, &self.args_hex, &self.args_repeat) {
            (Some(text), None, None) => text.clone().into_bytes(),
            (None, Some(hex), None) => {
                assert!(hex.len() % 2 == 0, "{}: an odd number of digits", self.name);
                let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
                (0..hex.len()).step_by(2).map(byte).collect()
            }
            (None, None, Some(repeat)) => {
                format!("{}{}{}", repeat.before, repeat.unit.repeat(repeat.count), repeat.after).into_bytes()
            }
            _ => panic!("{}: exactly one of args, argsHex and argsRepeat", self.name),
        }
    }

    /// The policy document; empty for the default policy.
    pub(crate) fn policy_text(&self) -> String {
        self.policy.as_ref().map(Value::to_string).unwrap_or_default()
    }

    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, action: &str, found: &[Found]) -> Option<String> {
        let same = action == self.action
            && found.len() == self.findings.len()
            && self.findings.iter().zip(found).all(|(expected, found)| expected.allows(found));
        (!same).then(|| {
            format!("{}: expected {} {:?}, got {action} {found:?}", self.name, self.action, self.findings)
        })
    }
}

impl Expected {
    fn allows(&self, found: &Found) -> bool {
        let (start, end) = found.range.unzip();
        self.rule == found.rule
            && self.action.as_ref().is_none_or(|action| *action == found.action)
            && self.pointer.as_ref().is_none_or(|pointer| *pointer == found.pointer)
            && (self.start.is_none() || self.start == start)
            && (self.end.is_none() || self.end == end)
    }
}

/// All cases, with the name of their file in front of their own.
pub(crate) fn cases() -> Vec<Case> {
    let mut files: Vec<String> = std::fs::read_dir(repository("tests/vectors"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.strip_suffix(".json").is_some_and(|name| name.starts_with("audit-")))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no vectors");
    let mut cases = Vec::new();
    for file in files {
        let mut own: Vec<Case> = serde_json::from_str(&read(&format!("tests/vectors/{file}")))
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(!own.is_empty(), "{file} is empty");
        for case in &mut own {
            case.name = format!("{file}: {}", case.name);
        }
        cases.append(&mut own);
    }
    cases
}
