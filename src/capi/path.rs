//! Paths for C: check, resolve and open.

use super::boundary::{Failure, boundary};
use super::gate::GateHandle;
use super::pointer::{self, Out};
use super::status::CALLGATE_OK;
use super::verdict::{FindingView, Text, VerdictHandle, action_status};
use crate::path::{FileKind, OpenOptions, PathOptions, ValidatedPath};
use crate::policy::Intent;
use std::ffi::c_char;
use std::fs::File;

/// Read a file.
pub const CALLGATE_INTENT_READ: i32 = 0;
/// List a directory.
pub const CALLGATE_INTENT_LIST: i32 = 1;
/// Write a file; it may be created.
pub const CALLGATE_INTENT_WRITE: i32 = 2;
/// Remove a file or directory.
pub const CALLGATE_INTENT_DELETE: i32 = 3;

/// With `CALLGATE_INTENT_WRITE`: create the file when it is missing.
pub const CALLGATE_OPEN_CREATE: u32 = 1;
/// With `CALLGATE_INTENT_WRITE`: cut the file to zero length, after every check.
pub const CALLGATE_OPEN_TRUNCATE: u32 = 2;
/// With `CALLGATE_INTENT_WRITE`: every write goes to the end of the file.
pub const CALLGATE_OPEN_APPEND: u32 = 4;
/// With `CALLGATE_OPEN_CREATE`: refuse a file that exists.
pub const CALLGATE_OPEN_EXCLUSIVE: u32 = 8;

/// A regular file.
pub const CALLGATE_KIND_FILE: i32 = 0;
/// A directory.
pub const CALLGATE_KIND_DIRECTORY: i32 = 1;
/// Nothing yet.
pub const CALLGATE_KIND_MISSING: i32 = 2;

/// A path that was checked. Immutable, so that any thread may read it; freed with `callgate_path_free()`.
#[derive(Debug)]
pub struct PathHandle(ValidatedPath);

/// What a checked path says. The texts belong to the path that was asked, and go with it.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct PathView {
    /// The absolute path with every link resolved.
    pub path: Text,
    /// The path relative to its root; "." for the root itself.
    pub relative: Text,
    /// The absolute path of its root.
    pub root: Text,
    /// How many findings there are: flags only.
    pub findings: usize,
    /// `CALLGATE_KIND_*`.
    pub kind: i32,
    /// 0.
    pub reserved: i32,
}

const OPEN_FLAGS: u32 =
    CALLGATE_OPEN_CREATE | CALLGATE_OPEN_TRUNCATE | CALLGATE_OPEN_APPEND | CALLGATE_OPEN_EXCLUSIVE;

/// Permission bits; a file that is created here never gets set-user-id and the like.
const MODE_BITS: u32 = 0o777;

fn path_options(intent: i32, base: &str) -> Result<PathOptions, Failure> {
    let intent = match intent {
        CALLGATE_INTENT_READ => Intent::Read,
        CALLGATE_INTENT_LIST => Intent::List,
        CALLGATE_INTENT_WRITE => Intent::Write,
        CALLGATE_INTENT_DELETE => Intent::Delete,
        _ => return Err(Failure::argument("no intent has this number")),
    };
    Ok(PathOptions { intent, base: (!base.is_empty()).then(|| base.to_owned()) })
}

fn open_options(path: PathOptions, flags: u32, mode: u32) -> Result<OpenOptions, Failure> {
    if flags & !OPEN_FLAGS != 0 {
        return Err(Failure::argument("a flag is none of CALLGATE_OPEN_*"));
    }
    if mode & !MODE_BITS != 0 {
        return Err(Failure::argument("a mode has bits beyond 0777"));
    }
    let has = |flag| flags & flag != 0;
    Ok(OpenOptions {
        path,
        create: has(CALLGATE_OPEN_CREATE),
        truncate: has(CALLGATE_OPEN_TRUNCATE),
        append: has(CALLGATE_OPEN_APPEND),
        exclusive: has(CALLGATE_OPEN_EXCLUSIVE),
        mode: Some(mode),
    })
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "fails on the platforms that have no descriptors")]
fn into_descriptor(file: File) -> Result<i32, Failure> {
    Ok(std::os::fd::IntoRawFd::into_raw_fd(file))
}

#[cfg(not(unix))]
fn into_descriptor(_: File) -> Result<i32, Failure> {
    let message = "this platform has no file descriptors";
    Err(crate::Error::new(crate::ErrorKind::Unsupported, message).into())
}

/// Checks a path and tells what was found, without refusing by error. Writes to `verdict` what was found, to
/// be freed with `callgate_verdict_free()`; `verdict` may be NULL where the action is enough.
///
/// `base` is the folder that a relative path counts from: relative to the first root, or absolute in a root;
/// empty for the first root itself. `intent` is one of `CALLGATE_INTENT_*`.
///
/// Returns `CALLGATE_ALLOW`, `CALLGATE_FLAG` or `CALLGATE_DENY`, or `CALLGATE_ERR_ARGUMENT`. `verdict` is written
/// in the first three cases only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `path` is NULL, or points to `path_len` readable bytes that nobody writes during the call.
/// - `base` is NULL, or points to `base_len` readable bytes that nobody writes during the call.
/// - `verdict` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_check_path(
    gate: *const GateHandle,
    path: *const c_char,
    path_len: usize,
    base: *const c_char,
    base_len: usize,
    intent: i32,
    verdict: *mut *mut VerdictHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `path` is NULL or `path_len` readable bytes.
        let path = unsafe { pointer::text(path, path_len) }?;
        // SAFETY: the C caller guarantees that `base` is NULL or `base_len` readable bytes.
        let base = unsafe { pointer::text(base, base_len) }?;
        // SAFETY: the C caller guarantees that `verdict` is NULL or may be written.
        let out = unsafe { Out::optional(verdict) }?;
        let verdict = gate.0.check_path(path, &path_options(intent, base)?);
        let status = action_status(verdict.action());
        if let Some(out) = out {
            out.write(VerdictHandle::give(verdict));
        }
        Ok(status)
    })
}

/// Validates a path. Writes to `resolved` what it leads to, to be freed with `callgate_path_free()`. `base`
/// and `intent` are those of `callgate_gate_check_path()`.
///
/// Between this answer and its use a link can change: to open the file, use `callgate_gate_open_path()`.
///
/// Returns `CALLGATE_OK`; `CALLGATE_ERR_REFUSED` with the rule's id as the code of `callgate_last_error()`;
/// `CALLGATE_ERR_ARGUMENT`; `CALLGATE_ERR_UNSUPPORTED`. `resolved` is written on success only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `path` is NULL, or points to `path_len` readable bytes that nobody writes during the call.
/// - `base` is NULL, or points to `base_len` readable bytes that nobody writes during the call.
/// - `resolved` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_resolve_path(
    gate: *const GateHandle,
    path: *const c_char,
    path_len: usize,
    base: *const c_char,
    base_len: usize,
    intent: i32,
    resolved: *mut *mut PathHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `path` is NULL or `path_len` readable bytes.
        let path = unsafe { pointer::text(path, path_len) }?;
        // SAFETY: the C caller guarantees that `base` is NULL or `base_len` readable bytes.
        let base = unsafe { pointer::text(base, base_len) }?;
        // SAFETY: the C caller guarantees that `resolved` is NULL or may be written.
        let out = unsafe { Out::new(resolved) }?;
        let resolved = gate.0.resolve_path(path, &path_options(intent, base)?)?;
        out.write(pointer::give(PathHandle(resolved)));
        Ok(CALLGATE_OK)
    })
}

/// Opens a path that lies in a root: the file that was checked is the file that is handed out. Writes to
/// `descriptor` a close-on-exec file descriptor, which the caller closes with `close()`.
///
/// `base` and `intent` are those of `callgate_gate_check_path()`: read opens for reading, write for writing,
/// list opens a directory. `flags` are `CALLGATE_OPEN_*` or 0. `mode` holds the permission bits of a file
/// that is created, at most 0777, less the umask of the process; 0600 is a good choice.
///
/// Returns `CALLGATE_OK`; `CALLGATE_ERR_REFUSED` with the rule's id as the code of `callgate_last_error()`;
/// `CALLGATE_ERR_ARGUMENT`; `CALLGATE_ERR_UNSUPPORTED`. `descriptor` is written on success only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `path` is NULL, or points to `path_len` readable bytes that nobody writes during the call.
/// - `base` is NULL, or points to `base_len` readable bytes that nobody writes during the call.
/// - `descriptor` is NULL, or may be written as one `int32_t`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_open_path(
    gate: *const GateHandle,
    path: *const c_char,
    path_len: usize,
    base: *const c_char,
    base_len: usize,
    intent: i32,
    flags: u32,
    mode: u32,
    descriptor: *mut i32,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `path` is NULL or `path_len` readable bytes.
        let path = unsafe { pointer::text(path, path_len) }?;
        // SAFETY: the C caller guarantees that `base` is NULL or `base_len` readable bytes.
        let base = unsafe { pointer::text(base, base_len) }?;
        // SAFETY: the C caller guarantees that `descriptor` is NULL or may be written.
        let out = unsafe { Out::new(descriptor) }?;
        let options = open_options(path_options(intent, base)?, flags, mode)?;
        out.write(into_descriptor(gate.0.open_path(path, &options)?)?);
        Ok(CALLGATE_OK)
    })
}

/// Writes to `view` what a checked path says. Its texts stay until the path is freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL.
///
/// # Safety
/// - `path` is NULL, or came from callgate and was not freed.
/// - `view` is NULL, or may be written as one `callgate_path_view`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_path_get(path: *const PathHandle, view: *mut PathView) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `path` is NULL or alive for this call.
        let path = unsafe { pointer::shared(path) }?;
        // SAFETY: the C caller guarantees that `view` is NULL or may be written.
        let view = unsafe { Out::new(view) }?;
        view.write(PathView {
            path: Text::of(path.0.path()),
            relative: Text::of(path.0.relative()),
            root: Text::of(path.0.root()),
            findings: path.0.findings().len(),
            kind: match path.0.kind() {
                FileKind::File => CALLGATE_KIND_FILE,
                FileKind::Directory => CALLGATE_KIND_DIRECTORY,
                FileKind::Missing => CALLGATE_KIND_MISSING,
            },
            reserved: 0,
        });
        Ok(CALLGATE_OK)
    })
}

/// Writes to `finding` what the finding at `index` of a checked path says. Its texts stay until the path is
/// freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL or `index` is past the last
/// finding.
///
/// # Safety
/// - `path` is NULL, or came from callgate and was not freed.
/// - `finding` is NULL, or may be written as one `callgate_finding`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_path_finding(
    path: *const PathHandle,
    index: usize,
    finding: *mut FindingView,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `path` is NULL or alive for this call.
        let path = unsafe { pointer::shared(path) }?;
        // SAFETY: the C caller guarantees that `finding` is NULL or may be written.
        let finding = unsafe { Out::new(finding) }?;
        finding.write(FindingView::nth(path.0.findings(), index)?);
        Ok(CALLGATE_OK)
    })
}

/// Frees a checked path; NULL is fine. Its texts are gone with it.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `path` is NULL, or came from callgate and was not freed.
/// - No thread uses it, or a text of it, during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_path_free(path: *mut PathHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `path` is NULL, or a handle whose last use this is.
        unsafe { pointer::free(path) }?;
        Ok(CALLGATE_OK)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_no_option_are_refused() {
        let path = PathOptions::default();
        for (flags, mode, accepted) in [
            (0, 0o600, true),
            (OPEN_FLAGS, 0o777, true),
            (OPEN_FLAGS + 1, 0o600, false),
            (u32::MAX, 0o600, false),
            (0, 0o1000, false),
            (0, 0o4755, false),
        ] {
            assert_eq!(open_options(path.clone(), flags, mode).is_ok(), accepted, "{flags} {mode:o}");
        }
        for (intent, accepted) in [(-1, false), (0, true), (3, true), (4, false), (i32::MIN, false)] {
            assert_eq!(path_options(intent, "").is_ok(), accepted, "{intent}");
        }
        assert_eq!(path_options(2, "sub").map(|options| options.base), Ok(Some("sub".to_owned())));
        assert_eq!(path_options(2, "").map(|options| options.base), Ok(None));
    }
}
