//! From a path to what lies there, by the kernel's own look-up.
//!
//! A look-up that meets no symbolic link takes one `openat2`: the path is the lexical one then. One that
//! meets a link is done again with links, and the kernel tells where it ended; where `/proc` cannot tell,
//! the component walk does. Nothing is ever guessed from the text.

#![forbid(unsafe_code)]

use super::blocked::{Access, Blocked};
use super::client::Narrowed;
use super::process::ServerProcess;
use super::protected::Protected;
use super::roots::{self, Root};
use super::text::{Facts, PATH_LIMIT, climbs, components, fold_path, join};
use super::{ELSEWHERE, FileKind, Matches, NO_LINKS, PathOptions, ValidatedPath, names, readings};
use crate::error::{Error, ErrorKind};
use crate::helper::{Failure, Opened, PATH_MAX, Proc, Request, open_beneath};
use crate::policy::{Actions, HardLinks, Intent, Links, Paths, Relative};
use crate::rules::Rule;
use crate::verdict::{Finding, Verdict};
use std::borrow::Cow;
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

/// The opened roots of a gate and what is off limits inside them.
#[derive(Debug, Default)]
pub(crate) struct PathGuard {
    /// Those that the operator allows.
    pub(super) roots: Vec<Root>,
    narrowed: Narrowed,
    /// The client names the roots.
    client: bool,
    pub(super) blocked: Blocked,
    hard_links: HardLinks,
    cross_device: bool,
    links: Links,
    relative: Relative,
    pub(super) proc: Option<Proc>,
    process: RwLock<Option<Arc<ServerProcess>>>,
    protected: Protected,
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

impl Target {
    fn is_link(&self) -> bool {
        matches!(self, Self::Existing(opened) if is_link(opened))
    }
}

/// One look-up below a root.
#[derive(Debug, Clone, Copy)]
struct LookUp<'g> {
    root: &'g Root,
    proc: Option<&'g Proc>,
    no_xdev: bool,
    links: Links,
    last: Last,
}

/// What a link in the last place of a path means that is to be written or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// Where it leads.
    Followed,
    /// The link itself.
    Itself,
}

impl PathGuard {
    /// Opens the roots; relative ones count from `base`.
    pub(crate) fn open(paths: &Paths, base: &Path) -> Result<Self, Error> {
        let blocked = Blocked::new(&paths.blocked, &paths.unblocked)?;
        let roots = roots::open_all(&paths.roots, base, &blocked)?;
        let proc = if roots.is_empty() && !paths.client { None } else { Proc::open() };
        Ok(Self {
            roots,
            blocked,
            hard_links: paths.hard_links,
            cross_device: paths.cross_device,
            links: paths.links,
            relative: paths.relative,
            client: paths.client,
            proc,
            ..Self::default()
        })
    }

    /// The roots in force.
    pub(super) fn roots(&self) -> &[Root] {
        self.narrowed.of(&self.roots)
    }

    /// Whether nobody names roots, so that arguments are judged by their text.
    pub(super) fn is_open(&self) -> bool {
        self.roots.is_empty() && !self.client
    }

    /// Takes the folders that the client names; answers the roots in force.
    pub(crate) fn set_client_roots(&self, named: Option<&[String]>) -> Result<Vec<String>, Error> {
        if !self.client {
            let what = "the policy does not leave the roots to the client: paths.roots is not \"client\"";
            return Err(Error::new(ErrorKind::InvalidInput, what));
        }
        self.narrowed.set(&self.roots, &self.blocked, named)?;
        Ok(self.roots().iter().map(|root| root.real().to_owned()).collect())
    }

    /// Says which process gets the paths; `unless_known`: where nobody has said so yet. False where its working directory
    /// is known to lie in no root, so that relative paths are refused.
    pub(crate) fn set_process(&self, process: ServerProcess, unless_known: bool) -> bool {
        let process = Arc::new(process.resolved());
        let mut known = self.process.write().unwrap_or_else(PoisonError::into_inner);
        let process = match &*known {
            Some(known) if unless_known => Arc::clone(known),
            _ => Arc::clone(known.insert(process)),
        };
        let from_roots = self.is_open() || self.relative == Relative::Root;
        from_roots || process.absolute("").is_none_or(|cwd| roots::find(self.roots(), &cwd).is_some())
    }

    /// Names a file that no call may change, nor read where it is `secret`.
    pub(crate) fn protect(&self, file: &Path, secret: bool) -> bool {
        self.protected.add(file, secret)
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
    /// missing file is none there. The path is read in every way in which a server may read it.
    pub(crate) fn audit_argument(
        &self,
        actions: &Actions,
        path: &str,
        intent: Intent,
        pointer: impl FnOnce() -> String,
    ) -> Vec<Finding> {
        let mut matches = Matches::default();
        self.judge_as_written(actions, path, intent, &mut matches);
        // A name that is refused as such may be let through where it is a guess that it is one.
        let is_settled = matches.iter().any(|(rule, _)| rule != Rule::PathName && actions.refuses(rule));
        if readings::may_differ(path) && !is_settled {
            self.judge_readings(actions, path, intent, &mut matches);
        }
        if matches.0.is_empty() { Vec::new() } else { matches.findings(actions, &pointer()) }
    }

    /// The same of a URL of a file, which the server reads.
    #[cold]
    pub(crate) fn audit_file_url(
        &self,
        actions: &Actions,
        url: &str,
        pointer: impl FnOnce() -> String,
    ) -> Vec<Finding> {
        let mut matches = Matches::default();
        for path in readings::of_file_url(url, &self.process()) {
            let mut found = Matches::default();
            self.judge_as_written(actions, &path, Intent::Read, &mut found);
            found.0.into_iter().for_each(|(rule, what)| matches.add(rule, what));
        }
        // What is encoded there is so by the rules of URLs.
        matches.0.retain(|(rule, _)| !matches!(rule, Rule::PathName | Rule::PathEncoded));
        matches.findings(actions, &pointer())
    }

    /// Why a text that may be the path of a file names one that is off limits, if it does.
    pub(crate) fn judge_name(&self, path: &str) -> Option<&'static str> {
        super::judge_name(&self.blocked, path)
    }

    #[cold]
    fn judge_readings(&self, actions: &Actions, path: &str, intent: Intent, matches: &mut Matches) {
        for reading in readings::others(path, &self.process()) {
            let Some(path) = reading.path else {
                if !self.is_open() {
                    matches.add(Rule::PathAmbiguous, reading.why);
                }
                continue;
            };
            let mut found = Matches::default();
            self.judge_as_written(actions, &path, intent, &mut found);
            for (rule, what) in found.0 {
                match rule {
                    Rule::PathBlocked | Rule::PathProtected => matches.add(rule, what),
                    // The path as it stands was judged for these.
                    Rule::PathName | Rule::PathEncoded => {}
                    _ => matches.add(Rule::PathAmbiguous, reading.why),
                }
            }
        }
    }

    pub(super) fn process(&self) -> Arc<ServerProcess> {
        self.process.read().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
    }

    /// Judges a path as the system reads it when it gets it from the server.
    fn judge_as_written(&self, actions: &Actions, path: &str, intent: Intent, matches: &mut Matches) {
        if self.is_open() {
            super::judge_text(&self.blocked, path, intent, matches);
            self.judge_own(path, intent, matches);
            return;
        }
        if path.starts_with('/') || path.is_empty() || self.relative == Relative::Root {
            return self.judge_joined(actions, path, intent, matches);
        }
        let process = self.process();
        let starts_in_root = |root: &Root| process.cwd.as_deref() == Some(Path::new(root.real()));
        let Some(absolute) =
            process.absolute(path).filter(|_| !self.roots().first().is_some_and(starts_in_root))
        else {
            return self.judge_joined(actions, path, intent, matches);
        };
        let mut from_folder = Matches::default();
        self.judge_joined(actions, &absolute, intent, &mut from_folder);
        let leaves = from_folder.iter().any(|(rule, _)| LEAVES.contains(&rule));
        if !leaves && !process.joins {
            matches.0.extend(from_folder.0);
            return;
        }
        self.judge_joined(actions, path, intent, matches);
        if !leaves {
            from_folder.iter().for_each(|(rule, what)| matches.add(rule, what));
        } else if !matches.iter().any(|(rule, _)| LEAVES.contains(&rule))
            && (!process.joins || intent == Intent::Write || std::fs::symlink_metadata(&absolute).is_ok())
        {
            matches.add(Rule::PathAmbiguous, ELSEWHERE);
        }
    }

    /// Judges a path that counts from a root. A handler that joins paths by their text takes `..` for the end of the name
    /// before it, whatever that is, and may find there what the kernel's reading misses.
    fn judge_joined(&self, actions: &Actions, path: &str, intent: Intent, matches: &mut Matches) {
        let folded = components(path).any(|name| name == "..").then(|| {
            let start = if path.starts_with('/') { "/" } else { "" };
            [start, &*fold_path(path)].concat()
        });
        let options = PathOptions { intent, base: None };
        for reading in std::iter::once(path).chain(folded.as_deref()) {
            let located = self.locate(actions, reading, &options, matches);
            if intent == Intent::Delete && located.is_some_and(|located| located.target.is_link()) {
                // A server may find out where a link leads, and delete that.
                let _ = self.locate_last(actions, reading, &options, Last::Followed, matches);
            }
            matches.0.retain(|(rule, _)| *rule != Rule::PathMissing);
        }
    }

    /// Whether callgate has files of its own that no call may change.
    pub(crate) fn guards_own(&self) -> bool {
        self.protected.is_any()
    }

    /// What speaks against changing the file at an absolute path, where that is one of callgate's own.
    pub(super) fn own_file(&self, absolute: &str) -> Option<&'static str> {
        let meets_link = || {
            let below = super::roots::find(self.roots(), absolute);
            below.is_some_and(|(root, below)| self.meets_link(root, below))
        };
        let may_be = self.protected.is_named(absolute) || meets_link();
        may_be.then(|| self.protected.judge_text(absolute, Intent::Write))?
    }

    /// Whether a path that came without roots is one of callgate's own files.
    fn judge_own(&self, path: &str, intent: Intent, matches: &mut Matches) {
        let relative = || self.process().absolute(path).unwrap_or_else(|| path.to_owned());
        let absolute = if path.starts_with('/') { Cow::Borrowed(path) } else { Cow::Owned(relative()) };
        if let Some(what) = self.protected.judge_text(&absolute, intent) {
            matches.add(Rule::PathProtected, what);
        }
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
        // What is deleted is a name, be it that of a link.
        let last = if options.intent == Intent::Delete { Last::Itself } else { Last::Followed };
        self.locate_last(actions, path, options, last, matches)
    }

    /// The same with what the last link means.
    fn locate_last<'g, 'p>(
        &'g self,
        actions: &Actions,
        path: &'p str,
        options: &PathOptions,
        last: Last,
        matches: &mut Matches,
    ) -> Option<Located<'g, 'p>> {
        let located = self.locate_in_one(actions, path, options, last, matches);
        if located.is_none()
            && self.roots().len() > 1
            && let Some(real) = self.in_another_root(path, options, last, matches)
        {
            matches.0.retain(|(rule, _)| *rule != Rule::PathSymlink);
            let options = PathOptions { base: None, ..options.clone() };
            let Located { root, relative, target } =
                self.locate_in_one(actions, &real, &options, last, matches)?;
            return Some(Located { root, relative: Cow::Owned(relative.into_owned()), target });
        }
        located
    }

    /// Where a link out of one root leads into another.
    fn in_another_root(
        &self,
        path: &str,
        options: &PathOptions,
        last: Last,
        matches: &Matches,
    ) -> Option<String> {
        let left =
            matches.0.last().is_some_and(|(rule, what)| *rule == Rule::PathSymlink && *what == LEADS_OUT);
        if !left || self.links == Links::Deny {
            return None;
        }
        let (root, below, _) = self.place(path, options.base.as_deref(), &mut Matches::default())?;
        let path = root.absolute(&below);
        let path = Path::new(&path);
        let real = match last {
            Last::Followed => std::fs::canonicalize(path).ok()?,
            Last::Itself if below.ends_with('/') => return None,
            Last::Itself => std::fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?),
        };
        let real = real.into_os_string().into_string().ok()?;
        roots::find(self.roots(), &real).is_some().then_some(real)
    }

    /// The same in the root that the path names.
    pub(super) fn locate_in_one<'g, 'p>(
        &'g self,
        actions: &Actions,
        path: &'p str,
        options: &PathOptions,
        last: Last,
        matches: &mut Matches,
    ) -> Option<Located<'g, 'p>> {
        let intent = options.intent;
        let (root, below, facts) = self.place(path, options.base.as_deref(), matches)?;
        let climbing = || climbs(components(&below));
        // Judged before the look-up, so that it does not tell whether the file exists; but a path that
        // leaves its root is refused for that.
        let mut access = self.blocked.below_root(&below, facts.folds);
        if !access.is_told_by_content() && access.refuses(intent) && !climbing() {
            matches.add(Rule::PathBlocked, access.reason());
        }
        if root.windows_names
            && let Some(what) = facts.windows
        {
            matches.add(Rule::PathName, what);
        }
        if matches.refuses(actions) {
            return None;
        }
        let no_xdev = self.stays_on_device(actions);
        let look_up = LookUp { root, proc: self.proc.as_ref(), no_xdev, links: self.links, last };
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
            access = access.max(self.blocked.below_root(&relative, true));
        }
        if let (Some(what), Target::Missing { .. }) = (facts.windows, &target) {
            matches.add(Rule::PathName, what);
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

    /// Whether the way to a path below a root, or to as much of it as is there, goes through a link.
    pub(super) fn meets_link(&self, root: &Root, path: &str) -> bool {
        let (no_xdev, last) = (false, Last::Followed);
        let look_up = LookUp { root, proc: self.proc.as_ref(), no_xdev, links: self.links, last };
        let found = look_up.open(path, Request { no_symlinks: true, ..look_up.request() });
        matches!(found, Err(Failure::Errno(libc::ELOOP)))
    }

    /// Whether this is a root, which may lie in another one.
    pub(super) fn is_root(&self, device: u64, inode: u64) -> bool {
        self.roots().iter().any(|root| (root.device, root.inode) == (device, inode))
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
        root.spellings(relative).fold(below, |access, absolute| access.max(self.blocked.absolute(&absolute)))
    }

    /// The root of a path and the path below it.
    fn place<'g, 'p>(
        &'g self,
        path: &'p str,
        base: Option<&str>,
        matches: &mut Matches,
    ) -> Option<(&'g Root, Cow<'p, str>, Facts)> {
        let Some(first) = self.roots().first() else {
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
            (true, _) => match roots::find(self.roots(), path) {
                Some((root, below)) => (root, Cow::Borrowed(below)),
                None => {
                    return stop(
                        matches,
                        Rule::PathOutsideRoot,
                        "the path lies in no folder that is open here; expected a path below a root",
                    );
                }
            },
            (false, None) => (first, Cow::Borrowed(path)),
            (false, Some(base)) => {
                let (root, base) = if base.starts_with('/') {
                    match roots::find(self.roots(), base) {
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
        let found = match target {
            Target::Existing(opened) => Some((opened.device, opened.inode, opened.links)),
            Target::Missing { .. } => None,
        };
        if let Some(what) = self.protected.judge(root, relative, found, intent) {
            return stop(matches, Rule::PathProtected, what);
        }
        let access = self.with_absolute(root, relative, access);
        if access.refuses(intent) {
            matches.add(Rule::PathBlocked, access.reason());
        } else if access.is_told_by_content()
            && let Target::Existing(opened) = target
            && is_file(opened)
        {
            match self.judge_content(root, relative, opened, access) {
                Ok(None) => {}
                Ok(Some((rule, what))) => matches.add(rule, what),
                Err((rule, what)) => return stop(matches, rule, what),
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
pub(super) const LINKED: &str =
    "a symbolic link stands there: it is not moved, and nothing is written where one leads to nothing";
const SLASH: &str =
    "a slash behind a symbolic link means the folder that it leads to, which is not deleted by its name";
const LEADS_OUT: &str = "a symbolic link leads out of the root";

/// Where one of these ends a look-up the path leads out of the roots.
const LEAVES: [Rule; 3] = [Rule::PathOutsideRoot, Rule::PathTraversal, Rule::PathSymlink];

fn stop<T>(matches: &mut Matches, rule: Rule, what: &'static str) -> Option<T> {
    // The last match is the one that nothing lifts.
    matches.0.retain(|(known, _)| *known != rule);
    matches.add(rule, what);
    None
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
        // The link goes, and what it leads to stays.
        (SYMLINK, Intent::Delete) => Ok(()),
        (SYMLINK, _) => Err((Rule::PathSymlink, LINKED)),
        (REGULAR, Intent::List) => Err((Rule::PathSpecialFile, "not a directory; expected the path of one")),
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
        Failure::Escape if links => (Rule::PathSymlink, LEADS_OUT),
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

pub(super) fn is_link(opened: &Opened) -> bool {
    file_type(opened) == SYMLINK
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
        let found = match self.open(path, Request { flags, no_symlinks: true, ..self.request() }) {
            Ok(opened) => {
                let relative = if loose { fold_path(path) } else { Cow::Borrowed(path) };
                (relative, Target::Existing(opened))
            }
            Err(Failure::Errno(libc::ELOOP)) if self.links == Links::Deny => {
                return Err((Rule::PathSymlink, NO_LINKS));
            }
            Err(Failure::Errno(libc::ELOOP)) => match split_last(path) {
                Some((parent, name, slash)) if by_name => self.find_name(parent, name, slash, intent)?,
                _ => {
                    let (path, opened) = self.through_links(path, 0)?;
                    (Cow::Owned(path), Target::Existing(opened))
                }
            },
            Err(failure) if is_missing(failure) && intent == Intent::Write => match split_last(path) {
                Some((parent, name, slash)) => self.find_name(parent, name, slash, intent)?,
                None => return Err(refusal(failure, false)),
            },
            Err(failure) => return Err(refusal(failure, false)),
        };
        match (found.1.is_link(), self.last) {
            // No link is followed where one is deleted.
            (false, _) => Ok(found),
            (true, Last::Itself) if intent == Intent::Delete && path.ends_with('/') => {
                Err((Rule::PathSymlink, SLASH))
            }
            (true, Last::Itself) if intent == Intent::Delete => Ok(found),
            _ if self.links == Links::Deny => Err((Rule::PathSymlink, NO_LINKS)),
            (true, Last::Itself) => Ok(found),
            (true, Last::Followed) => self.behind_link(path, intent),
        }
    }

    /// What is written or deleted where the last name is a link that is followed.
    fn behind_link(self, path: &str, intent: Intent) -> Result<(Cow<'static, str>, Target), Refusal> {
        match self.through_links(path, 0) {
            Ok((path, opened)) => Ok((Cow::Owned(path), Target::Existing(opened))),
            Err((Rule::PathMissing, _)) if intent == Intent::Write => Err((Rule::PathSymlink, LINKED)),
            Err(refusal) => Err(refusal),
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
            Err(Failure::Errno(libc::ELOOP)) if self.links == Links::Deny => {
                return Err((Rule::PathSymlink, NO_LINKS));
            }
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
