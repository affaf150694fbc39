//! The shared vectors of paths: `tests/vectors/paths.json`, described at its head.

use crate::support::read;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// One thing to make below the temporary folder.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields, rename_all_fields = "camelCase")]
pub(crate) enum Entry {
    Dir { dir: String },
    File { file: String, text: String },
    Link { link: String, target: String },
    HardLink { hard_link: String, of: String },
    Fifo { fifo: String },
}

impl Entry {
    pub(crate) fn make(&self, temp: &Path) {
        let made = match self {
            Self::Dir { dir } => fs::create_dir_all(temp.join(dir)),
            Self::File { file, text } => fs::write(temp.join(file), text),
            Self::Link { link, target } => symlink(target, temp.join(link)),
            Self::HardLink { hard_link, of } => fs::hard_link(temp.join(of), temp.join(hard_link)),
            Self::Fifo { fifo } => Command::new("mkfifo").arg(temp.join(fifo)).status().map(|status| {
                assert!(status.success(), "{self:?}");
            }),
        };
        made.unwrap_or_else(|error| panic!("{self:?}: {error}"));
    }
}

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PathCase {
    pub(crate) name: String,
    #[serde(default)]
    policy: Value,
    pub(crate) path: String,
    pub(crate) intent: Option<String>,
    pub(crate) base: Option<String>,
    expect: Expected,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rule: Option<String>,
    check: Option<String>,
    relative: Option<String>,
    kind: Option<String>,
    root: Option<String>,
    #[serde(default)]
    flags: Vec<String>,
}

/// What resolving answers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Resolved {
    Refused(String),
    Path { path: String, relative: String, root: String, kind: String, flags: Vec<String> },
}

/// What a surface answers to a case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PathAnswer {
    pub(crate) resolved: Resolved,
    /// The action of checking.
    pub(crate) check: String,
    /// The rules that checking finds.
    pub(crate) found: Vec<String>,
}

/// The cases and the tree that they are about; the tree goes when this does.
pub(crate) struct Planted {
    pub(crate) cases: Vec<PathCase>,
    pub(crate) root: String,
    _temp: tempfile::TempDir,
}

/// Makes the tree.
pub(crate) fn plant() -> Planted {
    #[derive(Deserialize)]
    struct Vectors {
        tree: Vec<Entry>,
        cases: Vec<PathCase>,
    }
    let temp = tempfile::tempdir().unwrap();
    let real = fs::canonicalize(temp.path()).unwrap();
    let real = real.to_str().expect("UTF-8");
    let root = format!("{real}/root");
    let text = read("tests/vectors/paths.json").replace("{root}", &root).replace("{temp}", real);
    let Vectors { tree, cases } = serde_json::from_str(&text).unwrap();
    assert!(!cases.is_empty(), "no cases");
    for entry in tree {
        entry.make(Path::new(real));
    }
    Planted { cases, root, _temp: temp }
}

impl PathCase {
    /// The policy, with the usual root where the case names none.
    pub(crate) fn policy_text(&self, root: &str) -> String {
        let mut policy = if self.policy.is_null() { json!({}) } else { self.policy.clone() };
        if policy.pointer("/paths/roots").is_none() {
            policy["paths"]["roots"] = json!([root]);
        }
        policy.to_string()
    }

    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, root: &str, answer: &PathAnswer) -> Option<String> {
        let expect = &self.expect;
        let expected = match &expect.rule {
            Some(rule) => {
                let check = expect.check.as_deref().unwrap_or("deny");
                PathAnswer {
                    resolved: Resolved::Refused(rule.clone()),
                    check: check.to_owned(),
                    // The first alone is written down.
                    found: if check == "allow" {
                        Vec::new()
                    } else {
                        std::iter::once(rule).chain(answer.found.iter().skip(1)).cloned().collect()
                    },
                }
            }
            None => PathAnswer {
                resolved: expect.resolved(root),
                check: if expect.flags.is_empty() { "allow" } else { "flag" }.to_owned(),
                found: expect.flags.clone(),
            },
        };
        (expected != *answer).then(|| format!("{}: expected {expected:?}, got {answer:?}", self.name))
    }
}

impl Expected {
    fn resolved(&self, root: &str) -> Resolved {
        let root = self.root.as_deref().unwrap_or(root);
        let relative = self.relative.as_deref().expect("a rule, or a relative path");
        Resolved::Path {
            path: if relative == "." { root.to_owned() } else { format!("{root}/{relative}") },
            relative: relative.to_owned(),
            root: root.to_owned(),
            kind: self.kind.clone().expect("a kind"),
            flags: self.flags.clone(),
        }
    }
}
