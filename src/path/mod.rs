//! Paths that cannot leave their root.
//!
//! `text` and `names` judge what is written, `readings` what a server that is a `process` of its own may make of it, `reach` what a value
//! leads to that nobody says is one, `blocked` and `protected` what is off limits, `keys` knows private keys, `roots` holds the open folders,
//! `resolve` asks the kernel, `open` hands out descriptors, and `files` does the operation itself.

#![forbid(unsafe_code)]

mod blocked;
#[cfg(unix)]
mod client;
mod files;
#[cfg(unix)]
mod keys;
mod names;
mod noted;
#[cfg(unix)]
mod open;
mod process;
#[cfg(unix)]
mod protected;
#[cfg(unix)]
mod reach;
mod readings;
#[cfg(unix)]
mod resolve;
#[cfg(unix)]
mod roots;
#[cfg(unix)]
mod settings;
mod text;
#[cfg(not(unix))]
mod unsupported;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use crate::error::{Error, ErrorKind};
use crate::policy::{Actions, Intent, Paths};
use crate::rules::{Action, Rule};
use crate::verdict::Finding;
use blocked::{Access, Blocked};
use std::borrow::Cow;
use std::sync::Arc;
use text::{climbs, components, fold_path};

pub use files::{
    AppendOptions, CopyOptions, DirEntry, EntryKind, FileStat, Files, MakeDirOptions, ReadDirOptions,
    ReadOptions, RemoveOptions, RenameOptions, StatOptions, WriteOptions,
};
#[cfg(all(feature = "node", not(test)))]
pub(crate) use noted::noting;
pub use process::ServerProcess;
pub(crate) use readings::Reach;
#[cfg(unix)]
pub(crate) use resolve::PathGuard;
#[cfg(not(unix))]
pub(crate) use unsupported::PathGuard;

/// What will be done at a path, and where relative paths count from.
///
/// ```
/// use callgate::{PathOptions, policy::Intent};
/// let mut options = PathOptions::new(Intent::List);
/// options.base = Some("drafts".to_owned());
/// assert_eq!(PathOptions::default(), PathOptions::new(Intent::Read));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PathOptions {
    /// Default: [`Intent::Read`].
    pub intent: Intent,
    /// The folder that a relative path counts from; itself relative to the first root, or absolute in a
    /// root. Default: the first root.
    pub base: Option<String>,
}

/// How a file is opened.
///
/// ```
/// use callgate::{OpenOptions, policy::Intent};
/// let mut options = OpenOptions::new(Intent::Write);
/// (options.create, options.exclusive, options.mode) = (true, true, Some(0o644));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, named as in the other surfaces")]
#[non_exhaustive]
pub struct OpenOptions {
    /// Intent and base. Intent `write` opens for writing, `read` for reading, `list` opens a directory.
    pub path: PathOptions,
    /// With intent write: create the file when it is missing.
    pub create: bool,
    /// With intent write: cut the file to zero length, after every check.
    pub truncate: bool,
    /// With intent write: every write goes to the end of the file.
    pub append: bool,
    /// With `create`: refuse a file that exists.
    pub exclusive: bool,
    /// Permission bits of a created file, less the process's umask. Default 0o600.
    pub mode: Option<u32>,
}

/// What lies at a validated path.
///
/// ```
/// use callgate::{FileKind, ValidatedPath};
/// fn is_new(path: &ValidatedPath) -> bool {
///     path.kind() == FileKind::Missing
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Nothing yet.
    Missing,
}

/// A path that was checked. Only a gate makes one, so that a function that asks for it cannot be called with
/// one that was not.
///
/// ```
/// use callgate::ValidatedPath;
/// fn title(note: &ValidatedPath) -> String {
///     format!("{} in {} ({})", note.relative(), note.root(), note.path())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidatedPath {
    path: String,
    /// Where the part below the root starts in `path`; none for the root itself.
    below: Option<usize>,
    root: Arc<str>,
    kind: FileKind,
    findings: Vec<Finding>,
}

impl PathOptions {
    /// The options for an intent, with relative paths counted from the first root.
    pub fn new(intent: Intent) -> Self {
        Self { intent, base: None }
    }
}

impl OpenOptions {
    /// The options for an intent, with every switch off.
    pub fn new(intent: Intent) -> Self {
        Self { path: PathOptions::new(intent), ..Self::default() }
    }
}

impl ValidatedPath {
    /// The absolute path with every link resolved.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path relative to its root; `.` for the root itself.
    pub fn relative(&self) -> &str {
        self.below.and_then(|below| self.path.get(below..)).unwrap_or(".")
    }

    /// The absolute path of its root, links resolved.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Whether something exists there.
    pub fn exists(&self) -> bool {
        self.kind != FileKind::Missing
    }

    /// What lies there.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// What was found and only flagged.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// What was found about a path, before the policy has its say.
#[derive(Debug, Default)]
struct Matches(Vec<(Rule, &'static str)>);

impl Matches {
    /// `what` says what was wrong, without the path.
    fn add(&mut self, rule: Rule, what: &'static str) {
        if !self.0.iter().any(|(known, _)| *known == rule) {
            self.0.push((rule, what));
        }
    }

    fn iter(&self) -> impl Iterator<Item = (Rule, &'static str)> {
        self.0.iter().copied()
    }

    /// Whether the policy refuses for one of them.
    fn refuses(&self, actions: &Actions) -> bool {
        self.iter().any(|(rule, _)| actions.refuses(rule))
    }

    /// As the policy sees them.
    fn findings(&self, actions: &Actions, pointer: &str) -> Vec<Finding> {
        self.iter()
            .filter_map(|(rule, what)| {
                let finding = actions.finding(rule, rule.default_action(), pointer.to_owned(), what)?;
                let member = own_member(what).map_or(finding.member, |member| Some(member.to_owned()));
                Some(Finding { member, ..finding })
            })
            .collect()
    }

    /// As the policy sees them where a path or descriptor is handed out; the first that refuses, if any.
    /// `fatal`: there is nothing to hand out, so that the last one refuses whatever the policy says.
    fn flags(&self, actions: &Actions, fatal: bool) -> Result<Vec<Finding>, Error> {
        if self.0.is_empty() && !fatal {
            return Ok(Vec::new());
        }
        let mut findings = self.findings(actions, "");
        let last = self.0.last().copied().filter(|_| fatal);
        if let Some(at) = findings.iter().position(|finding| finding.action == Action::Deny) {
            let denial = findings.swap_remove(at);
            return Err(match last {
                Some((rule, what)) if rule == denial.rule && NOTHING_THERE.contains(&rule) => {
                    Error::refused(Actions::refusal(rule, what))
                }
                _ => Error::refused(denial),
            });
        }
        if let Some((rule, what)) = last {
            Err(Error::refused(Actions::refusal(rule, what)))
        } else {
            noted::note(&findings);
            Ok(findings)
        }
    }
}

const NO_LINKS: &str = "a symbolic link, and paths.links lets none be followed";
const ELSEWHERE: &str = "a relative path counts from the server's working directory, where it lies outside the roots; \
    an absolute path does not depend on it";

/// The member that changes the outcome, where it is not that of the rule.
fn own_member(what: &str) -> Option<&'static str> {
    match what {
        NO_LINKS => Some("paths.links"),
        ELSEWHERE => Some("paths.relative"),
        _ => None,
    }
}

/// Where one of these ends a look-up there is nothing to hand out, so that the message names no member of the
/// policy: `rules` lifts it in audits and checks alone.
const NOTHING_THERE: [Rule; 3] = [Rule::PathMissing, Rule::PathSpecialFile, Rule::PathInaccessible];

/// Whether the patterns of a policy can be compiled, without opening its roots.
pub(crate) fn check_patterns(paths: &Paths) -> Result<(), Error> {
    Blocked::new(&paths.blocked, &paths.unblocked).map(|_| ())
}

/// The error where a look-up ended without a word, which would be a fault of callgate.
fn nothing_located() -> Error {
    Error::new(ErrorKind::Internal, "a look-up ended without a result")
}

const CLIMBS: &str = "the path climbs out of its root with `..`";

/// What can be said of a path where no root is open.
fn judge_text(blocked: &Blocked, path: &str, intent: Intent, matches: &mut Matches) {
    let Some(facts) = names::check(path, matches) else {
        return;
    };
    if climbs(components(path)) {
        matches.add(Rule::PathTraversal, CLIMBS);
    }
    if let Some(what) = facts.windows.filter(|_| cfg!(windows) || intent == Intent::Write) {
        matches.add(Rule::PathName, what);
    }
    let access = |reading: &str| {
        let below = blocked.below_root(reading, facts.folds);
        if path.starts_with('/') { below.max(blocked.absolute(reading)) } else { below }
    };
    // Whether a name is a link is not known, so that `..` is read both ways. Nor is what a file holds.
    let goes_up = || components(path).any(|name| name == "..");
    let mut access_of_all = access(path);
    if goes_up() {
        access_of_all = access_of_all.max(access(&fold_path(path)));
    }
    // Of a key the content would tell; of settings that mostly hold credentials it is the name that counts here.
    let is_told = access_of_all == Access::PrivateKey && matches!(intent, Intent::Read | Intent::List);
    if !is_told && (access_of_all == Access::Sample || access_of_all.refuses(intent)) {
        matches.add(Rule::PathBlocked, access_of_all.reason());
    }
}

/// Why a text that may be the path of a file names one that is off limits, if it does, whatever is done there. What is
/// off limits only to those who write is so where the path starts at the root of the system or at a home.
fn judge_name(blocked: &Blocked, path: &str) -> Option<&'static str> {
    let path: Cow<'_, str> =
        if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) };
    let home = ["~/", "$HOME/", "${HOME}/", "%USERPROFILE%/"]
        .iter()
        .find_map(|home| path.get(..home.len()).filter(|start| start.eq_ignore_ascii_case(home)));
    let below = home.map_or(&*path, |home| path.get(home.len()..).unwrap_or_default());
    let folded = fold_path(below);
    let access = blocked.below_root(&folded, true).max(blocked.absolute(&path));
    let starts_far = home.is_some() || path.starts_with('/');
    let is_off_limits = match access {
        Access::Blocked | Access::Sample => true,
        Access::Steers => starts_far,
        Access::PrivateKey | Access::Open => false,
    };
    is_off_limits.then(|| access.reason())
}
