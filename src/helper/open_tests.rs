//! Every case through `openat2` and through the component walk, which must give the same answer.
#![cfg(target_os = "linux")]

use super::{Failure, Opened, PATH_MAX, Proc, Request, open_beneath};
use std::ffi::CString;
use std::fs::{self, File};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use tempfile::TempDir;

const HANDLE: Request =
    Request { flags: 0, mode: 0, no_symlinks: false, no_xdev: false, handle: true, walk: false };
const READ: Request = Request { handle: false, flags: libc::O_RDONLY | libc::O_NONBLOCK, ..HANDLE };

fn tree() -> TempDir {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let at = |path: &str| temp.path().join(path);
    fs::create_dir_all(at("root/a/b/c")).expect("folders");
    fs::create_dir(at("root/noexec")).expect("a folder");
    fs::write(at("outside"), "outside").expect("a file");
    fs::write(at("root/file"), "file").expect("a file");
    fs::write(at("root/a/b/deep"), "deep").expect("a file");
    for (link, target) in [
        ("to_file", "file"),
        ("to_folder", "a/b"),
        ("to_folder_slash", "a/b/"),
        ("to_file_slash", "file/"),
        ("a/up", "../file"),
        ("a/b/out", "../../../outside"),
        ("out", "../outside"),
        ("out_and_in", "../root/file"),
        ("here", "."),
        ("absolute_out", "/etc"),
        ("dangling", "nothing"),
        ("dangling_out", "../nothing"),
        ("loop", "loop"),
        ("loop_a", "loop_b"),
        ("loop_b", "loop_a"),
    ] {
        symlink(target, at("root").join(link)).expect("a link");
    }
    symlink(at("root/a/b"), at("root/absolute_in")).expect("a link");
    symlink(at("root"), at("root/absolute_root")).expect("a link");
    symlink(at("root/../outside"), at("root/absolute_climbs")).expect("a link");
    for index in 0..50 {
        let target = if index == 0 { "../file".to_owned() } else { format!("{}", index - 1) };
        fs::create_dir_all(at("root/chain")).expect("a folder");
        symlink(target, at("root/chain").join(index.to_string())).expect("a link");
    }
    let fifo = CString::new(at("root/fifo").into_os_string().into_encoded_bytes()).expect("no NUL");
    // SAFETY: `fifo` ends in NUL.
    assert_eq!(unsafe { libc::mkfifo(fifo.as_ptr(), 0o600) }, 0);
    temp
}

fn open(
    root: &Path,
    path: &str,
    request: Request,
    prefix: bool,
    resolved: Option<&mut Vec<u8>>,
) -> Result<Opened, Failure> {
    let dir = File::open(root).expect("the root opens");
    let path = CString::new(path).expect("no NUL");
    let prefix = prefix.then_some(root.as_os_str().as_encoded_bytes());
    open_beneath(dir.as_fd(), &path, request, prefix, resolved)
}

const ESCAPE: Failure = Failure::Escape;
const ENOENT: Failure = Failure::Errno(libc::ENOENT);
const ENOTDIR: Failure = Failure::Errno(libc::ENOTDIR);
const ELOOP: Failure = Failure::Errno(libc::ELOOP);
const EEXIST: Failure = Failure::Errno(libc::EEXIST);
const EISDIR: Failure = Failure::Errno(libc::EISDIR);
const TOO_LONG: Failure = Failure::Errno(libc::ENAMETOOLONG);

/// Runs a case both ways; what opens must be the file at `Ok`'s path, and the walk must name that path.
fn run(root: &Path, path: &str, request: Request, prefix: bool, expected: Result<&str, Failure>) {
    for walk in [false, true] {
        let mut resolved = Vec::new();
        let outcome = open(root, path, Request { walk, ..request }, prefix, Some(&mut resolved));
        match (outcome, expected) {
            (Ok(opened), Ok(real)) => {
                let there = fs::symlink_metadata(root.join(real)).expect("the expected file");
                assert_eq!((opened.device, opened.inode), (there.dev(), there.ino()), "{path}, walk {walk}");
                assert_eq!(
                    (opened.mode, opened.links, opened.size),
                    (there.mode(), there.nlink(), there.size()),
                    "{path}"
                );
                assert!(opened.walked || !walk, "{path}");
                if opened.walked {
                    assert_eq!(String::from_utf8_lossy(&resolved), real, "{path}, walk {walk}");
                }
                // SAFETY: the descriptor is open; F_GETFD takes no argument.
                let flags = unsafe { libc::fcntl(opened.fd.as_raw_fd(), libc::F_GETFD) };
                assert_eq!(flags & libc::FD_CLOEXEC, libc::FD_CLOEXEC, "{path}, walk {walk}");
            }
            (outcome, expected) => {
                assert_eq!(outcome.map(|_| ()), expected.map(|_| ()), "{path}, walk {walk}");
            }
        }
    }
}

#[test]
fn the_walk_answers_as_openat2_does() {
    let temp = tree();
    let root = temp.path().join("root");
    let nofollow = Request { flags: libc::O_NOFOLLOW, ..HANDLE };
    let folder = Request { flags: libc::O_DIRECTORY, ..HANDLE };
    let plain = Request { no_symlinks: true, ..HANDLE };
    let long = "n".repeat(256);
    for (path, request, expected) in [
        (".", HANDLE, Ok(".")),
        ("./", HANDLE, Ok(".")),
        ("file", HANDLE, Ok("file")),
        ("file", READ, Ok("file")),
        ("./file", HANDLE, Ok("file")),
        ("a//b/.///deep", HANDLE, Ok("a/b/deep")),
        ("a/b", HANDLE, Ok("a/b")),
        ("a/b/", HANDLE, Ok("a/b")),
        ("a", READ, Ok("a")),
        ("a", folder, Ok("a")),
        ("file", folder, Err(ENOTDIR)),
        ("file/", HANDLE, Err(ENOTDIR)),
        ("file/x", HANDLE, Err(ENOTDIR)),
        ("file/..", HANDLE, Err(ENOTDIR)),
        ("file/.", HANDLE, Err(ENOTDIR)),
        ("missing", HANDLE, Err(ENOENT)),
        ("missing/x", HANDLE, Err(ENOENT)),
        ("missing/../file", HANDLE, Err(ENOENT)),
        ("a/..", HANDLE, Ok(".")),
        ("a/../file", HANDLE, Ok("file")),
        ("a/b/../../a/b/c/..", HANDLE, Ok("a/b")),
        ("..", HANDLE, Err(ESCAPE)),
        ("../outside", HANDLE, Err(ESCAPE)),
        ("../root/file", HANDLE, Err(ESCAPE)),
        ("a/../../outside", HANDLE, Err(ESCAPE)),
        ("a/b/../../../root", HANDLE, Err(ESCAPE)),
        ("to_file", HANDLE, Ok("file")),
        ("to_file", READ, Ok("file")),
        ("to_file", nofollow, Ok("to_file")),
        ("to_file", Request { no_symlinks: true, ..nofollow }, Ok("to_file")),
        ("to_file", Request { flags: libc::O_NOFOLLOW, ..READ }, Err(ELOOP)),
        ("to_file", plain, Err(ELOOP)),
        ("to_file/", HANDLE, Err(ENOTDIR)),
        ("to_file_slash", HANDLE, Err(ENOTDIR)),
        ("to_folder/deep", HANDLE, Ok("a/b/deep")),
        ("to_folder/deep", plain, Err(ELOOP)),
        ("to_folder/../up", nofollow, Ok("a/up")),
        ("to_folder/../../file", HANDLE, Ok("file")),
        ("to_folder/..", HANDLE, Ok("a")),
        ("to_folder/", nofollow, Ok("a/b")),
        ("to_folder_slash", HANDLE, Ok("a/b")),
        ("a/up", HANDLE, Ok("file")),
        ("here/here/file", HANDLE, Ok("file")),
        ("here", HANDLE, Ok(".")),
        ("out", HANDLE, Err(ESCAPE)),
        ("out", nofollow, Ok("out")),
        ("a/b/out", HANDLE, Err(ESCAPE)),
        ("out_and_in", HANDLE, Err(ESCAPE)),
        ("absolute_out", HANDLE, Err(ESCAPE)),
        ("absolute_out/passwd", HANDLE, Err(ESCAPE)),
        ("absolute_in", HANDLE, Err(ESCAPE)),
        ("dangling", HANDLE, Err(ENOENT)),
        ("dangling", nofollow, Ok("dangling")),
        ("dangling_out", HANDLE, Err(ESCAPE)),
        ("loop", HANDLE, Err(ELOOP)),
        ("loop_a/x", HANDLE, Err(ELOOP)),
        ("chain/39", HANDLE, Ok("file")),
        ("chain/40", HANDLE, Err(ELOOP)),
        ("fifo", HANDLE, Ok("fifo")),
        ("fifo", READ, Ok("fifo")),
        (
            "fifo",
            Request { flags: libc::O_WRONLY | libc::O_NONBLOCK, ..READ },
            Err(Failure::Errno(libc::ENXIO)),
        ),
        ("fifo/", HANDLE, Err(ENOTDIR)),
        ("a", Request { flags: libc::O_WRONLY, ..READ }, Err(EISDIR)),
        (&long, HANDLE, Err(TOO_LONG)),
        ("", HANDLE, Err(Failure::Argument)),
        ("/etc", HANDLE, Err(Failure::Argument)),
        ("/", HANDLE, Err(Failure::Argument)),
        ("file", Request { mode: 0o600, ..READ }, Err(Failure::Argument)),
        ("file", Request { flags: libc::O_PATH, ..HANDLE }, Err(Failure::Argument)),
        ("a", Request { flags: libc::O_TMPFILE | libc::O_WRONLY, ..READ }, Err(Failure::Argument)),
        ("x", Request { flags: libc::O_CREAT, ..HANDLE }, Err(Failure::Argument)),
    ] {
        run(&root, path, request, false, expected);
    }
    let longest = "./".repeat((PATH_MAX - 1 - 5) / 2) + "/file";
    assert_eq!(longest.len(), PATH_MAX - 1);
    run(&root, &longest, HANDLE, false, Ok("file"));
    run(&root, &format!("{longest}s"), HANDLE, false, Err(TOO_LONG));
}

#[test]
fn absolute_links_are_followed_below_the_prefix_only() {
    let temp = tree();
    let root = fs::canonicalize(temp.path().join("root")).expect("a real path");
    for (path, expected) in [
        ("absolute_in", Ok("a/b")),
        ("absolute_in/deep", Ok("a/b/deep")),
        ("a/../absolute_in/../up", Ok("file")),
        ("absolute_root", Ok(".")),
        ("absolute_root/absolute_root/file", Ok("file")),
        ("absolute_climbs", Err(ESCAPE)),
        ("absolute_out", Err(ESCAPE)),
        ("out_and_in", Err(ESCAPE)),
        ("../root/file", Err(ESCAPE)),
        ("to_folder/deep", Ok("a/b/deep")),
    ] {
        run(&root, path, HANDLE, true, expected);
    }
}

#[test]
fn creation_is_confined_and_exclusive() {
    let create = Request { flags: libc::O_WRONLY | libc::O_CREAT, mode: 0o640, handle: false, ..HANDLE };
    let exclusive = Request { flags: create.flags | libc::O_EXCL, ..create };
    for walk in [false, true] {
        let temp = tree();
        let root = temp.path().join("root");
        for (path, request, expected) in [
            ("new", exclusive, Ok("new")),
            ("new", exclusive, Err(EEXIST)),
            ("new", create, Ok("new")),
            ("to_folder/new", exclusive, Ok("a/b/new")),
            ("dangling", exclusive, Err(EEXIST)),
            ("out", exclusive, Err(EEXIST)),
            ("loop", exclusive, Err(EEXIST)),
            ("dangling_out", create, Err(ESCAPE)),
            ("dangling", Request { no_symlinks: true, ..create }, Err(ELOOP)),
            ("dangling", create, Ok("nothing")),
            ("a", exclusive, Err(EEXIST)),
            ("a", create, Err(EISDIR)),
            ("a/.", create, Err(EISDIR)),
            ("a/..", exclusive, Err(EEXIST)),
            ("missing/", create, Err(EISDIR)),
            ("missing/x", create, Err(ENOENT)),
            ("../new", create, Err(ESCAPE)),
        ] {
            let outcome = open(&root, path, Request { walk, ..request }, false, None);
            match (outcome, expected) {
                (Ok(opened), Ok(real)) => {
                    let there = fs::symlink_metadata(root.join(real)).expect("the created file");
                    assert_eq!(
                        (opened.device, opened.inode),
                        (there.dev(), there.ino()),
                        "{path}, walk {walk}"
                    );
                }
                (outcome, expected) => {
                    assert_eq!(outcome.map(|_| ()), expected.map(|_| ()), "{path}, walk {walk}");
                }
            }
        }
        let outside: Vec<_> = fs::read_dir(temp.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(outside.len(), 2, "only the root and the file beside it: {outside:?}");
    }
}

#[test]
fn magic_links_are_never_followed() {
    let proc = Path::new("/proc");
    for (path, expected) in [
        ("self/fd/0", Err(ELOOP)),
        ("self/root/etc", Err(ELOOP)),
        ("self/cwd", Err(ELOOP)),
        ("self/exe", Err(ELOOP)),
        ("self/ns/net", Err(ELOOP)),
    ] {
        for walk in [false, true] {
            let outcome = open(proc, path, Request { walk, ..HANDLE }, true, None).map(|_| ());
            assert_eq!(outcome, expected, "{path}, walk {walk}");
        }
    }
    for walk in [false, true] {
        // An ordinary link of /proc.
        let opened = open(proc, "self/status", Request { walk, ..HANDLE }, false, None)
            .expect("a file of this process");
        assert_eq!(opened.mode & libc::S_IFMT, libc::S_IFREG);
    }
}

#[test]
fn mount_points_are_told_from_escapes() {
    let other = ["dev/shm", "proc", "sys"].into_iter().find(|path| {
        let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
        device(&Path::new("/").join(path)).is_some_and(|there| Some(there) != device(Path::new("/")))
    });
    let Some(other) = other else {
        println!("skipped: no other file system is mounted");
        return;
    };
    let confined = Request { no_xdev: true, ..HANDLE };
    for walk in [false, true] {
        for (path, request, expected) in [
            (other.to_owned(), HANDLE, Ok(())),
            (other.to_owned(), confined, Err(Failure::Errno(libc::EXDEV))),
            (format!("{other}/."), confined, Err(Failure::Errno(libc::EXDEV))),
            (format!("{other}/missing"), confined, Err(Failure::Errno(libc::EXDEV))),
            (format!("{other}/../../../.."), confined, Err(ESCAPE)),
            ("etc".to_owned(), confined, Ok(())),
            ("..".to_owned(), confined, Err(ESCAPE)),
        ] {
            let outcome = open(Path::new("/"), &path, Request { walk, ..request }, false, None).map(|_| ());
            assert_eq!(outcome, expected, "{path}, walk {walk}");
        }
        let create =
            Request { flags: libc::O_CREAT | libc::O_WRONLY, mode: 0o600, handle: false, walk, ..confined };
        let name = format!("{other}/callgate-{}-{walk}", std::process::id());
        let outcome = open(Path::new("/"), &name, create, false, None).map(|_| ());
        assert_eq!(outcome, Err(Failure::Errno(libc::EXDEV)));
        assert!(!Path::new("/").join(&name).exists());
    }
}

#[test]
fn a_device_is_told_without_being_opened() {
    for walk in [false, true] {
        let opened =
            open(Path::new("/dev"), "null", Request { walk, ..HANDLE }, false, None).expect("a handle");
        let file = File::from(opened.fd);
        assert!(file.metadata().expect("metadata").file_type().is_char_device());
        assert!(std::io::Read::read(&mut &file, &mut [0; 1]).is_err(), "a handle cannot be read");
    }
}

#[test]
fn search_permission_is_needed_on_the_way_back_too() {
    // SAFETY: takes no argument.
    if unsafe { libc::geteuid() } == 0 {
        println!("skipped: permissions do not hold for root");
        return;
    }
    let temp = tree();
    let root = temp.path().join("root");
    fs::set_permissions(root.join("noexec"), fs::Permissions::from_mode(0o600)).expect("permissions");
    for path in ["noexec/x", "noexec/.."] {
        run(&root, path, HANDLE, false, Err(Failure::Errno(libc::EACCES)));
    }
}

#[test]
fn depth_is_bounded_in_the_walk() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let root = temp.path();
    let deep = |folders: usize| vec!["d"; folders].join("/");
    fs::create_dir_all(root.join(deep(257))).expect("folders");
    run(root, &format!("{}/", deep(256)), HANDLE, false, Ok(&deep(256)));
    let walk = Request { walk: true, ..HANDLE };
    assert_eq!(open(root, &format!("{}/", deep(257)), walk, false, None).map(|_| ()), Err(TOO_LONG));
}

#[test]
fn links_may_add_up_to_more_than_a_path() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let root = temp.path();
    fs::create_dir(root.join("d")).expect("a folder");
    // Each link is nearly a whole path long and goes through the next one first.
    let padding = "./".repeat(2000);
    symlink(format!("{padding}d"), root.join("l0")).expect("a link");
    symlink(format!("l0/{padding}"), root.join("l1")).expect("a link");
    symlink(format!("l1/{padding}"), root.join("l2")).expect("a link");
    run(root, "l1", HANDLE, false, Ok("d"));
    // The walk holds the rest of two paths, and refuses where the kernel would still go on.
    let walk = Request { walk: true, ..HANDLE };
    assert_eq!(open(root, "l2", walk, false, None).map(|_| ()), Err(TOO_LONG));
}

#[test]
fn a_changed_flag_and_the_path_of_a_descriptor() {
    let Some(proc) = Proc::open() else {
        println!("skipped: no /proc");
        return;
    };
    let temp = tree();
    let root = fs::canonicalize(temp.path().join("root")).expect("a real path");
    let opened = open(&root, "to_folder/deep", HANDLE, false, None).expect("a handle");
    let path = proc.path_of(opened.fd.as_fd()).expect("a path");
    assert_eq!(path, root.join("a/b/deep").into_os_string().into_encoded_bytes());
    let file = proc.reopen(opened.fd.as_fd(), libc::O_RDONLY | libc::O_NONBLOCK).expect("the same file");
    // SAFETY: the descriptor is open; F_GETFL takes no argument.
    let flags = |fd: i32| unsafe { libc::fcntl(fd, libc::F_GETFL) };
    assert_eq!(flags(file.as_raw_fd()) & libc::O_NONBLOCK, libc::O_NONBLOCK);
    super::clear_nonblocking(file.as_fd()).expect("cleared");
    assert_eq!(flags(file.as_raw_fd()) & libc::O_NONBLOCK, 0);
    fs::remove_file(root.join("a/b/deep")).expect("removed");
    assert!(proc.path_of(opened.fd.as_fd()).expect("a path").ends_with(b" (deleted)"));
}
