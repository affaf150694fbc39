//! Each operation, with each of the system's means taken away in turn.
#![cfg(target_os = "linux")]

use super::super::fixture::{Fixture, MEANS};
use super::place::Entry;
use super::rename::{rename_by_link, rename_new};
use super::*;
use crate::policy::Policy;
use rustix::io::Errno;
use std::fs::{self, File};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

impl Fixture {
    pub(super) fn files(&self) -> Files<'_> {
        Files::new(&self.guard, &self.actions)
    }

    pub(super) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).expect(path)
    }

    /// Everything in the root, as `path` or `path=text`.
    pub(super) fn tree(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let entry = entry.expect("an entry");
                let path = entry.path();
                let shown = path.strip_prefix(&self.root).expect("below the root").to_str().expect("UTF-8");
                let kind = entry.file_type().expect("a kind");
                found.push(if kind.is_file() {
                    format!("{shown}={}", fs::read_to_string(&path).expect("text"))
                } else {
                    shown.to_owned()
                });
                if kind.is_dir() {
                    folders.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

pub(super) fn defaults<T: Default>() -> T {
    T::default()
}

fn code<T>(result: Result<T, Error>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "ok")
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("a/file", "12345");
        fixture.put("empty", "");
        fixture.put("server.key", "-----BEGIN PRIVATE KEY-----");
        fixture.link("a/file", "link");
        fixture.link("/etc", "out");
        File::create(fixture.root.join("sparse")).and_then(|file| file.set_len(1 << 40)).expect("a file");
        let read = |path: &str, max_bytes| {
            let found = fixture.files().read(path, &ReadOptions { max_bytes, ..defaults() });
            found.map(|bytes| String::from_utf8(bytes).expect("UTF-8")).map_err(|error| error.code())
        };
        for (path, max, expected) in [
            ("a/file", u64::MAX, Ok("12345")),
            ("a/file", 5, Ok("12345")),
            ("a/file", 4, Err("path.size")),
            ("a/file", 0, Err("path.size")),
            ("empty", 0, Ok("")),
            ("link", 5, Ok("12345")),
            ("sparse", 16 << 20, Err("path.size")),
            ("a", 5, Err("path.special-file")),
            ("nothing", 5, Err("path.missing")),
            ("../root/a/file", 5, Err("path.traversal")),
            ("out/hostname", 5, Err("path.symlink")),
            (".env", 5, Err("path.blocked")),
            ("server.key", 99, Err("path.blocked")),
        ] {
            assert_eq!(read(path, max), expected.map(str::to_owned), "{path} {max} {means:?}");
        }
        let base = Some("a".to_owned());
        let based = fixture.files().read("file", &ReadOptions { base, ..defaults() });
        assert_eq!(based.as_deref(), Ok(&b"12345"[..]));
    }
}

#[test]
fn a_file_that_grows_is_not_read_beyond_its_limit() {
    let fixture = Fixture::new("{}", (true, true));
    fixture.put("file", "");
    let file = File::options().write(true).open(fixture.root.join("file")).expect("opened");
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                for size in [10, 1000] {
                    file.set_len(size).expect("sized");
                }
            }
        });
        let (mut read, mut refused) = (0, 0);
        while read < 100 || refused < 100 {
            match fixture.files().read("file", &ReadOptions { max_bytes: 50, ..defaults() }) {
                Ok(bytes) => {
                    assert!(bytes.len() <= 50, "{} bytes", bytes.len());
                    read += 1;
                }
                Err(error) => {
                    assert_eq!(error.code(), "path.size");
                    refused += 1;
                }
            }
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn a_file_is_written_whole() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("old", "old");
        fixture.put("wide", "old");
        fixture.put("twin", "twin");
        fixture.put("folder/x", "x");
        fs::hard_link(fixture.root.join("twin"), fixture.root.join("twin2")).expect("a hard link");
        fs::set_permissions(fixture.root.join("wide"), fs::Permissions::from_mode(0o4664)).expect("mode");
        fixture.link("old", "link");
        fixture.link("folder", "folder-link");
        fixture.link("../made", "dangling");
        let exclusive = WriteOptions { exclusive: true, ..defaults() };
        let present = WriteOptions { create: false, ..defaults() };
        let synced = WriteOptions { sync: true, ..defaults() };
        for (path, options, expected) in [
            ("old", &defaults(), "ok"),
            ("wide", &present, "ok"),
            ("new", &defaults(), "ok"),
            ("newer", &exclusive, "ok"),
            ("folder-link/new", &synced, "ok"),
            ("folder/x", &synced, "ok"),
            ("old", &exclusive, "path.exists"),
            ("absent", &present, "path.missing"),
            ("nothing/new", &defaults(), "path.missing"),
            ("absent/", &defaults(), "path.special-file"),
            ("folder", &defaults(), "path.special-file"),
            (".", &defaults(), "path.outside-root"),
            ("link", &defaults(), "ok"),
            ("dangling", &defaults(), "path.symlink"),
            ("twin", &defaults(), "path.hard-link"),
            ("../made", &defaults(), "path.traversal"),
            (".env", &defaults(), "path.blocked"),
            ("new.pem", &defaults(), "path.blocked"),
            ("old", &WriteOptions { create: false, exclusive: true, ..defaults() }, "input.type"),
            ("old", &WriteOptions { mode: Some(0o1777), ..defaults() }, "input.type"),
        ] {
            let found = fixture.files().write(path, b"new text", options);
            assert_eq!(code(found), expected, "{path} {options:?} {means:?}");
        }
        let shown = [
            "dangling",
            "folder",
            "folder-link",
            "folder/new=new text",
            "folder/x=new text",
            "link",
            "new=new text",
            "newer=new text",
            "old=new text",
            "twin2=twin",
            "twin=twin",
            "wide=new text",
        ];
        assert_eq!(fixture.tree(), shown, "{means:?}");
        assert!(!fixture.temp.path().join("made").exists());
        let mode = |path: &str| fs::metadata(fixture.root.join(path)).expect(path).mode() & 0o7777;
        assert_eq!((mode("wide"), mode("new")), (0o664, 0o600), "bits are kept, but not set-user-id");
        let private = WriteOptions { mode: Some(0o400), ..defaults() };
        fixture.files().write("private", b"", &private).expect("written");
        assert_eq!(mode("private"), 0o400);
    }
}

#[test]
fn bytes_are_added_at_the_end() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("log", "a");
        fixture.link("log", "link");
        let present = AppendOptions { create: false, sync: true, ..defaults() };
        for (path, options, expected) in [
            ("log", &defaults(), "ok"),
            ("log", &present, "ok"),
            ("new", &defaults(), "ok"),
            ("absent", &present, "path.missing"),
            ("link", &defaults(), "ok"),
            (".", &defaults(), "path.special-file"),
            (".npmrc", &defaults(), "path.blocked"),
        ] {
            assert_eq!(code(fixture.files().append(path, b"b", options)), expected, "{path} {means:?}");
        }
        assert_eq!(fixture.tree(), ["link", "log=abbb", "new=b"], "{means:?}");
    }
}

#[test]
fn a_folder_is_listed() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("b.txt", "12345");
        fixture.put("a/x/deep", "1");
        fixture.put("a/y", "");
        fixture.put(".git/config", "secret");
        fixture.put(".env", "KEY");
        fixture.put("ca.pem", "-----BEGIN CERTIFICATE-----");
        fixture.link("a", "to_folder");
        fixture.link("/etc", "out");
        fixture.link(".", "a/loop");
        let fifo = fixture.root.join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo runs").success());
        let odd: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"odd\xFF");
        fs::write(fixture.root.join(odd), "x").expect("a file");
        let list = |path: &str, options: &ReadDirOptions| {
            let found = fixture.files().read_dir(path, options).map_err(|error| error.code())?;
            let show = |entry: DirEntry| format!("{} {} {}", entry.name, entry.kind.as_str(), entry.size);
            Ok(found.into_iter().map(show).collect::<Vec<_>>().join(", "))
        };
        let recursive = ReadDirOptions { recursive: true, ..defaults() };
        let hiding = ReadDirOptions { hide_blocked: true, ..defaults() };
        let all = ".env file 3, .git directory 0, a directory 0, b.txt file 5, ca.pem file 27, fifo other 0, \
                   odd\u{FFFD} file 1, out link 0, to_folder link 0";
        let open = "a directory 0, b.txt file 5, ca.pem file 27, fifo other 0, odd\u{FFFD} file 1, \
                    out link 0, to_folder link 0";
        let a = "loop link 0, x directory 0, y file 0";
        let tree = ".env file 3, .git directory 0, a directory 0, a/loop link 0, a/x directory 0, \
                    a/x/deep file 1, a/y file 0, b.txt file 5, ca.pem file 27, fifo other 0, \
                    odd\u{FFFD} file 1, out link 0, to_folder link 0";
        for (path, options, expected) in [
            (".", &defaults(), Ok(all)),
            (".", &hiding, Ok(open)),
            (".", &recursive, Ok(tree)),
            (".", &ReadDirOptions { max_entries: 13, ..recursive.clone() }, Ok(tree)),
            (".", &ReadDirOptions { max_entries: 12, ..recursive.clone() }, Err("path.entries")),
            (".", &ReadDirOptions { max_entries: 7, ..hiding.clone() }, Ok(open)),
            (".", &ReadDirOptions { max_entries: 6, ..hiding.clone() }, Err("path.entries")),
            ("a/x", &ReadDirOptions { max_entries: 0, ..defaults() }, Err("path.entries")),
            ("a/", &defaults(), Ok(a)),
            ("to_folder", &defaults(), Ok(a)),
            ("a/x", &recursive, Ok("deep file 1")),
            (".git", &defaults(), Err("path.blocked")),
            ("b.txt", &defaults(), Err("path.special-file")),
            ("out", &defaults(), Err("path.symlink")),
            ("nothing", &defaults(), Err("path.missing")),
        ] {
            assert_eq!(list(path, options), expected.map(str::to_owned), "{path} {options:?} {means:?}");
        }
        let watching = Fixture::new(r#"{"mode":"observe"}"#, means);
        watching.put(".git/config", "x");
        let found = watching.files().read_dir(".", &ReadDirOptions { hide_blocked: true, ..recursive });
        let names: Vec<String> = found.expect("listed").into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, [".git", ".git/config"], "what is only flagged is not blocked");
    }
}

#[test]
fn a_deep_tree_takes_few_descriptors() {
    let fixture = Fixture::new("{}", (true, true));
    // More than a process may usually open, by short names so that the path fits.
    let deep = "d/".repeat(1500);
    fs::create_dir_all(fixture.root.join(&deep)).expect("folders");
    let found = fixture.files().read_dir(".", &ReadDirOptions { recursive: true, ..defaults() });
    assert_eq!(found.expect("listed").len(), 1500);
    fixture.files().remove("d", &RemoveOptions { recursive: true, ..defaults() }).expect("removed");
    assert!(fixture.tree().is_empty());
}

#[test]
fn what_is_looked_at_is_told() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("file", "12345");
        fixture.link("file", "link");
        fixture.link("/etc", "out");
        let there = fs::metadata(fixture.root.join("file")).expect("metadata");
        for path in ["file", "link"] {
            let stat = fixture.files().stat(path, &defaults()).expect(path);
            assert_eq!((stat.kind, stat.size, stat.mode), (EntryKind::File, 5, there.mode() & 0o7777));
            let modified = there.modified().expect("a time").duration_since(std::time::UNIX_EPOCH);
            let milliseconds = modified.expect("after 1970").as_secs_f64() * 1e3;
            assert!((stat.modified_ms - milliseconds).abs() < 0.01, "{} {milliseconds}", stat.modified_ms);
        }
        let root = fixture.files().stat(".", &defaults()).expect("the root");
        assert_eq!((root.kind, root.size), (EntryKind::Directory, 0));
        for (path, expected) in [
            ("nothing", "path.missing"),
            ("out", "path.symlink"),
            (".ssh/id_rsa", "path.blocked"),
            ("../root", "path.traversal"),
        ] {
            assert_eq!(code(fixture.files().stat(path, &defaults())), expected, "{path} {means:?}");
        }
    }
}

#[test]
fn folders_are_made() {
    for means in MEANS {
        let fixture = Fixture::new(r#"{"paths":{"blocked":["vault/inner/**"]}}"#, means);
        fixture.put("a/file", "x");
        fixture.link("a", "link");
        fixture.link("/tmp", "out");
        fixture.link("nothing", "dangling");
        let recursive = MakeDirOptions { recursive: true, ..defaults() };
        let absolute = format!("{}/abs/b", fixture.root.display());
        for (path, options, expected) in [
            ("b", &defaults(), "ok"),
            ("b/", &recursive, "ok"),
            ("b", &defaults(), "path.exists"),
            ("a/file", &recursive, "path.exists"),
            ("a/file/x", &recursive, "path.special-file"),
            ("c/d", &defaults(), "path.missing"),
            ("c/d//e/", &recursive, "ok"),
            ("link/f/g", &recursive, "ok"),
            ("h/../i/j", &recursive, "ok"),
            (&*absolute, &recursive, "ok"),
            (".", &recursive, "ok"),
            (".", &defaults(), "path.exists"),
            ("link", &recursive, "ok"),
            ("dangling/x", &recursive, "path.symlink"),
            ("out/x/y", &recursive, "path.symlink"),
            ("../x/y", &recursive, "path.traversal"),
            ("n/../../x/y", &recursive, "path.traversal"),
            (".git/hooks/x", &recursive, "path.blocked"),
            ("vault/inner/x", &recursive, "path.blocked"),
            ("CON/x", &recursive, "path.name"),
            ("m", &MakeDirOptions { mode: Some(0o1000), ..defaults() }, "input.type"),
        ] {
            assert_eq!(
                code(fixture.files().make_dir(path, options)),
                expected,
                "{path} {options:?} {means:?}"
            );
        }
        let shown = [
            "a", "a/f", "a/f/g", "a/file=x", "abs", "abs/b", "b", "c", "c/d", "c/d/e", "dangling", "h", "i",
            "i/j", "link", "out",
        ];
        assert_eq!(fixture.tree(), shown, "{means:?}");
        let mode = fs::metadata(fixture.root.join("b")).expect("metadata").mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn what_is_removed_is_judged_first() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        for path in
            ["file", "full/a", "tree/a/b/c", "tree/d", "env/a/.env", "env/b", "key/x.pem", "twins/one"]
        {
            fixture.put(path, "x");
        }
        for folder in ["empty", "tree/e", "fifos"] {
            fs::create_dir(fixture.root.join(folder)).expect("a folder");
        }
        fs::create_dir(fixture.temp.path().join("outside")).expect("a folder");
        fs::write(fixture.temp.path().join("outside/file"), "outside").expect("a file");
        fs::hard_link(fixture.root.join("twins/one"), fixture.temp.path().join("outside/one"))
            .expect("a link");
        fixture.link("../outside", "link");
        fixture.link("../../outside", "tree/link");
        fixture.link("../../../outside/file", "tree/a/link");
        fixture.link("nothing", "tree/a/dangling");
        let fifo = fixture.root.join("fifos/fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo runs").success());
        let recursive = RemoveOptions { recursive: true, ..defaults() };
        let before = fixture.tree().len();
        for (path, options, expected) in [
            ("full", &defaults(), "path.not-empty"),
            ("env", &recursive, "path.blocked"),
            ("key", &recursive, "path.blocked"),
            ("twins", &recursive, "path.hard-link"),
            ("fifos", &recursive, "path.special-file"),
            ("tree", &RemoveOptions { max_entries: 7, ..recursive.clone() }, "path.entries"),
            (".", &recursive, "path.outside-root"),
            ("link/", &recursive, "path.symlink"),
            ("link/file", &recursive, "path.symlink"),
            ("nothing", &recursive, "path.missing"),
            ("../outside/file", &recursive, "path.traversal"),
            (".git", &recursive, "path.blocked"),
        ] {
            assert_eq!(code(fixture.files().remove(path, options)), expected, "{path} {options:?} {means:?}");
            assert_eq!(fixture.tree().len(), before, "{path}: a refusal removes nothing, {means:?}");
        }
        for (path, options) in [
            ("file", &defaults()),
            ("link", &recursive),
            ("empty", &defaults()),
            ("full", &recursive),
            ("tree", &RemoveOptions { max_entries: 8, ..recursive.clone() }),
        ] {
            fixture.files().remove(path, options).expect(path);
        }
        let left =
            ["env", "env/a", "env/a/.env=x", "env/b=x", "fifos", "fifos/fifo", "key", "key/x.pem=x", "twins"];
        assert_eq!(fixture.tree()[..9], left, "{means:?}");
        let outside = fs::read_to_string(fixture.temp.path().join("outside/file")).expect("text");
        assert_eq!(outside, "outside");
    }
}

#[test]
fn what_the_policy_only_flags_is_removed() {
    for (policy, expected) in [
        ("{}", "path.blocked"),
        (r#"{"paths":{"unblocked":[".env"],"hardLinks":"allow"}}"#, "ok"),
        (r#"{"rules":{"path.blocked":"flag","path.hard-link":"off"}}"#, "ok"),
        (r#"{"mode":"observe"}"#, "ok"),
    ] {
        let fixture = Fixture::new(policy, (true, true));
        fixture.put("tree/a/.env", "x");
        fixture.put("tree/a/b/twin", "x");
        fs::hard_link(fixture.root.join("tree/a/b/twin"), fixture.root.join("twin")).expect("a link");
        let removed = fixture.files().remove("tree", &RemoveOptions { recursive: true, ..defaults() });
        assert_eq!(code(removed), expected, "{policy}");
    }
}

#[test]
fn names_change_inside_the_root_only() {
    for means in MEANS {
        let policy = r#"{"paths":{"blocked":["drafts/secret.txt"],"unblocked":["docs/**"]}}"#;
        let fixture = Fixture::new(policy, means);
        for path in
            ["a", "b", "dir/x", "kept/config", "env/.env", "drafts/x", "docs/.env", "full/x", ".kube/config"]
        {
            fixture.put(path, path);
        }
        fixture.put("ca.pem", "-----BEGIN CERTIFICATE-----");
        fixture.put("twin", "twin");
        fs::hard_link(fixture.root.join("twin"), fixture.root.join("twin2")).expect("a hard link");
        fs::create_dir(fixture.root.join("empty")).expect("a folder");
        fs::create_dir(fixture.temp.path().join("outside")).expect("a folder");
        fixture.link("../outside", "out");
        fixture.link("a", "link");
        fixture.link("dir", "dir-link");
        let over = RenameOptions { overwrite: true, ..defaults() };
        let before = fixture.tree();
        for (from, to, options, expected) in [
            ("a", "b", &defaults(), "path.exists"),
            ("a", "empty", &defaults(), "path.exists"),
            ("a", "empty", &over, "path.special-file"),
            ("dir", "a", &over, "path.special-file"),
            ("dir", "full", &over, "path.not-empty"),
            ("dir", "dir/inside", &defaults(), "path.inaccessible"),
            ("a", "new/", &defaults(), "path.special-file"),
            ("a", "nothing/new", &defaults(), "path.missing"),
            ("nothing", "new", &defaults(), "path.missing"),
            ("a", "out/new", &defaults(), "path.symlink"),
            ("a", "link", &over, "path.symlink"),
            ("link", "new", &defaults(), "path.symlink"),
            ("a", "../new", &defaults(), "path.traversal"),
            ("../outside", "new", &defaults(), "path.traversal"),
            (".", "new", &defaults(), "path.outside-root"),
            ("a", ".", &over, "path.outside-root"),
            ("a", "twin", &over, "path.hard-link"),
            ("twin", "new", &defaults(), "path.hard-link"),
            ("a", ".env", &defaults(), "path.blocked"),
            (".env", "new", &defaults(), "path.blocked"),
            ("ca.pem", "new", &defaults(), "path.blocked"),
            ("a", "new.key", &defaults(), "path.blocked"),
            // What a folder holds must not come under other patterns.
            ("kept", ".kube2/../.kube", &defaults(), "path.missing"),
            ("kept", "x/.KUBE", &defaults(), "path.missing"),
            ("kept", "dir/.KUBE", &defaults(), "path.blocked"),
            (".kube", "plain", &defaults(), "path.blocked"),
            ("drafts", "plain", &defaults(), "path.blocked"),
            ("dir", "dir2/../full/drafts", &defaults(), "path.missing"),
            ("dir", "full/drafts", &defaults(), "path.blocked"),
            ("docs", "plain", &defaults(), "path.blocked"),
            ("env", "docs/env", &defaults(), "path.blocked"),
        ] {
            assert_eq!(code(fixture.files().rename(from, to, options)), expected, "{from} {to} {means:?}");
        }
        assert_eq!(fixture.tree(), before, "{means:?}");
        for (from, to, options) in [
            ("a", "a2", &defaults()),
            ("b", "a2", &over),
            ("a2", "dir-link/moved", &defaults()),
            ("dir", "empty", &over),
            ("empty", "full/deeper/", &defaults()),
            ("env", "env2", &defaults()),
            ("full", "full", &over),
        ] {
            fixture.files().rename(from, to, options).unwrap_or_else(|error| panic!("{from} {to}: {error}"));
        }
        for (path, text) in
            [("full/deeper/moved", "b"), ("full/deeper/x", "dir/x"), ("env2/.env", "env/.env")]
        {
            assert_eq!(fixture.text(path), text, "{means:?}");
        }
        assert_eq!(code(fixture.files().read("env2/.env", &defaults())), "path.blocked");
        assert_eq!(fs::read_dir(fixture.temp.path().join("outside")).expect("a folder").count(), 0);
    }
}

#[test]
fn a_folder_moves_between_roots_by_absolute_patterns_too() {
    let fixture = Fixture::new("{}", (true, true));
    fixture.put("one/a/x", "x");
    fixture.put("two/b/x", "x");
    let mut policy = Policy::default();
    policy.paths.roots = vec![fixture.root.join("one"), fixture.root.join("two")];
    policy.paths.blocked = vec![format!("{}/two/vault/**", fixture.root.display())];
    policy.paths.blocked.push(format!("{}/two/app/x", fixture.root.display()));
    let gate = crate::Gate::new(policy).expect("a gate");
    let at = |path: &str| format!("{}/{path}", fixture.root.display());
    let rename = |from: &str, to: &str| code(gate.files().rename(&at(from), &at(to), &defaults()));
    assert_eq!(rename("one/a", "two/vault"), "path.blocked");
    assert_eq!(rename("one/a", "two/app"), "path.blocked");
    assert_eq!(rename("one/a", "two/a"), "ok");
    assert_eq!(rename("two/a", "one/app"), "ok");
}

#[test]
fn a_root_in_a_root_stays() {
    let fixture = Fixture::new("{}", (true, true));
    for folder in ["outer/in/root", "outer/empty"] {
        fs::create_dir_all(fixture.root.join(folder)).expect("folders");
    }
    let mut policy = Policy::default();
    policy.paths.roots = vec![fixture.root.join("outer"), fixture.root.join("outer/in/root")];
    // What only flags lifts nothing of this.
    policy.mode = crate::policy::Mode::Observe;
    let gate = crate::Gate::new(policy).expect("a gate");
    let recursive = RemoveOptions { recursive: true, ..defaults() };
    let overwrite = RenameOptions { overwrite: true, ..defaults() };
    let before = fixture.tree();
    for (what, result) in [
        ("removed", gate.files().remove("in/root", &defaults())),
        ("removed with what is in it", gate.files().remove("in/root", &recursive)),
        ("removed with what it is in", gate.files().remove("in", &recursive)),
        ("renamed", gate.files().rename("in/root", "other", &defaults())),
        ("replaced", gate.files().rename("empty", "in/root", &overwrite)),
    ] {
        assert_eq!(code(result), "path.outside-root", "{what}");
        assert_eq!(fixture.tree(), before, "{what}");
    }
}

#[test]
fn files_are_copied_whole() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("a", "12345");
        fixture.put("b", "b");
        fixture.put("dir/x", "x");
        fixture.put("server.pem", "-----BEGIN PRIVATE KEY-----");
        fixture.put("ca.pem", "-----BEGIN CERTIFICATE-----");
        fixture.link("a", "link");
        fixture.link("/etc", "out");
        fs::set_permissions(fixture.root.join("a"), fs::Permissions::from_mode(0o640)).expect("mode");
        let over = CopyOptions { overwrite: true, sync: true, ..defaults() };
        let at_most = |max_bytes| CopyOptions { max_bytes: Some(max_bytes), ..defaults() };
        for (from, to, options, expected) in [
            ("a", "new", &defaults(), "ok"),
            ("link", "newer", &at_most(5), "ok"),
            ("a", "b", &over, "ok"),
            ("ca.pem", "ca.txt", &defaults(), "ok"),
            ("a", "a", &over, "ok"),
            ("a", "newest", &at_most(4), "path.size"),
            ("a", "b", &defaults(), "path.exists"),
            ("a", "a", &defaults(), "path.exists"),
            ("dir", "new-dir", &defaults(), "path.special-file"),
            ("a", "dir", &over, "path.special-file"),
            ("nothing", "x", &defaults(), "path.missing"),
            ("a", "nothing/x", &defaults(), "path.missing"),
            ("out/hostname", "x", &defaults(), "path.symlink"),
            ("a", "out/x", &defaults(), "path.symlink"),
            ("a", "link", &over, "ok"),
            ("server.pem", "x", &defaults(), "path.blocked"),
            (".env", "x", &defaults(), "path.blocked"),
            ("a", ".env", &defaults(), "path.blocked"),
            ("a", "../x", &defaults(), "path.traversal"),
        ] {
            assert_eq!(code(fixture.files().copy(from, to, options)), expected, "{from} {to} {means:?}");
        }
        let shown = [
            "a=12345",
            "b=12345",
            "ca.pem=-----BEGIN CERTIFICATE-----",
            "ca.txt=-----BEGIN CERTIFICATE-----",
            "dir",
            "dir/x=x",
            "link",
            "new=12345",
            "newer=12345",
            "out",
            "server.pem=-----BEGIN PRIVATE KEY-----",
        ];
        assert_eq!(fixture.tree(), shown, "{means:?}");
        let mode = |path: &str| fs::metadata(fixture.root.join(path)).expect(path).mode() & 0o777;
        assert_eq!(mode("new"), 0o640 & mode("dir"), "a copy has the bits of its source, less the umask");
    }
}

#[test]
fn other_file_systems_are_neither_entered_nor_removed() {
    let device = |path: &str| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    if device("/dev/shm").is_none() || device("/dev/shm") == device("/dev") {
        println!("SKIPPED: /dev/shm is no file system of its own");
        return;
    }
    let marker = tempfile::tempdir_in("/dev/shm").expect("a folder");
    for (policy, listed, removed) in [
        (r#"{"paths":{"roots":["/dev"]}}"#, false, "path.cross-device"),
        (r#"{"paths":{"roots":["/dev"],"crossDevice":true}}"#, true, ""),
    ] {
        let gate = crate::Gate::from_json(policy.as_bytes()).expect("a gate");
        let options = ReadDirOptions { recursive: true, ..defaults() };
        let entries = gate.files().read_dir(".", &options).expect("listed");
        assert!(entries.iter().any(|entry| entry.name == "shm" && entry.kind == EntryKind::Directory));
        let name = marker.path().strip_prefix("/dev").expect("below").to_str().expect("UTF-8");
        assert_eq!(entries.iter().any(|entry| entry.name == name), listed, "{policy}");
        if !removed.is_empty() {
            let recursive = RemoveOptions { recursive: true, ..defaults() };
            assert_eq!(code(gate.files().remove(name, &recursive)), removed);
        }
    }
}

#[test]
fn a_rename_that_must_not_replace_has_a_fallback() {
    let temp = tempfile::tempdir().expect("a folder");
    let dir = File::open(temp.path()).expect("opened");
    let at = |name: &str| temp.path().join(name);
    for fallback in [false, true] {
        let rename = |from: &str, to: &str, kind| {
            let [from, to] = [from, to].map(|name| std::ffi::CString::new(name).expect("no NUL"));
            let way = if fallback { rename_by_link } else { rename_new };
            let [from, to] = [&from, &to].map(|name| Entry { folder: dir.as_fd(), name });
            way(from, to, kind)
        };
        fs::write(at("a"), "a").expect("a file");
        fs::write(at("b"), "b").expect("a file");
        fs::create_dir(at("d")).expect("a folder");
        assert_eq!(rename("a", "b", EntryKind::File), Err(Errno::EXIST));
        assert_eq!(rename("d", "b", EntryKind::Directory), Err(Errno::EXIST));
        assert_eq!(rename("nothing", "x", EntryKind::File), Err(Errno::NOENT));
        assert_eq!(rename("a", "c", EntryKind::File), Ok(()));
        assert_eq!(rename("d", "e", EntryKind::Directory), Ok(()));
        assert_eq!(fs::read_to_string(at("b")).expect("text"), "b");
        assert_eq!(fs::read_to_string(at("c")).expect("text"), "a");
        assert!(!at("a").exists() && !at("d").exists());
        assert_eq!(Entry { folder: dir.as_fd(), name: c"c" }.facts().expect("facts").links, 1);
        for name in ["b", "c"] {
            fs::remove_file(at(name)).expect("removed");
        }
        fs::remove_dir(at("e")).expect("removed");
    }
}
