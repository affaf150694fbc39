//! Paths that cannot leave their root.

#![forbid(unsafe_code)]

use crate::error::{Error, ErrorKind};
use crate::policy::{Actions, Intent, Paths};
use crate::verdict::{Finding, Verdict};
use std::fs::File;
use std::path::Path;

/// What will be done at a path, and where relative paths count from.
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Nothing yet.
    Missing,
}

/// A path that was checked. Only a gate makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidatedPath {
    path: String,
    relative: String,
    root: String,
    kind: FileKind,
    findings: Vec<Finding>,
}

impl ValidatedPath {
    /// The absolute path with every link resolved.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path relative to its root; `.` for the root itself.
    pub fn relative(&self) -> &str {
        &self.relative
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

/// The opened roots of a gate and what is off limits inside them.
#[derive(Debug, Default)]
pub(crate) struct PathGuard {}

impl PathGuard {
    /// Opens the roots; relative ones count from `base`.
    pub(crate) fn open(_paths: &Paths, _base: &Path) -> Result<Self, Error> {
        Ok(Self {})
    }

    /// The same checks as [`PathGuard::resolve`], as a verdict.
    pub(crate) fn check(&self, _actions: &Actions, _path: &str, _options: &PathOptions) -> Verdict {
        Verdict::ALLOWED
    }

    pub(crate) fn resolve(&self, _: &Actions, _: &str, _: &PathOptions) -> Result<ValidatedPath, Error> {
        Err(Error::new(ErrorKind::Unsupported, "not built yet"))
    }

    pub(crate) fn open_file(&self, _: &Actions, _: &str, _: &OpenOptions) -> Result<File, Error> {
        Err(Error::new(ErrorKind::Unsupported, "not built yet"))
    }

    /// Findings of a path that came as the argument at `pointer`: a missing file is none there.
    pub(crate) fn audit_argument(
        &self,
        _: &Actions,
        _path: &str,
        _: Intent,
        _pointer: &str,
        _: &mut Vec<Finding>,
    ) {
    }
}
