//! Descriptors of paths: what was checked is what is handed out.

#![forbid(unsafe_code)]

use super::blocked::Access;
use super::keys::holds_private_key;
use super::resolve::{Last, Located, PathGuard, Refusal, Target, is_directory, is_file, refusal, with_c_str};
use super::roots::Root;
use super::settings::holds_secret;
use super::{Matches, OpenOptions, PathOptions};
use crate::error::{Error, ErrorKind};
use crate::helper::{Failure, Opened, Request, clear_nonblocking, open_beneath};
use crate::policy::{Actions, Intent};
use crate::rules::Rule;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

/// Permission bits of a created file where the caller names none.
const DEFAULT_MODE: u32 = 0o600;
/// How often what lies at a path may change while it is used.
const MAX_TRIES: u32 = 8;
/// Opening neither waits for a peer or a lease nor makes a terminal the process's own.
const QUIET: i32 = libc::O_NONBLOCK | libc::O_NOCTTY;

impl PathGuard {
    /// Opens a path. Nothing is created or cut before every check is done.
    pub(crate) fn open_file(
        &self,
        actions: &Actions,
        path: &str,
        options: &OpenOptions,
    ) -> Result<File, Error> {
        check_options(options)?;
        settle(|| {
            let located = self.look(actions, path, &options.path)?;
            match &located.target {
                Target::Existing(opened) => self.open_existing(actions, &located, opened, options),
                Target::Missing { parent } => create(path, &located, parent, options),
            }
        })
    }

    /// Finds what lies at a path, and refuses what the policy refuses.
    pub(super) fn look<'g, 'p>(
        &'g self,
        actions: &Actions,
        path: &'p str,
        options: &PathOptions,
    ) -> Result<Located<'g, 'p>, Outcome> {
        let mut matches = Matches::default();
        let located = self.locate(actions, path, options, &mut matches);
        unless_refused(actions, located, &matches)
    }

    /// The same for the name itself, whatever stands there.
    pub(super) fn look_at_name<'g, 'p>(
        &'g self,
        actions: &Actions,
        path: &'p str,
        options: &PathOptions,
    ) -> Result<Located<'g, 'p>, Outcome> {
        let mut matches = Matches::default();
        let located = self.locate_in_one(actions, path, options, Last::Itself, &mut matches);
        unless_refused(actions, located, &matches)
    }

    pub(super) fn open_existing(
        &self,
        actions: &Actions,
        located: &Located<'_, '_>,
        checked: &Opened,
        options: &OpenOptions,
    ) -> Result<File, Outcome> {
        let intent = options.path.intent;
        if options.exclusive {
            return Err(Outcome::Refused((Rule::PathExists, "the file exists")));
        }
        if if intent == Intent::List { !is_directory(checked) } else { !is_file(checked) } {
            return Err(Outcome::Refused((Rule::PathSpecialFile, "not of the kind that the intent needs")));
        }
        let flags = match intent {
            Intent::List => libc::O_RDONLY | libc::O_DIRECTORY,
            Intent::Write if options.append => libc::O_WRONLY | libc::O_APPEND,
            Intent::Write => libc::O_WRONLY,
            Intent::Read | Intent::Delete => libc::O_RDONLY,
        };
        let file = self.reopen(located.root, &located.relative, checked, flags)?;
        let metadata = file.metadata().map_err(|error| Outcome::from(&error))?;
        // A name may have been added since the first look.
        if metadata.nlink() > checked.links {
            let now = Opened { links: metadata.nlink(), ..again(checked)? };
            let mut matches = Matches::default();
            if let Some((rule, what)) = self.judge_links(&now, intent) {
                matches.add(rule, what);
            }
            matches.flags(actions, false).map_err(Outcome::Failed)?;
        }
        if options.truncate {
            file.set_len(0).map_err(|error| Outcome::from(&error))?;
        }
        Ok(file)
    }

    /// Opens the very file that `checked` is a handle of.
    pub(super) fn reopen(
        &self,
        root: &Root,
        relative: &str,
        checked: &Opened,
        flags: i32,
    ) -> Result<File, Outcome> {
        let fd = if let Some(proc) = &self.proc {
            proc.reopen(checked.fd.as_fd(), flags | QUIET).map_err(|error| Outcome::from(&error))?
        } else {
            let flags = flags | QUIET | libc::O_NOFOLLOW;
            let request = Request { flags, no_symlinks: true, walk: root.walk, ..Request::default() };
            match with_c_str(relative, |path| open_beneath(root.dir(), path, request, None, None)) {
                Ok(opened) => opened.fd,
                // Something else stands there now.
                Err(
                    Failure::Escape
                    | Failure::Errno(libc::ELOOP | libc::ENOENT | libc::ENOTDIR | libc::ENXIO),
                ) => {
                    return Err(Outcome::Changed);
                }
                Err(failure) => return Err(Outcome::Refused(refusal(failure, true))),
            }
        };
        let file = File::from(fd);
        let metadata = file.metadata().map_err(|error| Outcome::from(&error))?;
        if (metadata.dev(), metadata.ino()) != (checked.device, checked.inode) {
            return Err(Outcome::Changed);
        }
        clear_nonblocking(file.as_fd()).map_err(|error| Outcome::from(&error))?;
        Ok(file)
    }

    /// What speaks against reading a file whose name leaves that open.
    pub(super) fn judge_content(
        &self,
        root: &Root,
        relative: &str,
        checked: &Opened,
        access: Access,
    ) -> Result<Option<Refusal>, Refusal> {
        let file = match self.reopen(root, relative, checked, libc::O_RDONLY) {
            Ok(file) => file,
            Err(Outcome::Refused(refusal)) => return Err(refusal),
            Err(_) => return Err((Rule::PathInaccessible, "the file changed while it was opened")),
        };
        let (held, holds, is_long) = if access == Access::PrivateKey {
            let is_long = "the file is too long to tell whether it holds a private key";
            (holds_private_key(file), "the file holds a private key", is_long)
        } else {
            let is_long = "the file is too long to tell whether it holds a secret";
            (holds_secret(file), "the file holds a secret", is_long)
        };
        match held {
            Ok(Some(false)) => Ok(None),
            Ok(Some(true)) => Ok(Some((Rule::PathBlocked, holds))),
            Ok(None) => Ok(Some((Rule::PathBlocked, is_long))),
            Err(_) => Err((Rule::PathInaccessible, "the file cannot be read")),
        }
    }
}

fn unless_refused<'g, 'p>(
    actions: &Actions,
    located: Option<Located<'g, 'p>>,
    matches: &Matches,
) -> Result<Located<'g, 'p>, Outcome> {
    matches.flags(actions, located.is_none()).map_err(Outcome::Failed)?;
    located.ok_or_else(|| Outcome::Failed(super::nothing_located()))
}

/// Why nothing was done with what a look-up found.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It is not what it was: look again.
    Changed,
    Refused(Refusal),
    Failed(Error),
}

impl From<&io::Error> for Outcome {
    fn from(error: &io::Error) -> Self {
        Self::Refused(refusal(Failure::Errno(error.raw_os_error().unwrap_or(libc::EIO)), true))
    }
}

/// Does a job again as long as what it looked at changes meanwhile.
pub(super) fn settle<T>(mut job: impl FnMut() -> Result<T, Outcome>) -> Result<T, Error> {
    for _ in 0..MAX_TRIES {
        match job() {
            Ok(done) => return Ok(done),
            Err(Outcome::Changed) => {}
            Err(Outcome::Refused((rule, what))) => return Err(Error::refused(Actions::refusal(rule, what))),
            Err(Outcome::Failed(error)) => return Err(error),
        }
    }
    let what = "what lies at the path kept changing while it was used";
    Err(Error::refused(Actions::refusal(Rule::PathInaccessible, what)))
}

/// The same handle again.
fn again(opened: &Opened) -> Result<Opened, Outcome> {
    let fd = opened.fd.try_clone().map_err(|error| Outcome::from(&error))?;
    Ok(Opened { fd, ..*opened })
}

fn create(
    path: &str,
    located: &Located<'_, '_>,
    parent: &Opened,
    options: &OpenOptions,
) -> Result<File, Outcome> {
    if !options.create {
        return Err(Outcome::Refused((
            Rule::PathMissing,
            "the file does not exist, and `create` is not set",
        )));
    }
    if path.ends_with('/') {
        return Err(Outcome::Refused((
            Rule::PathSpecialFile,
            "a path that ends in a slash names a directory",
        )));
    }
    let append = if options.append { libc::O_APPEND } else { 0 };
    let request = Request {
        flags: libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL | libc::O_NOFOLLOW | QUIET | append,
        mode: options.mode.unwrap_or(DEFAULT_MODE),
        no_symlinks: true,
        walk: located.root.walk,
        ..Request::default()
    };
    let name = located.relative.rsplit('/').next().unwrap_or_default();
    match with_c_str(name, |name| open_beneath(parent.fd.as_fd(), name, request, None, None)) {
        Ok(opened) => {
            let file = File::from(opened.fd);
            clear_nonblocking(file.as_fd()).map_err(|error| Outcome::from(&error))?;
            Ok(file)
        }
        // Somebody was faster: what stands there now is checked like any other.
        Err(Failure::Errno(libc::EEXIST)) if !options.exclusive => Err(Outcome::Changed),
        Err(failure) => Err(Outcome::Refused(refusal(failure, true))),
    }
}

fn check_options(options: &OpenOptions) -> Result<(), Error> {
    let changes = options.create || options.truncate || options.append || options.exclusive;
    let what = if options.path.intent == Intent::Delete {
        "intent delete opens nothing"
    } else if changes && options.path.intent != Intent::Write {
        "create, truncate, append and exclusive need intent write"
    } else if options.exclusive && !options.create {
        "exclusive needs create"
    } else if options.mode.is_some_and(|mode| mode > 0o777) {
        "mode has permission bits only, 0o777 at most"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidInput, what))
}
