//! File operations inside the roots, each done where its path was checked.
//!
//! The same look-up and rules as in `resolve`. An operation on a name acts in a handle of the folder that
//! was checked (`place`) and never by the path again; what it acts on is compared with what was judged right
//! before, so that whatever is renamed meanwhile, the operation stays inside.

#![forbid(unsafe_code)]

#[cfg(unix)]
mod content;
#[cfg(unix)]
mod folders;
#[cfg(unix)]
mod list;
mod options;
#[cfg(unix)]
mod place;
#[cfg(unix)]
mod remove;
#[cfg(unix)]
mod rename;
#[cfg(unix)]
mod replace;
#[cfg(not(unix))]
mod unsupported;

#[cfg(test)]
mod process_tests;
#[cfg(test)]
mod race_tests;
#[cfg(test)]
mod tests;

pub use options::{
    AppendOptions, CopyOptions, MakeDirOptions, ReadDirOptions, ReadOptions, RemoveOptions, RenameOptions,
    StatOptions, WriteOptions,
};

use super::PathGuard;
use crate::error::{Error, ErrorKind};
use crate::policy::Actions;

/// File operations inside the roots of a gate: [`Gate::files`](crate::Gate::files).
///
/// Paths are judged as in [`Gate::resolve_path`](crate::Gate::resolve_path), and refused with the same
/// errors: the code is the rule id. Misuse of options is `input.type`. Where the policy only flags, the
/// operation is done. On systems where paths are not supported yet everything is `platform.unsupported`.
///
/// ```
/// use callgate::{Gate, Policy};
/// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
/// # std::fs::create_dir_all(&folder)?;
/// let mut policy = Policy::default();
/// policy.paths.roots.push(folder.clone());
/// let gate = Gate::new(policy)?;
/// let files = gate.files();
/// files.make_dir("2024", &Default::default())?;
/// files.write("2024/todo.md", b"milk", &Default::default())?;
/// assert_eq!(files.read_dir("2024", &Default::default())?[0].name, "todo.md");
/// assert_eq!(files.read("../2024", &Default::default()).unwrap_err().code(), "path.traversal");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Files<'g> {
    guard: &'g PathGuard,
    actions: &'g Actions,
}

/// What lies in a folder.
///
/// ```
/// use callgate::{DirEntry, EntryKind};
/// fn bytes(entries: &[DirEntry]) -> u64 {
///     entries.iter().filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.size).sum()
/// }
/// # assert_eq!(bytes(&[]), 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirEntry {
    /// Its name; when listed with `recursive`, its path below the listed folder. U+FFFD stands for what is not
    /// UTF-8, and such a name cannot be asked for.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes of a file, 0 for everything else.
    pub size: u64,
}

/// What an entry of a folder is.
///
/// ```
/// use callgate::EntryKind;
/// assert_eq!(EntryKind::Link.as_str(), "link");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, wherever it leads.
    Link,
    /// Anything else: FIFO, socket, device.
    Other,
}

impl EntryKind {
    /// The lower-case name.
    ///
    /// ```
    /// assert_eq!(callgate::EntryKind::Directory.as_str(), "directory");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Link => "link",
            Self::Other => "other",
        }
    }
}

/// What is known of a file or folder.
///
/// ```
/// use callgate::FileStat;
/// fn is_private(stat: &FileStat) -> bool {
///     stat.mode & 0o077 == 0
/// }
/// # let _ = is_private;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FileStat {
    /// File or directory: a link inside the root is followed, everything else is refused.
    pub kind: EntryKind,
    /// Bytes of a file, 0 for a directory.
    pub size: u64,
    /// When the content was last changed: milliseconds since 1970, with fractions.
    pub modified_ms: f64,
    /// Permission bits, 0o7777 at most.
    pub mode: u32,
}

impl<'g> Files<'g> {
    pub(crate) fn new(guard: &'g PathGuard, actions: &'g Actions) -> Self {
        Self { guard, actions }
    }

    /// Reads a file whole. Links inside the root are followed.
    ///
    /// # Errors
    /// The refusal; `path.size` for a file with more than `max_bytes`, also when it grows meanwhile.
    ///
    /// ```
    /// # let gate = callgate::Gate::default();
    /// let error = gate.files().read("todo.md", &Default::default()).unwrap_err();
    /// assert_eq!(error.code(), "path.outside-root"); // no root is configured
    /// ```
    pub fn read(&self, path: &str, options: &ReadOptions) -> Result<Vec<u8>, Error> {
        self.guard.read_file(self.actions, path, options)
    }

    /// Writes a file whole, at once: who reads meanwhile sees the old content or the new one, and after a
    /// failure, or the end of the process, the old one is there. The new content is written to a file beside
    /// it, which takes its name then; a process that is killed leaves at most that file, named
    /// `.callgate-` and 16 hexadecimal digits and `.tmp`.
    ///
    /// A file that is replaced keeps its permission bits, and its owner where the system permits it; access
    /// control lists and extended attributes are not kept. A link is followed where it leads to a file in a root. A
    /// file with several hard links (by default) is refused, and one that may not be written.
    ///
    /// # Errors
    /// The refusal; `path.exists`, `path.missing`, `path.no-space`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let mut policy = callgate::Policy::default();
    /// # policy.paths.roots.push(folder.clone());
    /// # let gate = callgate::Gate::new(policy)?;
    /// let mut options = callgate::WriteOptions::default();
    /// options.exclusive = true;
    /// gate.files().write("todo.md", b"milk", &options)?;
    /// assert_eq!(gate.files().write("todo.md", b"tea", &options).unwrap_err().code(), "path.exists");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write(&self, path: &str, data: &[u8], options: &WriteOptions) -> Result<(), Error> {
        if options.exclusive && !options.create {
            return Err(Error::new(ErrorKind::InvalidInput, "exclusive needs create"));
        }
        check_mode(options.mode)?;
        self.guard.write_file(self.actions, path, data, options)
    }

    /// Adds bytes at the end of a file. Where they do not all fit they are taken back, unless somebody wrote
    /// behind them; a process that is killed may leave a part of them.
    ///
    /// # Errors
    /// The refusal; `path.missing`, `path.no-space`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let mut policy = callgate::Policy::default();
    /// # policy.paths.roots.push(folder.clone());
    /// # let gate = callgate::Gate::new(policy)?;
    /// gate.files().append("log.md", b"a", &Default::default())?;
    /// gate.files().append("log.md", b"b", &Default::default())?;
    /// assert_eq!(gate.files().read("log.md", &Default::default())?, b"ab");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn append(&self, path: &str, data: &[u8], options: &AppendOptions) -> Result<(), Error> {
        check_mode(options.mode)?;
        self.guard.append_file(self.actions, path, data, options)
    }

    /// Lists a folder, in the order of the names' bytes. Links are shown as links and never followed.
    ///
    /// # Errors
    /// The refusal; `path.entries` for more than `max_entries`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(folder.join("2024"))?;
    /// # let mut policy = callgate::Policy::default();
    /// # policy.paths.roots.push(folder.clone());
    /// # let gate = callgate::Gate::new(policy)?;
    /// gate.files().write("2024/todo.md", b"milk", &Default::default())?;
    /// let mut options = callgate::ReadDirOptions::default();
    /// options.recursive = true;
    /// let names: Vec<_> = gate.files().read_dir(".", &options)?.into_iter().map(|entry| entry.name).collect();
    /// assert_eq!(names, ["2024", "2024/todo.md"]);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_dir(&self, path: &str, options: &ReadDirOptions) -> Result<Vec<DirEntry>, Error> {
        self.guard.read_dir(self.actions, path, options)
    }

    /// Looks at a file or folder. Links inside the root are followed.
    ///
    /// # Errors
    /// The refusal, which for a blocked name does not tell whether anything is there.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let mut policy = callgate::Policy::default();
    /// # policy.paths.roots.push(folder.clone());
    /// # let gate = callgate::Gate::new(policy)?;
    /// gate.files().write("todo.md", b"milk", &Default::default())?;
    /// assert_eq!(gate.files().stat("todo.md", &Default::default())?.size, 4);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stat(&self, path: &str, options: &StatOptions) -> Result<FileStat, Error> {
        self.guard.stat(self.actions, path, options)
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// The refusal; `path.exists`, `path.missing`. With `recursive`, what was made before a refusal stays.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let mut policy = callgate::Policy::default();
    /// # policy.paths.roots.push(folder.clone());
    /// # let gate = callgate::Gate::new(policy)?;
    /// let mut options = callgate::MakeDirOptions::default();
    /// options.recursive = true;
    /// gate.files().make_dir("2024/may", &options)?;
    /// assert!(folder.join("2024/may").is_dir());
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn make_dir(&self, path: &str, options: &MakeDirOptions) -> Result<(), Error> {
        check_mode(options.mode)?;
        self.guard.make_dir(self.actions, path, options)
    }

    /// Removes a file, a link or an empty folder; with `recursive`, a folder and what lies in it. A link is removed
    /// itself, wherever it leads. A tree that holds what may not be deleted (a blocked name, a file with several
    /// hard links, a special file, another file system) is refused before anything is removed; each entry is
    /// judged again when its turn comes. A root itself is never removed.
    ///
    /// # Errors
    /// The refusal; `path.not-empty`, `path.entries`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(folder.join("old/a"))?;
    /// # let mut policy = callgate::Policy::default();
    /// # policy.paths.roots.push(folder.clone());
    /// # let gate = callgate::Gate::new(policy)?;
    /// assert_eq!(gate.files().remove("old", &Default::default()).unwrap_err().code(), "path.not-empty");
    /// let mut options = callgate::RemoveOptions::default();
    /// options.recursive = true;
    /// gate.files().remove("old", &options)?;
    /// assert!(!folder.join("old").exists());
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn remove(&self, path: &str, options: &RemoveOptions) -> Result<(), Error> {
        self.guard.remove(self.actions, path, options)
    }

    /// Gives a file or folder another name, in any root on the same file system. The old name is judged as in
    /// a deletion, the new one as in a write. A link is not moved: it could lead elsewhere from there.
    ///
    /// A folder moves only where what lies in it is judged by the same patterns at both places: `a` is not
    /// renamed to `.kube`, because `a/config` would become `.kube/config`. What is blocked in it by its own
    /// name moves along, and is blocked there too.
    ///
    /// # Errors
    /// The refusal; `path.exists`, `path.missing`, `path.not-empty`, `path.blocked` as said above,
    /// `path.cross-device`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(folder.join("old"))?;
    /// # std::fs::write(folder.join("old/config"), "")?;
    /// # let mut policy = callgate::Policy::default();
    /// # policy.paths.roots.push(folder.clone());
    /// # let gate = callgate::Gate::new(policy)?;
    /// gate.files().rename("old", "new", &Default::default())?;
    /// let error = gate.files().rename("new", ".kube", &Default::default()).unwrap_err();
    /// assert_eq!(error.code(), "path.blocked");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rename(&self, from: &str, to: &str, options: &RenameOptions) -> Result<(), Error> {
        self.guard.rename(self.actions, from, to, options)
    }

    /// Copies a regular file, at once as in [`Files::write`]. The source is judged as in a read, the new name
    /// as in a write. A new file has the permission bits of the source, less the process's umask; one that is
    /// replaced keeps its own.
    ///
    /// # Errors
    /// The refusal; `path.exists`, `path.missing`, `path.size`, `path.no-space`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let mut policy = callgate::Policy::default();
    /// # policy.paths.roots.push(folder.clone());
    /// # let gate = callgate::Gate::new(policy)?;
    /// gate.files().write("todo.md", b"milk", &Default::default())?;
    /// gate.files().copy("todo.md", "again.md", &Default::default())?;
    /// assert_eq!(std::fs::read(folder.join("again.md"))?, b"milk");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn copy(&self, from: &str, to: &str, options: &CopyOptions) -> Result<(), Error> {
        self.guard.copy_file(self.actions, from, to, options)
    }
}

fn check_mode(mode: Option<u32>) -> Result<(), Error> {
    if mode.is_some_and(|mode| mode > 0o777) {
        return Err(Error::new(ErrorKind::InvalidInput, "mode has permission bits only, 0o777 at most"));
    }
    Ok(())
}
