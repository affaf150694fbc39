//! The shared vectors: `tests/vectors/*.json`, described in `tests/vectors/README.md`.

use crate::answers::{AnswerCase, CleanCase};
use crate::kinds::KindsCase;
use crate::messages::MessageCase;
use crate::redact_cases::RedactCase;
use crate::support::{read, repository};
use crate::text_cases::TextCase;
use crate::tree::{PathCase, Tree};
use crate::url_cases::{UrlCase, UrlGroup};
use serde::Deserialize;
use serde_json::{Value, json};

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Case {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) policy: Option<Value>,
    #[serde(default = "any_tool")]
    pub(crate) tool: String,
    /// The process that gets the paths, where it is told.
    #[serde(default)]
    server: Option<Value>,
    #[serde(default)]
    args: Option<String>,
    #[serde(default)]
    args_hex: Option<String>,
    #[serde(default)]
    args_repeat: Option<Repeat>,
    pub(crate) action: String,
    /// Read by `rules.rs`.
    #[serde(default, rename = "misses")]
    _misses: Vec<String>,
    #[serde(default)]
    pub(crate) findings: Vec<Expected>,
}

/// Arguments that are too long to write down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Repeat {
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

impl Case {
    /// A case that expects the same rule so many times, and nothing else.
    pub(crate) fn of_rule(
        name: String,
        policy: Value,
        args: String,
        rule: Option<&str>,
        count: usize,
    ) -> Self {
        let one = |rule: &str| Expected {
            rule: rule.to_owned(),
            action: None,
            pointer: None,
            start: None,
            end: None,
        };
        Self {
            name,
            policy: Some(policy),
            tool: any_tool(),
            server: None,
            args: Some(args),
            args_hex: None,
            args_repeat: None,
            action: if rule.is_some() { "flag" } else { "allow" }.to_owned(),
            _misses: Vec::new(),
            findings: rule.into_iter().flat_map(|rule| (0..count).map(move |_| one(rule))).collect(),
        }
    }
}

fn any_tool() -> String {
    "t".to_owned()
}

impl Case {
    /// The input as bytes.
    pub(crate) fn input(&self) -> Vec<u8> {
        input(&self.name, (self.args.as_ref(), self.args_hex.as_ref(), self.args_repeat.as_ref()))
    }

    /// The policy document; empty for the default policy.
    pub(crate) fn policy_text(&self) -> String {
        self.policy.as_ref().map(Value::to_string).unwrap_or_default()
    }

    /// What is told of the process that gets the paths; empty for nothing.
    pub(crate) fn server_text(&self) -> String {
        self.server.as_ref().map(Value::to_string).unwrap_or_default()
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

/// The bytes of a case: text, hexadecimal digits, or a unit that is repeated.
pub(crate) fn input(name: &str, form: (Option<&String>, Option<&String>, Option<&Repeat>)) -> Vec<u8> {
    match form {
        (Some(text), None, None) => text.clone().into_bytes(),
        (None, Some(hex), None) => {
            assert!(hex.len() % 2 == 0, "{name}: an odd number of digits");
            let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
            (0..hex.len()).step_by(2).map(byte).collect()
        }
        (None, None, Some(repeat)) => {
            format!("{}{}{}", repeat.before, repeat.unit.repeat(repeat.count), repeat.after).into_bytes()
        }
        _ => panic!("{name}: exactly one form of input"),
    }
}

impl Expected {
    pub(crate) fn allows(&self, found: &Found) -> bool {
        let (start, end) = found.range.unzip();
        self.rule == found.rule
            && self.action.as_ref().is_none_or(|action| *action == found.action)
            && self.pointer.as_ref().is_none_or(|pointer| *pointer == found.pointer)
            && (self.start.is_none() || self.start == start)
            && (self.end.is_none() || self.end == end)
    }
}

/// One file of vectors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    policy: Option<Value>,
    /// Planted before the rest is read.
    #[serde(rename = "tree")]
    _tree: Option<Value>,
    #[serde(default)]
    audit: Vec<Case>,
    #[serde(default)]
    paths: Vec<PathCase>,
    #[serde(default)]
    urls: Vec<UrlGroup>,
    #[serde(default)]
    texts: Vec<TextCase>,
    #[serde(default)]
    redact: Vec<RedactCase>,
    #[serde(default)]
    kinds: Vec<KindsCase>,
    #[serde(default)]
    messages: Vec<MessageCase>,
    #[serde(default)]
    answers: Vec<AnswerCase>,
    #[serde(default)]
    cleaned: Vec<CleanCase>,
    /// Read by `files.rs`.
    files: Option<Value>,
    /// Run through Node alone: `__test__/proxy/vectors.test.mjs`.
    proxy: Option<Value>,
}

/// The cases of all files; the folders that they are about go when this does.
#[derive(Default)]
pub(crate) struct Vectors {
    pub(crate) audit: Vec<Case>,
    pub(crate) paths: Vec<PathCase>,
    pub(crate) urls: Vec<UrlCase>,
    pub(crate) texts: Vec<TextCase>,
    pub(crate) redact: Vec<RedactCase>,
    pub(crate) kinds: Vec<KindsCase>,
    pub(crate) messages: Vec<MessageCase>,
    pub(crate) answers: Vec<AnswerCase>,
    pub(crate) cleaned: Vec<CleanCase>,
    trees: Vec<Tree>,
}

/// Every case with the policy and the root that hold for it, and with the name of its file in front of its own.
pub(crate) fn vectors() -> Vectors {
    let mut vectors = Vectors::default();
    let mut files: Vec<String> = std::fs::read_dir(repository("tests/vectors"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.strip_suffix(".json").is_some())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no vectors");
    for name in files {
        vectors.add(&name, serde_json::from_str(&read(&format!("tests/vectors/{name}"))).expect(&name));
    }
    vectors
}

impl Vectors {
    fn add(&mut self, name: &str, mut contents: Value) {
        if contents.is_array() {
            contents = json!({ "audit": contents });
        }
        if cfg!(not(unix)) && contents.get("tree").is_some() {
            return;
        }
        let tree = contents.get("tree").map(|entries| Tree::plant(entries, name));
        if let Some(tree) = &tree {
            contents = tree.placed(&contents);
        }
        let root = tree.as_ref().map(Tree::root);
        let mut file: File =
            serde_json::from_value(contents).unwrap_or_else(|error| panic!("{name}: {error}"));
        let count = file.audit.len()
            + file.paths.len()
            + file.urls.len()
            + file.texts.len()
            + file.redact.len()
            + file.kinds.len()
            + file.messages.len()
            + file.answers.len()
            + file.cleaned.len();
        assert!(count > 0 || file.files.is_some() || file.proxy.is_some(), "{name} is empty");
        let policy = |own: Option<Value>| with_root(own.or_else(|| file.policy.clone()), root.as_deref());
        for case in &mut file.audit {
            case.name = format!("{name}: {}", case.name);
            case.policy = policy(case.policy.take());
        }
        for case in &mut file.paths {
            case.name = format!("{name}: {}", case.name);
            case.root = root.clone().unwrap_or_else(|| panic!("{name} has no tree"));
            case.policy = policy(case.policy.take());
        }
        for mut group in file.urls {
            group.name = format!("{name}: {}", group.name);
            group.policy = policy(group.policy.take());
            self.urls.extend(group.cases());
        }
        for case in &mut file.texts {
            case.name = format!("{name}: {}", case.name);
            case.policy = policy(case.policy.take());
        }
        for case in &mut file.redact {
            case.name = format!("{name}: {}", case.name);
            case.policy = policy(case.policy.take());
        }
        for case in &mut file.messages {
            case.name = format!("{name}: {}", case.name);
            case.policy = policy(case.policy.take());
        }
        for case in &mut file.answers {
            case.name = format!("{name}: {}", case.name);
            case.policy = policy(case.policy.take());
        }
        for case in &mut file.cleaned {
            case.name = format!("{name}: {}", case.name);
            case.policy = policy(case.policy.take());
        }
        self.answers.append(&mut file.answers);
        self.cleaned.append(&mut file.cleaned);
        self.audit.append(&mut file.audit);
        self.audit.extend(file.redact.iter().filter_map(RedactCase::audited));
        self.messages.append(&mut file.messages);
        self.redact.append(&mut file.redact);
        self.kinds.append(&mut file.kinds);
        self.texts.append(&mut file.texts);
        self.paths.append(&mut file.paths);
        self.trees.extend(tree);
    }
}

/// The policy with the root of the tree where it has no roots.
fn with_root(policy: Option<Value>, root: Option<&str>) -> Option<Value> {
    let Some(root) = root else { return policy };
    let mut policy = policy.unwrap_or_else(|| json!({}));
    if policy.pointer("/paths/roots").is_none() {
        policy["paths"]["roots"] = json!([root]);
    }
    Some(policy)
}
