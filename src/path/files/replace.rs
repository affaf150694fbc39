//! Writing a file whole, under a name of its own until it is complete.

#![forbid(unsafe_code)]

use super::super::open::{Outcome, settle};
use super::super::resolve::{PathGuard, is_file};
use super::super::{OpenOptions, PathOptions};
use super::content::TOO_LARGE;
use super::place::{Entry, Place, bits, changed_by};
use super::{CopyOptions, EntryKind, WriteOptions};
use crate::error::Error;
use crate::policy::{Actions, Intent};
use crate::rules::Rule;
use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid, fchmod, fchown, openat, unlinkat};
use rustix::io::Errno;
use std::ffi::CString;
use std::fs::{File, Metadata};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::os::fd::BorrowedFd;
use std::os::unix::fs::MetadataExt;

/// Permission bits of a created file where the caller names none.
const DEFAULT_MODE: u32 = 0o600;
/// How many names are tried for a temporary file.
const MAX_NAMES: u32 = 8;

impl PathGuard {
    pub(super) fn write_file(
        &self,
        actions: &Actions,
        path: &str,
        data: &[u8],
        options: &WriteOptions,
    ) -> Result<(), Error> {
        let look = PathOptions { intent: Intent::Write, base: options.base.clone() };
        settle(|| {
            let place = self.file_place(actions, path, &look, options.create, !options.exclusive)?;
            self.replace(&place, options.mode.unwrap_or(DEFAULT_MODE), options.sync, |file| {
                file.write_all(data).map_err(|error| Outcome::from(&error))
            })
        })
    }

    pub(super) fn copy_file(
        &self,
        actions: &Actions,
        from: &str,
        to: &str,
        options: &CopyOptions,
    ) -> Result<(), Error> {
        let mut read = OpenOptions::new(Intent::Read);
        read.path.base.clone_from(&options.base);
        let look = PathOptions { intent: Intent::Write, base: options.base.clone() };
        settle(|| {
            let source = self.open_file(actions, from, &read)?;
            let metadata = source.metadata().map_err(|error| Outcome::from(&error))?;
            let max = options.max_bytes.unwrap_or(u64::MAX);
            if metadata.len() > max {
                return Err(TOO_LARGE);
            }
            let place = self.file_place(actions, to, &look, true, options.overwrite)?;
            self.replace(&place, metadata.mode() & 0o777, options.sync, |file| {
                let copied = io::copy(&mut source.take(max.saturating_add(1)), file);
                let copied = copied.map_err(|error| Outcome::from(&error))?;
                if copied > max { Err(TOO_LARGE) } else { Ok(()) }
            })
        })
    }

    /// Where a file is to be written.
    fn file_place<'g>(
        &'g self,
        actions: &Actions,
        path: &str,
        look: &PathOptions,
        create: bool,
        overwrite: bool,
    ) -> Result<Place<'g>, Outcome> {
        let place = Place::of(self.look(actions, path, look)?)?;
        let refused = match &place.found {
            Some(_) if !overwrite => (Rule::PathExists, "the file exists"),
            Some(found) if !is_file(found) => (Rule::PathSpecialFile, "not a regular file"),
            None if path.ends_with('/') => {
                (Rule::PathSpecialFile, "a path that ends in a slash names a directory")
            }
            None if !create => (Rule::PathMissing, "the file does not exist, and `create` is not set"),
            _ => return Ok(place),
        };
        Err(Outcome::Refused(refused))
    }

    /// Puts a file with the content that `write` writes at a place. `mode`: of a new file, less the umask.
    fn replace(
        &self,
        place: &Place<'_>,
        mode: u32,
        sync: bool,
        write: impl FnOnce(&mut File) -> Result<(), Outcome>,
    ) -> Result<(), Outcome> {
        let old = match &place.found {
            // Who may not write the file may not replace it either.
            Some(found) => {
                let file = self.reopen(place.root, &place.relative, found, libc::O_WRONLY)?;
                Some(file.metadata().map_err(|error| Outcome::from(&error))?)
            }
            None => None,
        };
        let mut new = Temporary::create(place.folder(), if old.is_some() { DEFAULT_MODE } else { mode })?;
        write(&mut new.file)?;
        if let Some(old) = &old {
            take_after(&new.file, old)?;
        }
        if sync {
            new.file.sync_all().map_err(|error| Outcome::from(&error))?;
        }
        new.take_name(place)?;
        if sync {
            sync_folder(place.folder())?;
        }
        Ok(())
    }
}

/// Gives a new file the owner and permission bits of the one that it replaces.
fn take_after(new: &File, old: &Metadata) -> Result<(), Outcome> {
    let now = new.metadata().map_err(|error| Outcome::from(&error))?;
    let mut mode = old.mode() & 0o777;
    let group_kept = now.gid() == old.gid() || fchown(new, None, Some(Gid::from_raw(old.gid()))).is_ok();
    let owner_kept = now.uid() == old.uid() || fchown(new, Some(Uid::from_raw(old.uid())), None).is_ok();
    if !group_kept || !owner_kept {
        // What a group was granted must not go to another one.
        mode &= !0o070;
    }
    Ok(fchmod(new, bits(mode))?)
}

/// A handle cannot be synced, so that the folder is opened anew: by the handle, not by its path.
fn sync_folder(folder: BorrowedFd<'_>) -> Result<(), Outcome> {
    let opened = openat(folder, c".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    Ok(rustix::fs::fsync(opened)?)
}

/// A file that is gone again unless it takes its name.
#[derive(Debug)]
struct Temporary<'p> {
    folder: BorrowedFd<'p>,
    name: CString,
    file: File,
    named: bool,
}

impl<'p> Temporary<'p> {
    fn create(folder: BorrowedFd<'p>, mode: u32) -> Result<Self, Outcome> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        for _ in 0..MAX_NAMES {
            // Seeded by the system. Not a secret: a name that is taken is not used.
            let number = RandomState::new().build_hasher().finish();
            let name = CString::new(format!(".callgate-{number:016x}.tmp")).map_err(|_| Outcome::Changed)?;
            match openat(folder, &*name, flags, bits(mode)) {
                Ok(fd) => return Ok(Self { folder, name, file: fd.into(), named: false }),
                Err(Errno::EXIST) => {}
                // The folder was removed.
                Err(error) => return Err(changed_by(error, &[Errno::NOENT])),
            }
        }
        Err(Outcome::Changed)
    }

    fn take_name(mut self, place: &Place<'_>) -> Result<(), Outcome> {
        place.verify()?;
        let own = Entry { folder: self.folder, name: &self.name };
        self.verify(own)?;
        // Something came to stand at the name, or the folder went.
        place
            .put(own, EntryKind::File)
            .map_err(|error| changed_by(error, &[Errno::EXIST, Errno::ISDIR, Errno::NOENT]))?;
        self.named = true;
        // What was put there in the last moment is judged as anything else that stands there.
        self.verify(place.entry())
    }

    /// Whether the entry is still the file that was written.
    fn verify(&self, entry: Entry<'_>) -> Result<(), Outcome> {
        let ours = self.file.metadata().map_err(|error| Outcome::from(&error))?;
        entry.verify(Some((ours.dev(), ours.ino())))
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.named {
            // Nothing can be done about a failure here.
            let _ = unlinkat(self.folder, &*self.name, AtFlags::empty());
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::super::super::fixture::{Fixture, MEANS};
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_replaces_the_temporary_file_does_not_take_the_name() {
        for means in MEANS {
            let fixture = Fixture::new("{}", means);
            fixture.put("old", "old");
            fixture.put("other", "other");
            let look = PathOptions { intent: Intent::Write, base: None };
            for name in ["old", "new"] {
                for link in [true, false] {
                    let place =
                        fixture.guard.file_place(&fixture.actions, name, &look, true, true).expect(name);
                    let done = fixture.guard.replace(&place, DEFAULT_MODE, false, |_| {
                        let names = fs::read_dir(&fixture.root).expect("the root");
                        let mut paths = names.map(|entry| entry.expect("an entry").path());
                        let path = paths.find(|path| path.extension().is_some()).expect("a temporary file");
                        fs::remove_file(&path).expect("removed");
                        if link {
                            symlink("other", path).expect("a link");
                        } else {
                            fs::hard_link(fixture.root.join("other"), path).expect("a second name");
                        }
                        Ok(())
                    });
                    assert!(matches!(done, Err(Outcome::Changed)), "{name} {link} {means:?}");
                    assert_eq!(fixture.tree(), ["old=old", "other=other"], "{name} {link} {means:?}");
                }
            }
        }
    }
}
