//! The folders that paths may lie in: opened once and held.

#![forbid(unsafe_code)]

use super::blocked::Blocked;
use super::text::{climbs, components};
use crate::error::Error;
use crate::helper::{Request, open_beneath};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::iter;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{self, Path};
use std::sync::Arc;

#[cfg(any(target_os = "linux", target_os = "android"))]
const HANDLE: i32 = libc::O_PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const HANDLE: i32 = 0;

/// A folder that paths may lie in.
#[derive(Debug)]
pub(super) struct Root {
    dir: File,
    /// As the policy writes it, made absolute; it may lead through links.
    configured: Option<String>,
    /// Without links. Ends in `/` only where it is `/`.
    real: Arc<str>,
    pub(super) device: u64,
    pub(super) inode: u64,
    /// An absolute pattern can match in it.
    pub(super) absolute_patterns: bool,
    /// The system has no usable `openat2`.
    pub(super) walk: bool,
    /// Its file system may find a file by a name of Windows.
    pub(super) windows_names: bool,
}

impl Root {
    /// Opens a root; a relative one counts from `base`.
    pub(super) fn open(root: &Path, base: &Path, blocked: &Blocked) -> Result<Self, &'static str> {
        if root.as_os_str().is_empty() {
            return Err("a root is not empty; the folder itself is `.`");
        }
        let configured = path::absolute(base.join(root)).map_err(|error| describe(&error))?;
        let real = fs::canonicalize(&configured).map_err(|error| describe(&error))?;
        let dir = OpenOptions::new()
            .read(true)
            .custom_flags(HANDLE | libc::O_DIRECTORY | libc::O_NOFOLLOW)
            .open(&real)
            .map_err(|error| describe(&error))?;
        let held = dir.metadata().map_err(|error| describe(&error))?;
        let named = fs::metadata(&configured).map_err(|error| describe(&error))?;
        if (held.dev(), held.ino()) != (named.dev(), named.ino()) {
            return Err("the root was moved while it was opened");
        }
        let real = real.into_os_string().into_string().map_err(|_| "the root's path is not UTF-8")?;
        let request = Request { handle: true, flags: libc::O_DIRECTORY, ..Request::default() };
        let walk = open_beneath(dir.as_fd(), c".", request, None, None).is_ok_and(|opened| opened.walked);
        let configured = configured.into_os_string().into_string().ok();
        Ok(Self {
            windows_names: has_windows_names(&dir),
            dir,
            device: held.dev(),
            inode: held.ino(),
            absolute_patterns: blocked.reaches(&real)
                || configured.as_deref().is_some_and(|folder| blocked.reaches(folder)),
            configured,
            real: real.into(),
            walk,
        })
    }

    pub(super) fn dir(&self) -> BorrowedFd<'_> {
        self.dir.as_fd()
    }

    /// The absolute path, links resolved.
    pub(super) fn real(&self) -> &str {
        &self.real
    }

    pub(super) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.real)
    }

    /// The same without a slash at its end; empty for `/`.
    pub(super) fn prefix(&self) -> &str {
        self.real.trim_end_matches('/')
    }

    /// The absolute path of a resolved relative one.
    pub(super) fn absolute(&self, relative: &str) -> String {
        if relative == "." { self.real.to_string() } else { [self.prefix(), "/", relative].concat() }
    }

    /// The absolute path of a resolved relative one, also as the policy writes the root: its patterns may
    /// be written so as well.
    pub(super) fn spellings(&self, relative: &str) -> impl Iterator<Item = String> {
        let configured = self.configured.as_deref().filter(|folder| **folder != *self.real);
        iter::once(self.absolute(relative)).chain(configured.map(|folder| [folder, "/", relative].concat()))
    }

    /// What follows this root's path in an absolute path, and how many names of the path it took.
    fn strip<'p>(&self, path: &'p str) -> Option<(usize, &'p str)> {
        let real = strip_folder(path, &self.real);
        let configured = self.configured.as_deref().and_then(|folder| strip_folder(path, folder));
        real.into_iter().chain(configured).max_by_key(|(count, _)| *count)
    }
}

/// Whether a folder lies on a file system of Windows, or on one that may stand for another machine's.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn has_windows_names(dir: &File) -> bool {
    // FAT, exFAT, NTFS (two drivers), CIFS, SMB 1 and 2, FUSE and virtiofs, 9P.
    const KINDS: [i64; 9] = [
        0x4d44,
        0x2011_bab0,
        0x5346_544e,
        0x7366_746e,
        0xff53_4d42,
        0x517b,
        0xfe53_4d42,
        0x6573_5546,
        0x0102_1997,
    ];
    rustix::fs::fstatfs(dir)
        .is_ok_and(|facts| KINDS.iter().any(|kind| i128::from(*kind) == i128::from(facts.f_type)))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn has_windows_names(_: &File) -> bool {
    false
}

/// The rest of `path` below `folder`, name by name: `//` and `.` are nothing, `..` is a name.
fn strip_folder<'p>(path: &'p str, folder: &str) -> Option<(usize, &'p str)> {
    let mut rest = path;
    let mut count = 0;
    for name in components(folder) {
        loop {
            rest = rest.trim_start_matches('/');
            let end = rest.find('/').unwrap_or(rest.len());
            let (next, after) = rest.split_at_checked(end)?;
            rest = after;
            if next == name {
                break;
            }
            if next != "." {
                return None;
            }
        }
        count += 1;
    }
    Some((count, rest.trim_start_matches('/')))
}

/// The root that an absolute path lies in by its names, and the path below it: the longest one that `..`
/// does not leave, if any.
pub(super) fn find<'r, 'p>(roots: &'r [Root], path: &'p str) -> Option<(&'r Root, &'p str)> {
    let mut best: Option<((bool, usize), &Root, &str)> = None;
    for root in roots {
        if let Some((count, rest)) = root.strip(path) {
            let rank = (!climbs(components(rest)), count);
            if best.is_none_or(|(highest, ..)| rank > highest) {
                best = Some((rank, root, rest));
            }
        }
    }
    best.map(|(_, root, rest)| (root, rest))
}

/// Opens every root of a policy.
pub(super) fn open_all(roots: &[path::PathBuf], base: &Path, blocked: &Blocked) -> Result<Vec<Root>, Error> {
    let open = |(index, root): (usize, &path::PathBuf)| {
        Root::open(root, base, blocked).map_err(|what| Error::policy(&format!("/paths/roots/{index}"), what))
    };
    roots.iter().enumerate().map(open).collect()
}

/// Says what failed without a path.
fn describe(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "the root does not exist",
        io::ErrorKind::NotADirectory => "the root is not a directory",
        io::ErrorKind::PermissionDenied => "the root may not be opened",
        _ => "the root cannot be opened",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_are_compared_name_by_name() {
        for (path, folder, rest) in [
            ("/srv/data/a", "/srv/data", Some((2, "a"))),
            ("/srv/data", "/srv/data", Some((2, ""))),
            ("/srv/data/", "/srv/data", Some((2, ""))),
            ("//srv/./data//a/", "/srv/data", Some((2, "a/"))),
            ("/srv/data/../x", "/srv/data", Some((2, "../x"))),
            ("/srv/../srv/data/a", "/srv/data", None),
            ("/srv/data2/a", "/srv/data", None),
            ("/srv", "/srv/data", None),
            ("/", "/", Some((0, ""))),
            ("/a", "/", Some((0, "a"))),
        ] {
            assert_eq!(strip_folder(path, folder), rest, "{path}");
        }
    }

    #[test]
    fn the_longest_root_wins_and_links_to_roots_work() {
        let temp = tempfile::tempdir().expect("a temporary folder");
        let base = temp.path();
        fs::create_dir_all(base.join("data/inner")).expect("folders");
        std::os::unix::fs::symlink("data", base.join("link")).expect("a link");
        let roots = ["data", "link", "data/inner"].map(Into::into);
        let roots = open_all(&roots, base, &Blocked::default()).expect("roots");
        let real = fs::canonicalize(base).expect("a real path");
        let at = |path: &str| base.join(path).to_str().map(str::to_owned).unwrap_or_default();
        for (path, root, rest) in [
            ("data/a", "data", "a"),
            ("link/a", "data", "a"),
            ("data/inner/a", "data/inner", "a"),
            ("data/inner2", "data", "inner2"),
        ] {
            let path = at(path);
            let (found, found_rest) = find(&roots, &path).expect("in a root");
            assert_eq!((Path::new(found.real()), found_rest), (real.join(root).as_path(), rest), "{path}");
        }
        assert!(find(&roots, &at("other")).is_none());
    }

    #[test]
    fn roots_that_cannot_be_opened_are_named_by_their_place() {
        let temp = tempfile::tempdir().expect("a temporary folder");
        fs::write(temp.path().join("file"), "").expect("a file");
        for (root, what) in [
            ("missing", "the root does not exist"),
            ("file", "the root is not a directory"),
            ("", "a root is not empty"),
        ] {
            let roots = [".".into(), root.into()];
            let error = open_all(&roots, temp.path(), &Blocked::default()).expect_err(root);
            assert_eq!(error.code(), "policy.invalid");
            assert!(error.to_string().starts_with(&format!("/paths/roots/1: {what}")), "{error}");
            assert!(!error.to_string().contains(temp.path().to_str().unwrap_or_default()));
        }
    }
}
