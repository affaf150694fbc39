//! A guard on a root of its own, for the tests of paths and of file operations.
#![cfg(target_os = "linux")]

use super::resolve::PathGuard;
use crate::policy::{Actions, Policy};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Whether there is an `openat2`, and a `/proc`.
pub(super) type Means = (bool, bool);
pub(super) const MEANS: [Means; 4] = [(true, true), (true, false), (false, true), (false, false)];

pub(super) struct Fixture {
    pub(super) temp: TempDir,
    /// Without links.
    pub(super) root: PathBuf,
    pub(super) guard: PathGuard,
    pub(super) actions: Actions,
}

impl Fixture {
    pub(super) fn new(policy: &str, means: Means) -> Self {
        let temp = tempfile::tempdir().expect("a temporary folder");
        let root = fs::canonicalize(temp.path()).expect("a real path").join("root");
        fs::create_dir(&root).expect("the root");
        let mut policy = Policy::from_json(policy.as_bytes()).expect("a policy");
        policy.paths.roots = vec![root.clone()];
        let (actions, _) = policy.compile().expect("a valid policy");
        let guard = PathGuard::open(&policy.paths, temp.path()).expect("the root opens");
        Self { temp, root, guard: left_with(means, guard), actions }
    }

    pub(super) fn put(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    pub(super) fn link(&self, target: impl AsRef<Path>, path: &str) {
        symlink(target, self.root.join(path)).expect("a link");
    }
}

/// The guard on a system that has these means only.
pub(super) fn left_with((openat2, proc): Means, mut guard: PathGuard) -> PathGuard {
    for root in &mut guard.roots {
        root.walk |= !openat2;
    }
    guard.proc = guard.proc.filter(|_| proc);
    guard
}
