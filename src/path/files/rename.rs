//! Giving something another name.

#![forbid(unsafe_code)]

use super::super::open::{Outcome, settle};
use super::super::resolve::{LINKED, PathGuard, ROOT, is_directory, is_link};
use super::super::{PathOptions, roots::Root};
use super::place::{Entry, Place, changed_by};
use super::{EntryKind, RenameOptions};
use crate::error::Error;
use crate::policy::{Actions, Intent};
use crate::rules::Rule;
use rustix::fs::{AtFlags, linkat, renameat, unlinkat};
use rustix::io::Errno;

impl PathGuard {
    pub(super) fn rename(
        &self,
        actions: &Actions,
        from: &str,
        to: &str,
        options: &RenameOptions,
    ) -> Result<(), Error> {
        let with = |intent| PathOptions { intent, base: options.base.clone() };
        settle(|| {
            let source = Place::of(self.look(actions, from, &with(Intent::Delete))?)?;
            let target = Place::of(self.look_at_name(actions, to, &with(Intent::Write))?)?;
            let Some(moved) = &source.found else {
                return Err(Outcome::Changed);
            };
            if is_link(moved) {
                // Elsewhere it may lead out.
                return Err(Outcome::Refused((Rule::PathSymlink, LINKED)));
            }
            let is_folder = is_directory(moved);
            let refused = match &target.found {
                Some(_) if !options.overwrite => (Rule::PathExists, "something exists at the new name"),
                Some(old) if self.is_root(old.device, old.inode) => (Rule::PathOutsideRoot, ROOT),
                Some(old) if is_directory(old) != is_folder => {
                    (Rule::PathSpecialFile, "a folder replaces a folder only, and a file a file")
                }
                None if to.ends_with('/') && !is_folder => {
                    (Rule::PathSpecialFile, "a path that ends in a slash names a directory")
                }
                _ if is_folder
                    && actions.refuses(Rule::PathBlocked)
                    && !self.moves_alike(&source, &target) =>
                {
                    (Rule::PathBlocked, "what lies in the folder would be judged by other patterns there")
                }
                _ => return source.take(&target, moved, is_folder),
            };
            Err(Outcome::Refused(refused))
        })
    }

    /// Whether moving a folder changes for nothing in it whether it is blocked.
    fn moves_alike(&self, from: &Place<'_>, to: &Place<'_>) -> bool {
        let spelled = |root: &Root, relative: &str| root.spellings(relative).collect::<Vec<_>>();
        let absolute = from.root.absolute_patterns || to.root.absolute_patterns;
        let mut exists = |path: &str| from.holds(path);
        self.blocked.moves_alike(&from.relative, &to.relative, &mut exists)
            && (!absolute
                || spelled(from.root, &from.relative).iter().all(|from| {
                    spelled(to.root, &to.relative)
                        .iter()
                        .all(|to| self.blocked.moves_alike_absolute(from, to, &mut exists))
                }))
    }
}

impl Place<'_> {
    fn take(
        &self,
        target: &Place<'_>,
        moved: &crate::helper::Opened,
        is_folder: bool,
    ) -> Result<(), Outcome> {
        let kind = if is_folder { EntryKind::Directory } else { EntryKind::File };
        self.verify()?;
        target.verify()?;
        target.put(self.entry(), kind).map_err(|error| match error {
            Errno::EXIST if target.found.is_some() => Errno::NOTEMPTY.into(),
            Errno::INVAL => {
                Outcome::Refused((Rule::PathInaccessible, "a folder cannot be moved into itself"))
            }
            error => changed_by(error, &[Errno::EXIST, Errno::NOENT, Errno::ISDIR, Errno::NOTDIR]),
        })?;
        // Something else may have come to stand at the old name in the last moment: it goes back, unjudged.
        if target.entry().facts().is_ok_and(|facts| !facts.is((moved.device, moved.inode))) {
            rename_new(target.entry(), self.entry(), kind)?;
            return Err(Outcome::Changed);
        }
        Ok(())
    }

    /// Renames to this place: over what was found there, or to a name that must still be free.
    pub(super) fn put(&self, from: Entry<'_>, kind: EntryKind) -> Result<(), Errno> {
        let to = self.entry();
        if self.found.is_some() {
            renameat(from.folder, from.name, to.folder, to.name)
        } else {
            rename_new(from, to, kind)
        }
    }
}

/// Renames to a name that must be free: `EXIST` where it is not.
pub(super) fn rename_new(from: Entry<'_>, to: Entry<'_>, kind: EntryKind) -> Result<(), Errno> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{RenameFlags, renameat_with};
        match renameat_with(from.folder, from.name, to.folder, to.name, RenameFlags::NOREPLACE) {
            // The kernel or the file system does not know how.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            result => return result,
        }
    }
    rename_by_link(from, to, kind)
}

/// The same for systems without a rename that never replaces.
pub(super) fn rename_by_link(from: Entry<'_>, to: Entry<'_>, kind: EntryKind) -> Result<(), Errno> {
    if kind != EntryKind::Directory {
        linkat(from.folder, from.name, to.folder, to.name, AtFlags::empty())?;
        return unlinkat(from.folder, from.name, AtFlags::empty());
    }
    // A folder cannot be linked. Renaming one replaces nothing but an empty folder that came in between.
    match to.facts() {
        Ok(_) => Err(Errno::EXIST),
        Err(Errno::NOENT) => renameat(from.folder, from.name, to.folder, to.name),
        Err(error) => Err(error),
    }
}
