//! A name in the very folder that was checked: where operations on names act.

#![forbid(unsafe_code)]

use super::super::open::Outcome;
use super::super::resolve::{Located, Target, refusal, with_c_str};
use super::super::roots::Root;
use super::EntryKind;
use crate::helper::{Failure, Opened, Request, open_beneath};
use crate::rules::Rule;
use rustix::fs::{AtFlags, FileType, Mode, Stat, statat};
use rustix::io::Errno;
use rustix::path::Arg;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// A name that was judged, with a handle of its folder.
#[derive(Debug)]
pub(super) struct Place<'g> {
    pub(super) root: &'g Root,
    /// Below the root, links resolved.
    pub(super) relative: String,
    pub(super) folder: OwnedFd,
    pub(super) name: CString,
    /// What stood there.
    pub(super) found: Option<Opened>,
}

/// A name in a folder, whatever stands there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'p> {
    pub(super) folder: BorrowedFd<'p>,
    pub(super) name: &'p CStr,
}

impl Entry<'_> {
    pub(super) fn facts(self) -> Result<Facts, Errno> {
        Facts::at(self.folder, self.name)
    }

    /// Whether there still stands what has this device and inode, or nothing where none is given.
    pub(super) fn verify(self, expected: Option<(u64, u64)>) -> Result<(), Outcome> {
        match (self.facts(), expected) {
            (Ok(facts), Some(expected)) if facts.is(expected) => Ok(()),
            (Err(Errno::NOENT), None) => Ok(()),
            (Ok(_) | Err(Errno::NOENT), _) => Err(Outcome::Changed),
            (Err(error), _) => Err(error.into()),
        }
    }
}

/// What stands at a name, without following a link.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) kind: EntryKind,
    pub(super) device: u64,
    pub(super) inode: u64,
    pub(super) links: u64,
    pub(super) size: u64,
}

impl Facts {
    pub(super) fn at(folder: BorrowedFd<'_>, name: impl Arg) -> Result<Self, Errno> {
        statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).map(|stat| Self::of(&stat))
    }

    fn of(stat: &Stat) -> Self {
        Self {
            kind: kind_of(FileType::from_raw_mode(stat.st_mode)),
            device: wide(stat.st_dev),
            inode: wide(stat.st_ino),
            links: wide(stat.st_nlink),
            size: wide(stat.st_size),
        }
    }

    /// Whether it has this device and inode.
    pub(super) fn is(&self, identity: (u64, u64)) -> bool {
        (self.device, self.inode) == identity
    }
}

pub(super) fn kind_of(file_type: FileType) -> EntryKind {
    match file_type {
        FileType::RegularFile => EntryKind::File,
        FileType::Directory => EntryKind::Directory,
        FileType::Symlink => EntryKind::Link,
        _ => EntryKind::Other,
    }
}

/// Systems differ in the types of these numbers.
fn wide(number: impl TryInto<u64>) -> u64 {
    number.try_into().unwrap_or(u64::MAX)
}

/// Permission bits; the system's type for them may be narrower.
pub(super) fn bits(mode: u32) -> Mode {
    fn narrowed<T: Default>(mode: impl TryInto<T>) -> T {
        mode.try_into().unwrap_or_default()
    }
    Mode::from_bits_truncate(narrowed(mode))
}

impl From<Errno> for Outcome {
    fn from(error: Errno) -> Self {
        Self::Refused(refusal(Failure::Errno(error.raw_os_error()), true))
    }
}

/// Where an error means that something else stands at the name now.
pub(super) fn changed_by(error: Errno, signs: &[Errno]) -> Outcome {
    if signs.contains(&error) { Outcome::Changed } else { error.into() }
}

fn open_folder(root: &Root, path: &str) -> Result<OwnedFd, Outcome> {
    let request = Request {
        flags: libc::O_DIRECTORY,
        handle: true,
        no_symlinks: true,
        walk: root.walk,
        ..Request::default()
    };
    let opened = with_c_str(path, |path| open_beneath(root.dir(), path, request, None, None));
    opened.map(|opened| opened.fd).map_err(unless_changed)
}

/// The outcome of a look-up of names that were free of links before.
pub(super) fn unless_changed(failure: Failure) -> Outcome {
    match failure {
        Failure::Escape | Failure::Errno(libc::ELOOP | libc::ENOENT | libc::ENOTDIR) => Outcome::Changed,
        failure => Outcome::Refused(refusal(failure, true)),
    }
}

impl<'g> Place<'g> {
    /// The place of what was located by its name: with intent write or delete, which follow no last link.
    pub(super) fn of(located: Located<'g, '_>) -> Result<Self, Outcome> {
        let Located { root, relative, target } = located;
        let relative = relative.into_owned();
        let (parent, name) = relative.rsplit_once('/').unwrap_or((".", &relative));
        if name == "." {
            return Err(Outcome::Refused((Rule::PathOutsideRoot, "the name of a root lies outside it")));
        }
        let name = CString::new(name).map_err(|_| Outcome::Changed)?;
        let (folder, found) = match target {
            Target::Missing { parent } => (parent.fd, None),
            Target::Existing(opened) => (open_folder(root, parent)?, Some(opened)),
        };
        let place = Self { root, relative, folder, name, found };
        place.verify()?;
        Ok(place)
    }

    pub(super) fn folder(&self) -> BorrowedFd<'_> {
        self.folder.as_fd()
    }

    pub(super) fn entry(&self) -> Entry<'_> {
        Entry { folder: self.folder(), name: &self.name }
    }

    /// Whether something lies at this path in the folder that stands here. What cannot be told counts.
    pub(super) fn holds(&self, path: &str) -> bool {
        let path = [self.name.to_bytes(), b"/", path.as_bytes()].concat();
        !matches!(Facts::at(self.folder(), path), Err(Errno::NOENT | Errno::NOTDIR))
    }

    /// Whether there still stands what was judged, or nothing where nothing was.
    pub(super) fn verify(&self) -> Result<(), Outcome> {
        self.entry().verify(self.found.as_ref().map(|found| (found.device, found.inode)))
    }
}
