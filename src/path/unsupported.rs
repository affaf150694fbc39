//! Platforms whose paths are not understood yet: arguments are judged by their text, nothing is opened.

#![forbid(unsafe_code)]

use super::blocked::Blocked;
use super::{Matches, OpenOptions, PathOptions, ServerProcess, ValidatedPath, readings};
use crate::error::{Error, ErrorKind};
use crate::policy::{Actions, Intent, Paths};
use crate::rules::Rule;
use crate::verdict::{Finding, Verdict};
use std::fs::File;
use std::path::Path;

#[derive(Debug, Default)]
pub(crate) struct PathGuard {
    blocked: Blocked,
}

pub(super) fn unsupported<T>() -> Result<T, Error> {
    Err(Error::new(ErrorKind::Unsupported, "paths are not supported on this platform yet"))
}

impl PathGuard {
    pub(crate) fn open(paths: &Paths, _: &Path) -> Result<Self, Error> {
        if !paths.roots.is_empty() {
            return unsupported();
        }
        Ok(Self { blocked: Blocked::new(&paths.blocked, &paths.unblocked)? })
    }

    pub(crate) fn set_process(&self, _: ServerProcess, _: bool) -> bool {
        true
    }

    pub(crate) fn set_client_roots(&self, _: Option<&[String]>) -> Result<Vec<String>, Error> {
        unsupported()
    }

    pub(crate) fn protect(&self, _: &Path, _: bool) -> bool {
        false
    }

    pub(crate) fn check(&self, _: &Actions, _: &str, _: &PathOptions) -> Verdict {
        let what = "paths are not supported on this platform yet";
        Verdict::from_findings(vec![Actions::refusal(Rule::PathInaccessible, what)])
    }

    pub(crate) fn resolve(&self, _: &Actions, _: &str, _: &PathOptions) -> Result<ValidatedPath, Error> {
        unsupported()
    }

    pub(crate) fn open_file(&self, _: &Actions, _: &str, _: &OpenOptions) -> Result<File, Error> {
        unsupported()
    }

    pub(crate) fn guards_own(&self) -> bool {
        false
    }

    pub(crate) fn reaches(&self, _: &str, _: &mut super::Reach) -> Option<(Rule, &'static str)> {
        None
    }

    pub(crate) fn audit_argument(
        &self,
        actions: &Actions,
        path: &str,
        intent: Intent,
        pointer: impl FnOnce() -> String,
    ) -> Vec<Finding> {
        let mut matches = Matches::default();
        super::judge_text(&self.blocked, path, intent, &mut matches);
        if matches.0.is_empty() { Vec::new() } else { matches.findings(actions, &pointer()) }
    }

    pub(crate) fn audit_file_url(
        &self,
        actions: &Actions,
        url: &str,
        pointer: impl FnOnce() -> String,
    ) -> Vec<Finding> {
        let mut matches = Matches::default();
        for path in readings::of_file_url(url, &ServerProcess::default()) {
            super::judge_text(&self.blocked, &path, Intent::Read, &mut matches);
        }
        matches.findings(actions, &pointer())
    }

    pub(crate) fn judge_name(&self, path: &str) -> Option<&'static str> {
        super::judge_name(&self.blocked, path)
    }
}
