//! How each operation is done. Every option has a default, so that `&Default::default()` is a call without
//! wishes.

#![forbid(unsafe_code)]

/// Bytes that [`Files::read`](super::Files::read) hands over at most, where nothing is said.
pub(super) const MAX_BYTES: u64 = 16 << 20;
/// Entries that [`Files::read_dir`](super::Files::read_dir) lists at most, where nothing is said.
pub(super) const MAX_LISTED: usize = 10_000;
/// Entries that [`Files::remove`](super::Files::remove) removes at most, where nothing is said.
pub(super) const MAX_REMOVED: usize = 100_000;

/// How a file is read.
///
/// ```
/// let mut options = callgate::ReadOptions::default();
/// assert_eq!(options.max_bytes, 16 << 20);
/// options.max_bytes = 1024;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// The folder that a relative path counts from, as in [`PathOptions`](crate::PathOptions).
    pub base: Option<String>,
    /// A file with more bytes is `path.size`. Default 16,777,216 (16 MiB).
    pub max_bytes: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { base: None, max_bytes: MAX_BYTES }
    }
}

/// How a file is written.
///
/// ```
/// let mut options = callgate::WriteOptions::default();
/// assert!(options.create && !options.exclusive && !options.sync);
/// options.mode = Some(0o644);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteOptions {
    /// The folder that a relative path counts from, as in [`PathOptions`](crate::PathOptions).
    pub base: Option<String>,
    /// Create the file when it is missing; else that is `path.missing`. Default `true`.
    pub create: bool,
    /// A file that exists is `path.exists`. Needs `create`. Default `false`.
    pub exclusive: bool,
    /// Permission bits of a created file, less the process's umask: at most 0o777. One that is replaced keeps
    /// its own. Default 0o600.
    pub mode: Option<u32>,
    /// Wait until the file and its name are on the disk, so that they outlast a power failure. Default
    /// `false`.
    pub sync: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { base: None, create: true, exclusive: false, mode: None, sync: false }
    }
}

/// How bytes are added to a file.
///
/// ```
/// let mut options = callgate::AppendOptions::default();
/// assert!(options.create);
/// options.create = false;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppendOptions {
    /// The folder that a relative path counts from, as in [`PathOptions`](crate::PathOptions).
    pub base: Option<String>,
    /// Create the file when it is missing; else that is `path.missing`. Default `true`.
    pub create: bool,
    /// Permission bits of a created file, less the process's umask: at most 0o777. Default 0o600.
    pub mode: Option<u32>,
    /// Wait until the bytes are on the disk. Default `false`.
    pub sync: bool,
}

impl Default for AppendOptions {
    fn default() -> Self {
        Self { base: None, create: true, mode: None, sync: false }
    }
}

/// How a folder is listed.
///
/// ```
/// let mut options = callgate::ReadDirOptions::default();
/// assert_eq!((options.recursive, options.max_entries), (false, 10_000));
/// options.hide_blocked = true;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadDirOptions {
    /// The folder that a relative path counts from, as in [`PathOptions`](crate::PathOptions).
    pub base: Option<String>,
    /// Also what lies in its folders, but not in blocked ones and not in those of another file system (unless
    /// the policy says `crossDevice`), which are listed themselves. Default `false`.
    pub recursive: bool,
    /// More entries are `path.entries`, and nothing is listed. Default 10,000.
    pub max_entries: usize,
    /// Leave out names that are blocked. Those that are blocked by what the file holds (`*.pem`, `*.key`) are
    /// listed. Default `false`.
    pub hide_blocked: bool,
}

impl Default for ReadDirOptions {
    fn default() -> Self {
        Self { base: None, recursive: false, max_entries: MAX_LISTED, hide_blocked: false }
    }
}

/// How something is looked at.
///
/// ```
/// let mut options = callgate::StatOptions::default();
/// options.base = Some("drafts".to_owned());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct StatOptions {
    /// The folder that a relative path counts from, as in [`PathOptions`](crate::PathOptions).
    pub base: Option<String>,
}

/// How a folder is made.
///
/// ```
/// let mut options = callgate::MakeDirOptions::default();
/// options.recursive = true;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct MakeDirOptions {
    /// The folder that a relative path counts from, as in [`PathOptions`](crate::PathOptions).
    pub base: Option<String>,
    /// Make the missing folders on the way too; a folder that exists is fine. Default `false`: it is
    /// `path.exists`, and a missing one on the way `path.missing`.
    pub recursive: bool,
    /// Permission bits of a made folder, less the process's umask: at most 0o777. Default 0o700.
    pub mode: Option<u32>,
}

/// How something is removed.
///
/// ```
/// let mut options = callgate::RemoveOptions::default();
/// assert_eq!((options.recursive, options.max_entries), (false, 100_000));
/// options.recursive = true;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoveOptions {
    /// The folder that a relative path counts from, as in [`PathOptions`](crate::PathOptions).
    pub base: Option<String>,
    /// Also what lies in the folder; else a folder that holds something is `path.not-empty`. Default `false`.
    pub recursive: bool,
    /// A tree with more entries is `path.entries`, and nothing is removed. Default 100,000.
    pub max_entries: usize,
}

impl Default for RemoveOptions {
    fn default() -> Self {
        Self { base: None, recursive: false, max_entries: MAX_REMOVED }
    }
}

/// How something is renamed.
///
/// ```
/// let mut options = callgate::RenameOptions::default();
/// assert!(!options.overwrite);
/// options.overwrite = true;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RenameOptions {
    /// The folder that relative paths count from, as in [`PathOptions`](crate::PathOptions).
    pub base: Option<String>,
    /// Replace a file by a file, or an empty folder by a folder. Default `false`: what exists is
    /// `path.exists`.
    pub overwrite: bool,
}

/// How a file is copied.
///
/// ```
/// let mut options = callgate::CopyOptions::default();
/// assert!(options.max_bytes.is_none() && !options.overwrite);
/// options.max_bytes = Some(1 << 30);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CopyOptions {
    /// The folder that relative paths count from, as in [`PathOptions`](crate::PathOptions).
    pub base: Option<String>,
    /// Replace a file that exists. Default `false`: that is `path.exists`.
    pub overwrite: bool,
    /// A file with more bytes is `path.size`. Default: no limit, the file is never held in memory.
    pub max_bytes: Option<u64>,
    /// Wait until the copy and its name are on the disk. Default `false`.
    pub sync: bool,
}
