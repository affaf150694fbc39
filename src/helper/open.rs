//! Opening paths that cannot leave a directory.

use super::bindings::{
    CG_OPEN_FORCE_WALK, CG_OPEN_HANDLE, CG_OPEN_NO_SYMLINKS, CG_OPEN_NO_XDEV, CG_STEP_ARGUMENT,
    CG_STEP_ESCAPE, CG_STEP_PATH, cg_open_beneath, cg_open_request, cg_opened,
};
use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

/// Bytes of a path, with its NUL.
pub(crate) const PATH_MAX: usize = super::bindings::CG_PATH_MAX as usize;

/// How a path is opened.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent bits of a system call")]
pub(crate) struct Request {
    /// `O_*` for open, without `O_PATH` and `O_TMPFILE`; `O_CLOEXEC` is added.
    pub(crate) flags: i32,
    /// Permission bits where `O_CREAT` is among the flags, else 0.
    pub(crate) mode: u32,
    /// A symbolic link fails with `ELOOP`.
    pub(crate) no_symlinks: bool,
    /// A mount point on the way fails with `EXDEV`.
    pub(crate) no_xdev: bool,
    /// A handle that cannot be read or written, without effect on what it names.
    pub(crate) handle: bool,
    /// Do not try `openat2`.
    pub(crate) walk: bool,
}

impl Request {
    const fn how(self) -> u32 {
        let mut how = 0;
        if self.no_symlinks {
            how |= CG_OPEN_NO_SYMLINKS;
        }
        if self.no_xdev {
            how |= CG_OPEN_NO_XDEV;
        }
        if self.handle {
            how |= CG_OPEN_HANDLE;
        }
        if self.walk {
            how |= CG_OPEN_FORCE_WALK;
        }
        how
    }
}

/// What was opened, as `fstat` told it.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) fd: OwnedFd,
    /// `st_mode`: file type and permissions.
    pub(crate) mode: u32,
    pub(crate) device: u64,
    pub(crate) inode: u64,
    /// `st_nlink`.
    pub(crate) links: u64,
    /// `st_size`, bytes.
    #[cfg_attr(not(test), expect(dead_code, reason = "the answer of C, whole"))]
    pub(crate) size: u64,
    /// The component walk answered, and not `openat2`.
    pub(crate) walked: bool,
}

/// Why nothing was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The look-up would have left the directory.
    Escape,
    /// The path is empty, absolute, or of a form that the request does not allow.
    Argument,
    /// The resolved path is longer than [`PATH_MAX`].
    TooLong,
    /// The system call failed with this `errno`; `EXDEV` is a mount point.
    Errno(i32),
}

/// Opens `path`, relative and not empty, below `dir`.
///
/// `prefix` is the absolute path of `dir` without a slash at its end: links to absolute paths below it are
/// followed. `resolved` receives the path with every link resolved where the walk answered.
pub(crate) fn open_beneath(
    dir: BorrowedFd<'_>,
    path: &CStr,
    request: Request,
    prefix: Option<&[u8]>,
    resolved: Option<&mut Vec<u8>>,
) -> Result<Opened, Failure> {
    let raw = cg_open_request {
        dir_fd: dir.as_raw_fd(),
        flags: request.flags,
        mode: request.mode,
        how: request.how(),
    };
    let path_len = u32::try_from(path.count_bytes()).map_err(|_| Failure::TooLong)?;
    let (prefix_ptr, prefix_len) = match prefix {
        Some(prefix) => (prefix.as_ptr().cast(), u32::try_from(prefix.len()).map_err(|_| Failure::TooLong)?),
        None => (ptr::null(), 0),
    };
    let mut resolved = resolved;
    let (room, capacity) = match resolved.as_mut() {
        Some(buffer) => {
            buffer.clear();
            buffer.reserve_exact(PATH_MAX);
            let spare = buffer.spare_capacity_mut();
            (spare.as_mut_ptr().cast(), u32::try_from(spare.len()).unwrap_or(u32::MAX))
        }
        None => (ptr::null_mut(), 0),
    };
    let mut out = cg_opened::default();
    // SAFETY: `raw` and `out` are ours; `path` is `path_len` bytes and a NUL (CStr); `prefix_ptr` is
    // `prefix_len` readable bytes or NULL; `room` has space for `capacity` bytes, is borrowed mutably for
    // the call and reaches C as a raw pointer; `dir` is open for the call. C keeps none of them.
    let status = unsafe {
        cg_open_beneath(
            &raw const raw,
            path.as_ptr(),
            path_len,
            prefix_ptr,
            prefix_len,
            room,
            capacity,
            &raw mut out,
        )
    };
    if status != 0 || out.fd < 0 {
        return Err(match out.step {
            CG_STEP_ESCAPE => Failure::Escape,
            CG_STEP_ARGUMENT => Failure::Argument,
            CG_STEP_PATH => Failure::TooLong,
            _ => Failure::Errno(out.error),
        });
    }
    // SAFETY: on success C hands over a descriptor that it opened and nobody else owns.
    let fd = unsafe { OwnedFd::from_raw_fd(out.fd) };
    if let Some(buffer) = resolved {
        let len = usize::try_from(out.path_len).ok().filter(|len| *len <= buffer.capacity());
        let len = len.ok_or(Failure::TooLong)?;
        // SAFETY: C wrote the first `path_len` bytes (the contract of cg_open_beneath), and they are
        // within the capacity (checked above).
        unsafe { buffer.set_len(len) };
    }
    Ok(Opened {
        fd,
        mode: out.mode,
        device: out.device,
        inode: out.inode,
        links: out.links,
        size: out.size,
        walked: out.walked == 1,
    })
}
