//! What the shared vectors say of paths, and the trees of files that they are about.

use serde::Deserialize;
use serde_json::Value;
use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// Files with a tree are left out where paths are not validated.
#[cfg(not(unix))]
fn symlink(_: &str, _: std::path::PathBuf) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

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
        let (Self::Dir { dir: name }
        | Self::File { file: name, .. }
        | Self::Link { link: name, .. }
        | Self::HardLink { hard_link: name, .. }
        | Self::Fifo { fifo: name }) = self;
        fs::create_dir_all(temp.join(name).parent().unwrap()).unwrap();
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
    pub(crate) policy: Option<Value>,
    /// Filled in where the case is read.
    #[serde(skip)]
    pub(crate) root: String,
    pub(crate) path: String,
    pub(crate) intent: Option<String>,
    pub(crate) base: Option<String>,
    /// Read by `rules.rs`.
    #[serde(default, rename = "misses")]
    _misses: Vec<String>,
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

/// A planted tree; it goes when this does.
pub(crate) struct Tree {
    temp: String,
    _folder: tempfile::TempDir,
}

impl Tree {
    /// Makes the tree.
    pub(crate) fn plant(entries: &Value, name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(folder.path()).unwrap();
        let tree = Self { temp: real.to_str().expect("UTF-8").to_owned(), _folder: folder };
        let entries: Vec<Entry> =
            serde_json::from_value(tree.placed(entries)).unwrap_or_else(|error| panic!("{name}: {error}"));
        for entry in entries {
            entry.make(&real);
        }
        tree
    }

    /// The value with both placeholders replaced, at any depth.
    pub(crate) fn placed(&self, value: &Value) -> Value {
        let text = value.to_string().replace("{root}", &self.root()).replace("{temp}", &self.temp);
        serde_json::from_str(&text).expect("the paths of the folder need no escapes")
    }

    pub(crate) fn root(&self) -> String {
        format!("{}/root", self.temp)
    }
}

impl PathCase {
    /// The policy document.
    pub(crate) fn policy_text(&self) -> String {
        self.policy.as_ref().map(Value::to_string).unwrap_or_default()
    }

    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, answer: &PathAnswer) -> Option<String> {
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
                resolved: expect.resolved(&self.root),
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
