//! What only `/proc` tells of a descriptor, and the flags of descriptors.

use std::ffi::CStr;
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// A `/proc` that was verified to be the kernel's own.
///
/// `self` is looked up for each question, so that the answers stay true after a fork.
#[derive(Debug)]
pub(crate) struct Proc(OwnedFd);

#[cfg(any(target_os = "linux", target_os = "android"))]
impl Proc {
    /// `None` where `/proc` is not mounted or is something else.
    pub(crate) fn open() -> Option<Self> {
        use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
        const ROOT_INODE: u64 = 1;
        // PROC_SUPER_MAGIC: C libraries differ on its type and on that of f_type.
        const SUPER_MAGIC: u64 = 0x9fa0;
        let dir = std::fs::OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_PATH | libc::O_DIRECTORY | libc::O_NOFOLLOW)
            .open("/proc")
            .ok()?;
        let mut fs = std::mem::MaybeUninit::<libc::statfs>::uninit();
        // SAFETY: `dir` is open for the call, and `fs` has room for one statfs.
        let status = unsafe { libc::fstatfs(dir.as_raw_fd(), fs.as_mut_ptr()) };
        if status != 0 {
            return None;
        }
        // SAFETY: fstatfs succeeded, so that it filled `fs`.
        let fs = unsafe { fs.assume_init() };
        let genuine = u64::try_from(fs.f_type) == Ok(SUPER_MAGIC) && dir.metadata().ok()?.ino() == ROOT_INODE;
        let proc = genuine.then(|| Self(dir.into()))?;
        // Hidden or foreign process folders (hidepid, another PID namespace) make it useless.
        proc.path_of(proc.0.as_fd()).ok()?;
        Some(proc)
    }

    /// The absolute path of what `fd` is open on. The kernel appends ` (deleted)` to one that is gone.
    pub(crate) fn path_of(&self, fd: BorrowedFd<'_>) -> io::Result<Vec<u8>> {
        let name = FdName::new(fd);
        let mut target = Vec::<u8>::with_capacity(super::PATH_MAX);
        // SAFETY: both descriptors are open for the call, `name` ends in NUL, and `target` has room for
        // its capacity and reaches C as a raw pointer.
        let len = unsafe {
            libc::readlinkat(
                self.0.as_raw_fd(),
                name.as_c_str().as_ptr(),
                target.as_mut_ptr().cast(),
                target.capacity(),
            )
        };
        let len = usize::try_from(len).map_err(|_| io::Error::last_os_error())?;
        // A full buffer may have been cut.
        if len >= target.capacity() {
            return Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG));
        }
        // SAFETY: readlinkat wrote `len` bytes, which are within the capacity (checked above).
        unsafe { target.set_len(len) };
        Ok(target)
    }

    /// Opens the very inode that `fd` is open on; `O_CLOEXEC` is added.
    pub(crate) fn reopen(&self, fd: BorrowedFd<'_>, flags: i32) -> io::Result<OwnedFd> {
        let name = FdName::new(fd);
        // SAFETY: both descriptors are open for the call and `name` ends in NUL.
        let opened =
            unsafe { libc::openat(self.0.as_raw_fd(), name.as_c_str().as_ptr(), flags | libc::O_CLOEXEC) };
        if opened < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: openat handed over a descriptor that nobody else owns.
        Ok(unsafe { OwnedFd::from_raw_fd(opened) })
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
impl Proc {
    pub(crate) fn open() -> Option<Self> {
        None
    }

    pub(crate) fn path_of(&self, _: BorrowedFd<'_>) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn reopen(&self, _: BorrowedFd<'_>, _: i32) -> io::Result<OwnedFd> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// `self/fd/N` with a NUL behind it.
#[derive(Debug, Default)]
struct FdName([u8; 24]);

impl FdName {
    fn new(fd: BorrowedFd<'_>) -> Self {
        let mut name = Self::default();
        // A descriptor has ten digits at most, so that it fits and the last byte stays NUL.
        let _ = write!(&mut name.0[..23], "self/fd/{}", fd.as_raw_fd());
        name
    }

    fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.0).unwrap_or_default()
    }
}

/// Takes `O_NONBLOCK` off a descriptor.
pub(crate) fn clear_nonblocking(fd: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: `fd` is open for the call; F_GETFL takes no argument.
    let flags = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) };
    if flags < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: `fd` is open for the call; F_SETFL takes an int.
    let status = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags & !libc::O_NONBLOCK) };
    if status < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
