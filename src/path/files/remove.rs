//! Removing files, folders and trees.

#![forbid(unsafe_code)]

use super::super::PathOptions;
use super::super::blocked::Access;
use super::super::open::{Outcome, settle};
use super::super::resolve::{PathGuard, ROOT, is_directory};
use super::list::{TOO_MANY, Tree, below, each_entry};
use super::place::{Facts, Place, changed_by, unless_changed};
use super::{EntryKind, RemoveOptions};
use crate::error::Error;
use crate::policy::{Actions, Intent};
use crate::rules::Rule;
use rustix::fs::{AtFlags, unlinkat};
use rustix::io::Errno;
use std::ffi::{CStr, CString};
use std::os::fd::AsFd;

/// Something else than a folder, or something in a folder that was empty, stands there now.
const REPLACED: &[Errno] = &[Errno::NOENT, Errno::ISDIR, Errno::NOTDIR];

impl PathGuard {
    pub(super) fn remove(&self, actions: &Actions, path: &str, options: &RemoveOptions) -> Result<(), Error> {
        let look = PathOptions { intent: Intent::Delete, base: options.base.clone() };
        settle(|| {
            let place = Place::of(self.look(actions, path, &look)?)?;
            let Some(found) = &place.found else {
                return Err(Outcome::Changed);
            };
            if !is_directory(found) {
                return place.unlink(AtFlags::empty());
            }
            if options.recursive {
                let tree = self.tree(actions, place.root, &place.relative, found)?;
                let removal = Removal { guard: self, actions, tree, device: found.device };
                let folders = removal.scan(options.max_entries)?;
                removal.clear(folders, options.max_entries)?;
            }
            place.unlink(AtFlags::REMOVEDIR)
        })
    }
}

impl Place<'_> {
    fn unlink(&self, flags: AtFlags) -> Result<(), Outcome> {
        self.verify()?;
        unlinkat(self.folder(), &*self.name, flags).map_err(|error| match error {
            Errno::EXIST => Errno::NOTEMPTY.into(),
            error => changed_by(error, REPLACED),
        })
    }
}

/// The removal of what lies in a folder.
struct Removal<'g> {
    guard: &'g PathGuard,
    actions: &'g Actions,
    tree: Tree<'g>,
    device: u64,
}

impl Removal<'_> {
    /// Judges everything in the tree; answers its folders, each before those in it.
    fn scan(&self, max: usize) -> Result<Vec<Vec<u8>>, Outcome> {
        let mut folders = vec![Vec::new()];
        let mut count = 0;
        let mut next = 0;
        while let Some(folder) = folders.get(next).cloned() {
            next += 1;
            each_entry(&self.tree.open(&folder).map_err(unless_changed)?, |dir, name, _| {
                count += 1;
                if count > max {
                    return Err(TOO_MANY);
                }
                let path = below(&folder, name);
                let facts = Facts::at(dir, name).map_err(|error| changed_by(error, REPLACED))?;
                self.judge(&path, &facts)?;
                if facts.kind == EntryKind::Directory {
                    folders.push(path);
                }
                Ok(())
            })?;
        }
        Ok(folders)
    }

    /// Empties the folders, the deepest first, so that each that lies in one is empty when its turn comes.
    fn clear(&self, folders: Vec<Vec<u8>>, max: usize) -> Result<(), Outcome> {
        for folder in folders.into_iter().rev() {
            let opened = self.tree.open(&folder).map_err(unless_changed)?;
            // Listed before anything goes: what a listing shows of a folder that changes is not defined.
            let mut names: Vec<CString> = Vec::new();
            each_entry(&opened, |_, name, _| {
                if names.len() >= max {
                    return Err(TOO_MANY);
                }
                names.push(name.to_owned());
                Ok(())
            })?;
            for name in names {
                match self.unlink(&opened, &folder, &name) {
                    // Somebody else was faster.
                    Err(Errno::NOENT) => {}
                    Err(error) => {
                        return Err(changed_by(
                            error,
                            &[REPLACED, &[Errno::NOTEMPTY, Errno::EXIST]].concat(),
                        ));
                    }
                    Ok(judged) => judged?,
                }
            }
        }
        Ok(())
    }

    fn unlink(&self, dir: impl AsFd, folder: &[u8], name: &CStr) -> Result<Result<(), Outcome>, Errno> {
        let facts = Facts::at(dir.as_fd(), name)?;
        if let Err(refused) = self.judge(&below(folder, name), &facts) {
            return Ok(Err(refused));
        }
        let is_folder = facts.kind == EntryKind::Directory;
        let flags = if is_folder { AtFlags::REMOVEDIR } else { AtFlags::empty() };
        unlinkat(dir, name, flags).map(Ok)
    }

    /// The rules of a deletion on an entry of the tree. A link is no way anywhere here: it goes itself.
    fn judge(&self, path: &[u8], facts: &Facts) -> Result<(), Outcome> {
        let enforced = |rule| self.actions.refuses(rule);
        let is = |kind| facts.kind == kind;
        let access = self.guard.access_below(&self.tree, path);
        let refused = if enforced(Rule::PathBlocked) && access != Access::Open {
            (Rule::PathBlocked, access.reason())
        } else if is(EntryKind::Other) {
            (Rule::PathSpecialFile, "the folder holds something that is no file, folder or link")
        } else if is(EntryKind::Directory) && self.guard.is_root(facts.device, facts.inode) {
            (Rule::PathOutsideRoot, ROOT)
        } else if self.tree.no_xdev && is(EntryKind::Directory) && facts.device != self.device {
            // Of folders only: an overlay tells other devices for the files of its layers.
            (Rule::PathCrossDevice, "the folder holds another file system")
        } else if let Some(refused) =
            self.guard.judge_link_count(is(EntryKind::File), facts.links, Intent::Delete)
            && enforced(Rule::PathHardLink)
        {
            refused
        } else {
            return Ok(());
        };
        Err(Outcome::Refused(refused))
    }
}
