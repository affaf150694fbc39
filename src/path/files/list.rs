//! Listing folders, and walking trees of them without ever following a link.

#![forbid(unsafe_code)]

use super::super::PathOptions;
use super::super::blocked::Access;
use super::super::open::{Outcome, settle};
use super::super::resolve::{Located, PathGuard, Target};
use super::super::roots::Root;
use super::super::text::{PATH_LIMIT, join};
use super::place::{Facts, kind_of};
use super::{DirEntry, EntryKind, ReadDirOptions};
use crate::error::Error;
use crate::helper::{Failure, Opened, Request, open_beneath};
use crate::policy::{Actions, Intent};
use crate::rules::Rule;
use rustix::fs::Dir;
use rustix::io::Errno;
use std::collections::VecDeque;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

pub(super) const TOO_MANY: Outcome =
    Outcome::Refused((Rule::PathEntries, "the folder has more entries than maxEntries"));

/// A folder and how to reach those below it.
#[derive(Debug)]
pub(super) struct Tree<'g> {
    root: &'g Root,
    /// The folder's path below the root.
    relative: String,
    top: OwnedFd,
    pub(super) no_xdev: bool,
}

impl PathGuard {
    pub(super) fn read_dir(
        &self,
        actions: &Actions,
        path: &str,
        options: &ReadDirOptions,
    ) -> Result<Vec<DirEntry>, Error> {
        let look = PathOptions { intent: Intent::List, base: options.base.clone() };
        settle(|| {
            let Located { root, relative, target: Target::Existing(opened) } =
                self.look(actions, path, &look)?
            else {
                return Err(Outcome::Changed);
            };
            let tree = self.tree(actions, root, &relative, &opened)?;
            self.list(&tree, options, actions.refuses(Rule::PathBlocked))
        })
    }

    /// The tree below a folder that was checked.
    pub(super) fn tree<'g>(
        &'g self,
        actions: &Actions,
        root: &'g Root,
        relative: &str,
        checked: &Opened,
    ) -> Result<Tree<'g>, Outcome> {
        let top = self.reopen(root, relative, checked, libc::O_RDONLY | libc::O_DIRECTORY)?;
        let relative = relative.to_owned();
        Ok(Tree { root, relative, top: top.into(), no_xdev: self.stays_on_device(actions) })
    }

    pub(super) fn access_below(&self, tree: &Tree<'_>, path: &[u8]) -> Access {
        self.access(tree.root, &join(&tree.relative, &String::from_utf8_lossy(path)))
    }

    fn list(
        &self,
        tree: &Tree<'_>,
        options: &ReadDirOptions,
        blocks: bool,
    ) -> Result<Vec<DirEntry>, Outcome> {
        let is_blocked = |path: &[u8]| blocks && self.access_below(tree, path) == Access::Blocked;
        let mut found: Vec<Seen> = Vec::new();
        // Folders wait as paths and not as descriptors, of which one is open at a time.
        let mut folders = VecDeque::from([Vec::new()]);
        while let Some(folder) = folders.pop_front() {
            let opened = match tree.open(&folder) {
                Ok(opened) => opened,
                // Removed or replaced since it was seen, or of another file system.
                Err(
                    Failure::Escape
                    | Failure::Errno(libc::ENOENT | libc::ENOTDIR | libc::ELOOP | libc::EXDEV),
                ) if !folder.is_empty() => continue,
                Err(failure) => return Err(super::place::unless_changed(failure)),
            };
            let start = found.len();
            each_entry(&opened, |_, name, kind| {
                let path = below(&folder, name);
                if options.hide_blocked && is_blocked(&path) {
                    return Ok(());
                }
                if found.len() >= options.max_entries {
                    return Err(TOO_MANY);
                }
                let name_at = path.len() - name.count_bytes();
                found.push(Seen { path, name_at, kind, size: Ok(0) });
                Ok(())
            })?;
            for entry in found.get_mut(start..).unwrap_or_default() {
                entry.measure(opened.as_fd());
                let enters = options.recursive && entry.kind == Some(EntryKind::Directory);
                if enters && (options.hide_blocked || !is_blocked(&entry.path)) {
                    folders.push_back(entry.path.clone());
                }
            }
        }
        found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        found.into_iter().filter_map(Seen::entry).collect()
    }
}

/// An entry on its way into a listing.
struct Seen {
    path: Vec<u8>,
    /// Where its name starts in the path.
    name_at: usize,
    kind: Option<EntryKind>,
    size: Result<u64, Errno>,
}

impl Seen {
    /// Finds out the size of a file, and the kind where the file system did not tell it.
    fn measure(&mut self, dir: BorrowedFd<'_>) {
        if matches!(self.kind, None | Some(EntryKind::File)) {
            let facts = Facts::at(dir, self.path.get(self.name_at..).unwrap_or_default());
            self.kind = facts.map_or(self.kind, |facts| Some(facts.kind));
            self.size = facts.map(|facts| if facts.kind == EntryKind::File { facts.size } else { 0 });
        }
    }

    /// `None` where it is gone.
    fn entry(self) -> Option<Result<DirEntry, Outcome>> {
        let kind = self.kind.unwrap_or(EntryKind::Other);
        let name = String::from_utf8(self.path)
            .unwrap_or_else(|name| String::from_utf8_lossy(name.as_bytes()).into_owned());
        match self.size {
            Ok(size) => Some(Ok(DirEntry { name, kind, size })),
            Err(Errno::NOENT) => None,
            Err(error) => Some(Err(error.into())),
        }
    }
}

impl Tree<'_> {
    pub(super) fn top(&self) -> BorrowedFd<'_> {
        self.top.as_fd()
    }

    /// Opens a folder below the top, or the top itself, through folders only.
    pub(super) fn open(&self, path: &[u8]) -> Result<OwnedFd, Failure> {
        let path = if path.is_empty() { b"." } else { path };
        if path.len() >= PATH_LIMIT {
            return Err(Failure::TooLong);
        }
        let path = CString::new(path).map_err(|_| Failure::Argument)?;
        let request = Request {
            flags: libc::O_RDONLY | libc::O_DIRECTORY | libc::O_NOFOLLOW,
            no_symlinks: true,
            no_xdev: self.no_xdev,
            walk: self.root.walk,
            ..Request::default()
        };
        open_beneath(self.top(), &path, request, None, None).map(|opened| opened.fd)
    }
}

/// `folder/name`.
pub(super) fn below(folder: &[u8], name: &CStr) -> Vec<u8> {
    let name = name.to_bytes();
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

/// Calls `visit` for each entry of a folder, with its kind where the file system tells.
pub(super) fn each_entry(
    folder: &OwnedFd,
    mut visit: impl FnMut(BorrowedFd<'_>, &CStr, Option<EntryKind>) -> Result<(), Outcome>,
) -> Result<(), Outcome> {
    let names = folder.try_clone().map_err(|error| Outcome::from(&error))?;
    let mut entries = Dir::new(names)?;
    while let Some(entry) = entries.read() {
        let entry = entry?;
        let name = entry.file_name();
        if !matches!(name.to_bytes(), b"." | b"..") {
            let kind = entry.file_type();
            let known = (kind != rustix::fs::FileType::Unknown).then(|| kind_of(kind));
            visit(folder.as_fd(), name, known)?;
        }
    }
    Ok(())
}
