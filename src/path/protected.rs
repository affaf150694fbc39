//! Files of callgate itself that no call may change, whatever the policy says.

#![forbid(unsafe_code)]

use super::roots::Root;
use crate::policy::Intent;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

/// Files of callgate that are in use.
#[derive(Debug, Default)]
pub(super) struct Protected {
    files: RwLock<Vec<Own>>,
    /// What most gates are told apart by before the list is locked.
    any: AtomicBool,
}

/// One of them.
#[derive(Debug, PartialEq, Eq)]
struct Own {
    /// Absolute, without links in front of the last name.
    path: String,
    /// Its device and inode when it was named.
    identity: Option<(u64, u64)>,
    /// It may not be read either.
    secret: bool,
}

const CHANGED: &str = "callgate uses this file, which no call may change";
const READ: &str = "callgate uses this file for its keys, which no call may read";

fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// The absolute path of a file that may be missing, its links resolved.
fn resolved(file: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(file).ok()?;
    fs::canonicalize(&file).ok().or_else(|| named(&file))
}

/// The same where the last name is not followed: that of a link.
fn named(file: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(file).ok()?;
    let folder = fs::canonicalize(file.parent()?).ok()?;
    Some(folder.join(file.file_name()?))
}

/// Whether a path is a folder of another one, or the same, in any case of its letters.
fn holds(folder: &str, path: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    let start = path.get(..folder.len()).is_some_and(|start| start.eq_ignore_ascii_case(folder));
    start && matches!(path.as_bytes().get(folder.len()), None | Some(b'/'))
}

impl Own {
    fn refusal(&self, intent: Intent) -> Option<&'static str> {
        match intent {
            Intent::Write | Intent::Delete => Some(CHANGED),
            Intent::Read if self.secret => Some(READ),
            Intent::Read | Intent::List => None,
        }
    }

    /// What follows a root's path in that of the file.
    fn below(&self, root: &Root) -> Option<&str> {
        self.path.strip_prefix(root.prefix())?.strip_prefix('/')
    }

    /// Whether this is another name of the file, as it was when it was named or as it is now.
    fn is_at(&self, found: (u64, u64), links: u64) -> bool {
        self.identity == Some(found) || (links > 1 && identity(Path::new(&self.path)) == Some(found))
    }
}

impl Protected {
    /// Names a file that is in use, or will be. False where its folder does not exist.
    pub(super) fn add(&self, file: &Path, secret: bool) -> bool {
        let Some(real) = resolved(file) else { return false };
        // Who takes away the link that it is found by takes the file away.
        let link = named(file).filter(|link| *link != real);
        let identity = identity(&real);
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        for path in std::iter::once(real).chain(link) {
            let Ok(path) = path.into_os_string().into_string() else { return false };
            files.retain(|own| own.path != path);
            files.push(Own { path, identity, secret });
        }
        self.any.store(true, Ordering::Release);
        true
    }

    fn find<T>(&self, is_meant: impl Fn(&Own) -> Option<T>) -> Option<T> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        self.files.read().unwrap_or_else(PoisonError::into_inner).iter().find_map(is_meant)
    }

    /// What speaks against using what a look-up found. `found`: its device, inode and number of links.
    pub(super) fn judge(
        &self,
        root: &Root,
        relative: &str,
        found: Option<(u64, u64, u64)>,
        intent: Intent,
    ) -> Option<&'static str> {
        self.find(|own| {
            let is_own = || {
                let below = own.below(root)?;
                let start =
                    below.get(..relative.len()).filter(|start| start.eq_ignore_ascii_case(relative))?;
                // A folder that it lies in goes with it.
                let holds = below.as_bytes().get(start.len()) == Some(&b'/') && intent == Intent::Delete;
                (holds || start.len() == below.len()).then_some(())
            };
            let is_root = relative == "." && intent == Intent::Delete && own.below(root).is_some();
            let is_other = || found.is_some_and(|(device, inode, links)| own.is_at((device, inode), links));
            let what = own.refusal(intent)?;
            (is_root || is_own().is_some() || is_other()).then_some(what)
        })
    }

    /// Whether there is such a file at all.
    pub(super) fn is_any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// Whether a path ends with the name of one of these.
    pub(super) fn is_named(&self, absolute: &str) -> bool {
        let name = |path: &str| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let last = name(absolute);
        self.find(|own| name(&own.path).eq_ignore_ascii_case(&last).then_some(())).is_some()
    }

    /// The same for a path that came without roots.
    pub(super) fn judge_text(&self, absolute: &str, intent: Intent) -> Option<&'static str> {
        self.find(|own| {
            let what = own.refusal(intent)?;
            let deletes = intent == Intent::Delete;
            let is_meant = |path: PathBuf| {
                let name = path.to_str()?;
                let is_named = name.eq_ignore_ascii_case(&own.path) || deletes && holds(name, &own.path);
                let is_other = || {
                    let metadata = fs::metadata(&path).ok()?;
                    own.is_at((metadata.dev(), metadata.ino()), metadata.nlink()).then_some(())
                };
                (is_named || is_other().is_some()).then_some(what)
            };
            let path = Path::new(absolute);
            // What is deleted by the name of a link is the link, or what it leads to.
            let link = if deletes { named(path) } else { None };
            [resolved(path), link].into_iter().flatten().find_map(is_meant)
        })
    }
}
