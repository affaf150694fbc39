//! From a path to what lies there, by the kernel's own look-up.
//!
//! A look-up that meets no symbolic link takes one `openat2`: the path is the lexical one then. One that
//! meets a link is done again with links, and the kernel tells where it ended; where `/proc` cannot tell,
//! the component walk does. Nothing is ever guessed from the text.

#![forbid(unsafe_code)]

use super::blocked::{Access, Blocked};
use super::roots::{self, Root};
use super::text::{Facts, PATH_LIMIT, climbs, components, fold_path, join};
use super::{FileKind, Matches, PathOptions, ValidatedPath, names};
use crate::error::Error;
use crate::helper::{Failure, Opened, PATH_MAX, Proc, Request, open_beneath};
use crate::policy::{Actions, HardLinks, Intent, Paths};
use crate::rules::Rule;
use crate::verdict::{Finding, Verdict};
use std::borrow::Cow;
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

/// The opened roots of a gate and what is off limits inside them.
#[derive(Debug, Default)]
pub(crate) struct PathGuard {
    pub(super) roots: Vec<Root>,
    pub(super) blocked: Blocked,
    hard_links: HardLinks,
    cross_device: bool,
    pub(super) proc: Option<Proc>,
}

/// A rule and what was wrong: the end of a look-up.
pub(super) type Refusal = (Rule, &'static str);

/// What lies at a path.
#[derive(Debug)]
pub(super) struct Located<'g, 'p> {
    pub(super) root: &'g Root,
    /// Below the root, links resolved.
    pub(super) relative: Cow<'p, str>,
    pub(super) target: Target,
}

impl Located<'_, '_> {
    fn device(&self) -> u64 {
        match &self.target {
            Target::Existing(opened) | Target::Missing { parent: opened } => opened.device,
        }
    }
}

#[derive(Debug)]
pub(super) enum Target {
    /// A handle of it.
    Existing(Opened),
    /// Nothing yet; a handle of the folder where it would be.
    Missing { parent: Opened },
}

/// One look-up below a root.
#[derive(Debug, Clone, Copy)]
struct LookUp<'g> {
    root: &'g Root,
    proc: Option<&'g Proc>,
    no_xdev: bool,
}

impl PathGuard {
    /// Opens the roots; relative ones count from `base`.
    pub(crate) fn open(paths: &Paths, base: &Path) -> Result<Self, Error> {
        let blocked = Blocked::new(&paths.blocked, &paths.unblocked)?;
        let roots = roots::open_all(&paths.roots, base, &blocked)?;
        let proc = if roots.is_empty() { None } else { Proc::open() };
        Ok(Self { roots, blocked, hard_links: paths.hard_links, cross_device: paths.cross_device, proc })
    }

    /// The same checks as [`PathGuard::resolve`], as a verdict.
    pub(crate) fn check(&self, actions: &Actions, path: &str, options: &PathOptions) -> Verdict {
        let mut matches = Matches::default();
        let _ = self.locate(actions, path, options, &mut matches);
        Verdict::from_findings(matches.findings(actions, ""))
    }

    pub(crate) fn resolve(
        &self,
        actions: &Actions,
        path: &str,
        options: &PathOptions,
    ) -> Result<ValidatedPath, Error> {
        let mut matches = Matches::default();
        let located = self.locate(actions, path, options, &mut matches);
        let findings = matches.flags(actions, located.is_none())?;
        let Located { root, relative, target } = located.ok_or_else(super::nothing_located)?;
        Ok(ValidatedPath {
            path: root.absolute(&relative),
            below: (relative != ".").then(|| root.prefix().len() + 1),
            root: root.shared(),
            kind: match target {
                Target::Missing { .. } => FileKind::Missing,
                Target::Existing(opened) if is_directory(&opened) => FileKind::Directory,
                Target::Existing(_) => FileKind::File,
            },
            findings,
        })
    }

    /// Findings of a path that came as the argument at `pointer`, which is asked for only when there are any; a
    /// missing file is none there, and `..` is read both ways.
    pub(crate) fn audit_argument(
        &self,
        actions: &Actions,
        path: &str,
        intent: Intent,
        pointer: impl FnOnce() -> String,
    ) -> Vec<Finding> {
        let mut matches = Matches::default();
        if self.roots.is_empty() {
            super::judge_text(&self.blocked, path, &mut matches);
        } else {
            // A handler that joins paths by their text takes `..` for the end of the name before it, whatever
            // that is, and may find there what the kernel's reading misses.
            let folded = components(path).any(|name| name == "..").then(|| {
                let start = if path.starts_with('/') { "/" } else { "" };
                [start, &*fold_path(path)].concat()
            });
            let options = PathOptions { intent, base: None };
            for reading in std::iter::once(path).chain(folded.as_deref()) {
                let _ = self.locate(actions, reading, &options, &mut matches);
                matches.0.retain(|(rule, _)| *rule != Rule::PathMissing);
            }
        }
        if matches.0.is_empty() { Vec::new() } else { matches.findings(actions, &pointer()) }
    }

    /// Finds what lies at a path and everything that speaks against it. `None` when there is nothing to
    /// hand out: the last match says why, whatever the policy makes of it.
    pub(super) fn locate<'g, 'p>(
        &'g self,
        actions: &Actions,
        path: &'p str,
        options: &PathOptions,
        matches: &mut Matches,
    ) -> Option<Located<'g, 'p>> {
        let intent = options.intent;
        let (root, below, facts) = self.place(path, options.base.as_deref(), matches)?;
        let climbing = || climbs(components(&below));
        // Judged before the look-up, so that it does not tell whether the file exists; but a path that
        // leaves its root is refused for that.
        let mut access = self.blocked.below_root(&below, facts.folds);
        if access == Access::Blocked && !climbing() {
            matches.add(Rule::PathBlocked, super::BLOCKED);
        }
        if matches.refuses(actions) {
            return None;
        }
        let no_xdev = self.stays_on_device(actions);
        let look_up = LookUp { root, proc: self.proc.as_ref(), no_xdev };
        let found = match &below {
            Cow::Borrowed(below) => look_up.find(below, intent, facts.loose),
            Cow::Owned(below) => look_up
                .find(below, intent, true)
                .map(|(relative, target)| (Cow::Owned(relative.into_owned()), target)),
        };
        let (relative, target) = match found {
            Ok(found) => found,
            Err(_) if climbing() => return stop(matches, Rule::PathTraversal, super::CLIMBS),
            Err((rule, what)) => return stop(matches, rule, what),
        };
        if relative != below {
            access = access_of_both(access, self.blocked.below_root(&relative, true));
        }
        let located = Located { root, relative, target };
        if !no_xdev && !self.cross_device && located.device() != root.device {
            matches.add(Rule::PathCrossDevice, CROSSES);
        }
        self.judge(&located, intent, access, matches)?;
        Some(located)
    }

    /// Whether a mount point ends a look-up.
    pub(super) fn stays_on_device(&self, actions: &Actions) -> bool {
        !self.cross_device && actions.refuses(Rule::PathCrossDevice)
    }

    /// Whether this is a root, which may lie in another one.
    pub(super) fn is_root(&self, device: u64, inode: u64) -> bool {
        self.roots.iter().any(|root| (root.device, root.inode) == (device, inode))
    }

    /// What the patterns make of a resolved path.
    pub(super) fn access(&self, root: &Root, relative: &str) -> Access {
        self.with_absolute(root, relative, self.blocked.below_root(relative, true))
    }

    /// What the absolute patterns add to what those below the root say.
    fn with_absolute(&self, root: &Root, relative: &str, below: Access) -> Access {
        if !root.absolute_patterns {
            return below;
        }
        root.spellings(relative)
            .fold(below, |access, absolute| access_of_both(access, self.blocked.absolute(&absolute)))
    }

    /// The root of a path and the path below it.
    fn place<'g, 'p>(
        &'g self,
        path: &'p str,
        base: Option<&str>,
        matches: &mut Matches,
    ) -> Option<(&'g Root, Cow<'p, str>, Facts)> {
        let Some(first) = self.roots.first() else {
            return stop(matches, Rule::PathOutsideRoot, "no root is configured");
        };
        if path.is_empty() {
            return stop(matches, Rule::PathMissing, "the path is empty");
        }
        let mut facts = names::check(path, matches)?;
        if let Some(base) = base {
            facts = facts.or(names::check(base, matches)?);
        }
        let (root, below) = match (path.starts_with('/'), base) {
            (true, _) => match roots::find(&self.roots, path) {
                Some((root, below)) => (root, Cow::Borrowed(below)),
                None => return stop(matches, Rule::PathOutsideRoot, "the path lies in no root"),
            },
            (false, None) => (first, Cow::Borrowed(path)),
            (false, Some(base)) => {
                let (root, base) = if base.starts_with('/') {
                    match roots::find(&self.roots, base) {
                        Some(found) => found,
                        None => return stop(matches, Rule::PathOutsideRoot, "the base lies in no root"),
                    }
                } else {
                    (first, base)
                };
                (
                    root,
                    Cow::Owned(
                        [base.trim_end_matches('/'), "/", path].concat().trim_start_matches('/').to_owned(),
                    ),
                )
            }
        };
        let below = if below.is_empty() { Cow::Borrowed(".") } else { below };
        if below.len() >= PATH_LIMIT {
            return stop(matches, Rule::PathLength, "the path is longer than 4095 bytes");
        }
        Some((root, below, facts))
    }

    /// The rules on what was found.
    fn judge(
        &self,
        located: &Located<'_, '_>,
        intent: Intent,
        access: Access,
        matches: &mut Matches,
    ) -> Option<()> {
        let Located { root, relative, target } = located;
        let by_name = matches!(intent, Intent::Write | Intent::Delete);
        if let Target::Existing(opened) = target {
            judge_kind(opened, intent).or_else(|(rule, what)| stop(matches, rule, what).ok_or(())).ok()?;
            if intent == Intent::Delete && relative == "." {
                return stop(matches, Rule::PathOutsideRoot, "the name of a root lies outside it");
            }
            if intent == Intent::Delete && self.is_root(opened.device, opened.inode) {
                return stop(matches, Rule::PathOutsideRoot, ROOT);
            }
            if let Some((rule, what)) = self.judge_links(opened, intent) {
                matches.add(rule, what);
            }
        }
        if root.real().len() + 1 + relative.len() >= PATH_LIMIT {
            return stop(matches, Rule::PathLength, "the resolved path is longer than 4095 bytes");
        }
        let access = self.with_absolute(root, relative, access);
        if access == Access::Blocked {
            matches.add(Rule::PathBlocked, super::BLOCKED);
        } else if access == Access::PrivateKey {
            match target {
                _ if by_name => matches.add(
                    Rule::PathBlocked,
                    "the name is one of a private key or certificate, which may not be changed",
                ),
                Target::Existing(opened) if is_file(opened) => {
                    match self.starts_with_private_key(root, relative, opened) {
                        Ok(false) => {}
                        Ok(true) => matches.add(Rule::PathBlocked, "the file holds a private key"),
                        Err((rule, what)) => return stop(matches, rule, what),
                    }
                }
                _ => {}
            }
        }
        Some(())
    }

    /// The rule on files with several names.
    pub(super) fn judge_links(&self, opened: &Opened, intent: Intent) -> Option<Refusal> {
        self.judge_link_count(is_file(opened), opened.links, intent)
    }

    pub(super) fn judge_link_count(&self, is_file: bool, links: u64, intent: Intent) -> Option<Refusal> {
        let changes = matches!(intent, Intent::Write | Intent::Delete);
        let refused = match self.hard_links {
            HardLinks::Allow => false,
            HardLinks::DenyWrite => changes,
            HardLinks::Deny => true,
        };
        (refused && is_file && links > 1)
            .then_some((Rule::PathHardLink, "the file has several names, which may lie outside the root"))
    }
}

const CROSSES: &str = "the path crosses into another file system";
pub(super) const ROOT: &str = "a root itself is neither moved nor removed";
const LINKED: &str = "a symbolic link may not be written or deleted";

fn stop<T>(matches: &mut Matches, rule: Rule, what: &'static str) -> Option<T> {
    // The last match is the one that nothing lifts.
    matches.0.retain(|(known, _)| *known != rule);
    matches.add(rule, what);
    None
}

fn access_of_both(a: Access, b: Access) -> Access {
    match (a, b) {
        (Access::Blocked, _) | (_, Access::Blocked) => Access::Blocked,
        (Access::PrivateKey, _) | (_, Access::PrivateKey) => Access::PrivateKey,
        (Access::Open, Access::Open) => Access::Open,
    }
}

fn file_type(opened: &Opened) -> u32 {
    opened.mode & FILE_TYPE
}

pub(super) fn is_file(opened: &Opened) -> bool {
    file_type(opened) == REGULAR
}

pub(super) fn is_directory(opened: &Opened) -> bool {
    file_type(opened) == DIRECTORY
}

// The same on every Unix; libc's constants differ in type.
const FILE_TYPE: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;
const SYMLINK: u32 = 0o120_000;

fn judge_kind(opened: &Opened, intent: Intent) -> Result<(), Refusal> {
    match (file_type(opened), intent) {
        (SYMLINK, _) => Err((Rule::PathSymlink, LINKED)),
        (REGULAR, Intent::List) => Err((Rule::PathSpecialFile, "not a directory")),
        (REGULAR | DIRECTORY, _) => Ok(()),
        _ => Err((Rule::PathSpecialFile, "neither a regular file nor a directory")),
    }
}

/// `text` with a NUL behind it, for the time of a call.
pub(super) fn with_c_str<T>(
    text: &str,
    call: impl FnOnce(&CStr) -> Result<T, Failure>,
) -> Result<T, Failure> {
    // Most paths are short, and clearing a long buffer takes longer than all else here.
    if text.len() < SHORT {
        terminated(text, &mut [0; SHORT], call)
    } else {
        terminated(text, &mut [0; PATH_MAX], call)
    }
}

const SHORT: usize = 128;

fn terminated<T>(
    text: &str,
    buffer: &mut [u8],
    call: impl FnOnce(&CStr) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let bytes = buffer.get_mut(..=text.len()).ok_or(Failure::TooLong)?;
    if let Some(start) = bytes.get_mut(..text.len()) {
        start.copy_from_slice(text.as_bytes());
    }
    call(CStr::from_bytes_with_nul(bytes).map_err(|_| Failure::Argument)?)
}

/// The rule behind a failed look-up.
pub(super) fn refusal(failure: Failure, links: bool) -> Refusal {
    match failure {
        Failure::Escape if links => (Rule::PathSymlink, "a symbolic link leads out of the root"),
        Failure::Escape => (Rule::PathTraversal, super::CLIMBS),
        Failure::TooLong => (Rule::PathLength, "the resolved path is longer than 4095 bytes"),
        Failure::Argument => (Rule::PathInaccessible, "the path cannot be looked up"),
        Failure::Errno(errno) => match errno {
            libc::ELOOP => {
                (Rule::PathSymlink, "symbolic links form a loop, or one is of a kind that is not followed")
            }
            libc::EXDEV => (Rule::PathCrossDevice, CROSSES),
            libc::ENOENT | libc::ENOTDIR => (Rule::PathMissing, "nothing exists at the path"),
            libc::ENAMETOOLONG => (Rule::PathLength, "a name or the path is too long for the file system"),
            libc::EISDIR | libc::ENXIO | libc::ENODEV => (Rule::PathSpecialFile, "not a regular file"),
            libc::EEXIST => (Rule::PathExists, "the file exists"),
            libc::ENOTEMPTY => (Rule::PathNotEmpty, "the folder is not empty"),
            libc::ENOSPC | libc::EDQUOT | libc::EFBIG => {
                (Rule::PathNoSpace, "the disk, a quota or a limit on the size of files is exhausted")
            }
            libc::EACCES | libc::EPERM => (Rule::PathInaccessible, "the operating system does not permit it"),
            libc::EAGAIN => (Rule::PathInaccessible, "the folders on the way kept changing"),
            _ => (Rule::PathInaccessible, "the operating system could not look the path up"),
        },
    }
}

fn is_missing(failure: Failure) -> bool {
    matches!(failure, Failure::Errno(libc::ENOENT | libc::ENOTDIR))
}

/// The folder and the last name of a path, and whether a slash follows it. `None` where the path ends in
/// no name of its own: `.`, `..`.
fn split_last(path: &str) -> Option<(&str, &str, bool)> {
    let trimmed = path.trim_end_matches('/');
    let (parent, name) = trimmed.rsplit_once('/').unwrap_or((".", trimmed));
    let parent = if parent.is_empty() { "." } else { parent };
    (!matches!(name, "" | "." | "..")).then_some((parent, name, trimmed.len() < path.len()))
}

impl LookUp<'_> {
    fn request(self) -> Request {
        Request { handle: true, no_xdev: self.no_xdev, walk: self.root.walk, ..Request::default() }
    }

    /// What lies at `path`, and its resolved path below the root. `loose`: a name may be empty or start
    /// with a dot.
    fn find(self, path: &str, intent: Intent, loose: bool) -> Result<(Cow<'_, str>, Target), Refusal> {
        let by_name = matches!(intent, Intent::Write | Intent::Delete);
        let flags = if by_name { libc::O_NOFOLLOW } else { 0 };
        match self.open(path, Request { flags, no_symlinks: true, ..self.request() }) {
            Ok(opened) => {
                let relative = if loose { fold_path(path) } else { Cow::Borrowed(path) };
                Ok((relative, Target::Existing(opened)))
            }
            Err(Failure::Errno(libc::ELOOP)) => match split_last(path) {
                Some((parent, name, slash)) if by_name => self.find_name(parent, name, slash, intent),
                _ => self
                    .through_links(path, 0)
                    .map(|(path, opened)| (Cow::Owned(path), Target::Existing(opened))),
            },
            Err(failure) if is_missing(failure) && intent == Intent::Write => match split_last(path) {
                Some((parent, name, slash)) => self.find_name(parent, name, slash, intent),
                None => Err(refusal(failure, false)),
            },
            Err(failure) => Err(refusal(failure, false)),
        }
    }

    fn open(self, path: &str, request: Request) -> Result<Opened, Failure> {
        with_c_str(path, |path| open_beneath(self.root.dir(), path, request, None, None))
    }

    /// The name itself in its folder: a link there is not followed.
    fn find_name(
        self,
        parent: &str,
        name: &str,
        slash: bool,
        intent: Intent,
    ) -> Result<(Cow<'static, str>, Target), Refusal> {
        let flags = libc::O_DIRECTORY;
        let (folder, parent) = match self.open(parent, Request { flags, no_symlinks: true, ..self.request() })
        {
            Ok(opened) => (fold_path(parent), opened),
            Err(Failure::Errno(libc::ELOOP)) => {
                let (folder, opened) = self.through_links(parent, flags)?;
                (Cow::Owned(folder), opened)
            }
            Err(failure) if is_missing(failure) => {
                return Err((Rule::PathMissing, "the folder of the path does not exist"));
            }
            Err(failure) => return Err(refusal(failure, false)),
        };
        let relative = Cow::Owned(join(&folder, name));
        let request = Request { flags: libc::O_NOFOLLOW, no_symlinks: true, ..self.request() };
        match with_c_str(name, |name| open_beneath(parent.fd.as_fd(), name, request, None, None)) {
            Ok(opened) if slash && is_file(&opened) => Err(refusal(Failure::Errno(libc::ENOTDIR), true)),
            Ok(opened) => Ok((relative, Target::Existing(opened))),
            Err(failure) if is_missing(failure) && intent == Intent::Write => {
                Ok((relative, Target::Missing { parent }))
            }
            Err(failure) => Err(refusal(failure, true)),
        }
    }

    /// A look-up that follows links, and where it ended.
    fn through_links(self, path: &str, flags: i32) -> Result<(String, Opened), Refusal> {
        let follow = |request: Request, resolved: Option<&mut Vec<u8>>| {
            let prefix = Some(self.root.prefix().as_bytes());
            with_c_str(path, |path| open_beneath(self.root.dir(), path, request, prefix, resolved))
                .map_err(|failure| refusal(failure, true))
        };
        let request = Request { flags, ..self.request() };
        if let Some(proc) = self.proc.filter(|_| !request.walk) {
            let opened = follow(request, None)?;
            // Where the walk answered, it followed an absolute link, and it is asked again for the path.
            if !opened.walked
                && let Some(path) = path_below(proc, opened.fd.as_fd(), self.root.real())
            {
                return Ok((utf8(path)?, opened));
            }
        }
        // The kernel cannot tell, or tells of a file that is gone, or the root was moved.
        let mut walked = Vec::new();
        let opened = follow(Request { walk: true, ..request }, Some(&mut walked))?;
        Ok((utf8(walked)?, opened))
    }
}

/// The path of `fd` below `root` as `/proc` tells it, where there is no doubt about it.
fn path_below(proc: &Proc, fd: BorrowedFd<'_>, root: &str) -> Option<Vec<u8>> {
    let mut path = proc.path_of(fd).ok()?;
    let root = root.trim_end_matches('/').as_bytes();
    // A file may be named so, but the kernel marks one that is gone in the same way.
    if path.ends_with(b" (deleted)") {
        return None;
    }
    match path.strip_prefix(root)? {
        [] | [b'/'] => Some(b".".to_vec()),
        [b'/', ..] => Some(path.split_off(root.len() + 1)),
        _ => None,
    }
}

fn utf8(path: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(path).map_err(|_| (Rule::PathName, "a symbolic link leads to a name that is not UTF-8"))
}
