//! The guard as a whole, with each of the system's means taken away in turn.
#![cfg(target_os = "linux")]

use super::fixture::{Fixture, MEANS, Means, left_with};
use super::resolve::PathGuard;
use super::{FileKind, OpenOptions, PathOptions};
use crate::error::Error;
use crate::policy::{Intent, Policy};
use crate::rules::{Action, Rule};
use crate::verdict::Finding;
use proptest::prelude::*;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

impl Fixture {
    fn resolve(&self, path: &str, intent: Intent) -> Result<(String, FileKind), &'static str> {
        let options = PathOptions { intent, base: None };
        let resolved = self.guard.resolve(&self.actions, path, &options).map_err(|error| error.code())?;
        Ok((resolved.relative().to_owned(), resolved.kind()))
    }

    fn open(&self, path: &str, options: &OpenOptions) -> Result<File, Error> {
        self.guard.open_file(&self.actions, path, options)
    }
}

fn opening(intent: Intent) -> OpenOptions {
    OpenOptions { path: PathOptions { intent, base: None }, ..OpenOptions::default() }
}

fn writing() -> OpenOptions {
    OpenOptions { create: true, ..opening(Intent::Write) }
}

#[test]
fn every_means_gives_the_same_answer() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("a/b/file", "x");
        fixture.put("a/gone (deleted)", "x");
        fs::write(fixture.temp.path().join("outside"), "x").expect("a file");
        fixture.link("a/b", "folder");
        fixture.link("a/gone (deleted)", "odd");
        fixture.link("../outside", "out");
        fixture.link(fixture.root.join("a"), "absolute");
        fixture.link("loop", "loop");
        fixture.link("nothing", "dangling");
        fs::create_dir(fixture.root.join("a/bytes")).expect("a folder");
        let odd: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"a/bytes/\xFF");
        fs::write(fixture.root.join(odd), "x").expect("a file");
        fixture.link(odd, "bytes");
        for (path, intent, expected) in [
            ("a/b/file", Intent::Read, Ok(("a/b/file", FileKind::File))),
            ("folder/file", Intent::Read, Ok(("a/b/file", FileKind::File))),
            ("folder/..", Intent::List, Ok(("a", FileKind::Directory))),
            ("folder/../..", Intent::List, Ok((".", FileKind::Directory))),
            ("odd", Intent::Read, Ok(("a/gone (deleted)", FileKind::File))),
            ("absolute/b/file", Intent::Read, Ok(("a/b/file", FileKind::File))),
            ("absolute/b/file", Intent::Write, Ok(("a/b/file", FileKind::File))),
            ("folder/new", Intent::Write, Ok(("a/b/new", FileKind::Missing))),
            ("folder/file", Intent::Delete, Ok(("a/b/file", FileKind::File))),
            ("a/./b//new", Intent::Write, Ok(("a/b/new", FileKind::Missing))),
            ("new", Intent::Write, Ok(("new", FileKind::Missing))),
            ("a/../new", Intent::Write, Ok(("new", FileKind::Missing))),
            ("folder/../../../outside", Intent::Read, Err("path.traversal")),
            ("out", Intent::Read, Err("path.symlink")),
            ("out", Intent::Write, Err("path.symlink")),
            ("loop", Intent::Read, Err("path.symlink")),
            ("dangling", Intent::Read, Err("path.missing")),
            ("dangling", Intent::Write, Err("path.symlink")),
            ("dangling", Intent::Delete, Ok(("dangling", FileKind::File))),
            ("out", Intent::Delete, Ok(("out", FileKind::File))),
            ("loop", Intent::Delete, Ok(("loop", FileKind::File))),
            ("folder", Intent::Delete, Ok(("folder", FileKind::File))),
            ("folder/", Intent::Delete, Err("path.symlink")),
            ("bytes", Intent::Read, Err("path.name")),
            ("folder/nothing", Intent::Delete, Err("path.missing")),
            ("nothing/new", Intent::Write, Err("path.missing")),
            ("a/b/file/new", Intent::Write, Err("path.missing")),
        ] {
            let expected = expected.map(|(path, kind)| (path.to_owned(), kind));
            assert_eq!(fixture.resolve(path, intent), expected, "{path} {intent:?} {means:?}");
        }
    }
}

#[test]
fn a_root_that_was_moved_is_walked() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("a/file", "x");
        fixture.link("a", "link");
        fs::rename(&fixture.root, fixture.temp.path().join("moved")).expect("renamed");
        assert_eq!(
            fixture.resolve("link/file", Intent::Read),
            Ok(("a/file".to_owned(), FileKind::File)),
            "{means:?}"
        );
    }
}

#[test]
fn what_is_opened_is_what_was_asked_for() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("a/file", "text");
        fixture.link("a/file", "link");
        let mut text = String::new();
        fixture
            .open("link", &opening(Intent::Read))
            .expect("read through a link")
            .read_to_string(&mut text)
            .expect("text");
        assert_eq!(text, "text", "{means:?}");

        let listed = fixture.open("a", &opening(Intent::List)).expect("a folder");
        assert!(listed.metadata().expect("metadata").is_dir());

        fixture.open("a/file", &opening(Intent::Write)).expect("opened").write_all(b"T").expect("written");
        assert_eq!(
            fs::read_to_string(fixture.root.join("a/file")).expect("text"),
            "Text",
            "nothing is cut unasked"
        );
        let append = OpenOptions { append: true, ..opening(Intent::Write) };
        fixture.open("a/file", &append).expect("opened").write_all(b"!").expect("written");
        assert_eq!(fs::read_to_string(fixture.root.join("a/file")).expect("text"), "Text!");
        let truncate = OpenOptions { truncate: true, ..opening(Intent::Write) };
        fixture.open("a/file", &truncate).expect("opened").write_all(b"new").expect("written");
        assert_eq!(fs::read_to_string(fixture.root.join("a/file")).expect("text"), "new");

        let created = fixture.open("a/new", &writing()).expect("created");
        assert_eq!(created.metadata().expect("metadata").permissions().mode() & 0o777, 0o600);
        let mode = OpenOptions { mode: Some(0o400), exclusive: true, ..writing() };
        let created = fixture.open("a/newer", &mode).expect("created");
        assert_eq!(created.metadata().expect("metadata").permissions().mode() & 0o777, 0o400);
        fixture.open("a/new", &writing()).expect("opened again");
    }
}

#[test]
fn nothing_is_opened_that_must_not_be() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("file", "text");
        fixture.put("twin", "twin");
        fixture.put("server.key", "-----BEGIN PRIVATE KEY-----");
        fixture.put("ca.pem", "-----BEGIN CERTIFICATE-----");
        let chain = "-----BEGIN CERTIFICATE-----\n".repeat(1500);
        fixture.put("chain.pem", &chain);
        fixture.put("bundle.pem", &(chain + "-----BEGIN PRIVATE KEY-----\n"));
        fs::hard_link(fixture.root.join("twin"), fixture.root.join("twin2")).expect("a hard link");
        fs::write(fixture.temp.path().join("outside"), "outside").expect("a file");
        fixture.link("file", "link");
        fixture.link("../outside", "out");
        fixture.link("../made", "dangling");
        let fifo = fixture.root.join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo runs").success());
        let all = OpenOptions { truncate: true, append: true, ..writing() };
        for (path, options, code) in [
            ("fifo", opening(Intent::Read), "path.special-file"),
            ("fifo", all.clone(), "path.special-file"),
            (".", opening(Intent::Read), "path.special-file"),
            (".", writing(), "path.special-file"),
            ("file", opening(Intent::List), "path.special-file"),
            ("new/", writing(), "path.special-file"),
            ("out", all.clone(), "path.symlink"),
            ("out", opening(Intent::Read), "path.symlink"),
            ("dangling", all.clone(), "path.symlink"),
            ("../outside", all.clone(), "path.traversal"),
            ("../made", all.clone(), "path.traversal"),
            ("twin", all.clone(), "path.hard-link"),
            ("new", opening(Intent::Write), "path.missing"),
            ("nothing", opening(Intent::Read), "path.missing"),
            ("nothing/new", writing(), "path.missing"),
            ("file", OpenOptions { exclusive: true, ..writing() }, "path.exists"),
            (".env", writing(), "path.blocked"),
            ("new.pem", writing(), "path.blocked"),
            ("ca.pem", all.clone(), "path.blocked"),
            ("bundle.pem", opening(Intent::Read), "path.blocked"),
            ("server.key", opening(Intent::Read), "path.blocked"),
            ("file", opening(Intent::Delete), "input.type"),
            ("file", OpenOptions { create: true, ..opening(Intent::Read) }, "input.type"),
            ("file", OpenOptions { truncate: true, ..opening(Intent::Read) }, "input.type"),
            ("file", OpenOptions { exclusive: true, ..opening(Intent::Write) }, "input.type"),
            ("new", OpenOptions { mode: Some(0o4755), ..writing() }, "input.type"),
        ] {
            let error = fixture.open(path, &options).expect_err(path);
            assert_eq!(error.code(), code, "{path} {options:?} {means:?}");
        }
        fixture.open("ca.pem", &opening(Intent::Read)).expect("a certificate is public");
        fixture.open("chain.pem", &opening(Intent::Read)).expect("certificates are public");
        let read = |path: &str| fs::read_to_string(fixture.temp.path().join(path)).expect("text");
        assert_eq!(
            (read("outside"), read("root/file"), read("root/twin")),
            ("outside".into(), "text".into(), "twin".into())
        );
        for made in ["made", "root/new", "root/.env", "root/new.pem"] {
            assert!(!fixture.temp.path().join(made).exists(), "{made}");
        }
    }
}

#[test]
fn a_device_is_never_opened() {
    let policy = Policy::from_json(br#"{"paths":{"roots":["/dev"],"crossDevice":true}}"#).expect("a policy");
    let (actions, _) = policy.compile().expect("a valid policy");
    let guard = PathGuard::open(&policy.paths, Path::new("/")).expect("the root opens");
    assert!(fs::metadata("/dev/null").expect("a device").file_type().is_char_device());
    for intent in [Intent::Read, Intent::Write] {
        let error = guard.open_file(&actions, "null", &opening(intent)).expect_err("a device");
        assert_eq!(error.code(), "path.special-file");
    }
}

#[test]
fn descriptors_are_closed_on_exec_and_block() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("file", "");
        for options in [opening(Intent::Read), writing()] {
            let file = fixture.open("file", &options).expect("opened");
            let info = format!("/proc/self/fdinfo/{}", std::os::fd::AsRawFd::as_raw_fd(&file));
            let info = fs::read_to_string(info).expect("the flags of a descriptor");
            let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).expect("flags").trim();
            let flags = i32::from_str_radix(flags, 8).expect("octal");
            assert_eq!(flags & (libc::O_CLOEXEC | libc::O_NONBLOCK), libc::O_CLOEXEC, "{means:?}");
        }
    }
}

#[test]
fn other_file_systems_are_refused_flagged_or_allowed() {
    let device = |path: &str| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    if device("/dev/shm").is_none() || device("/dev/shm") == device("/dev") {
        println!("skipped: /dev/shm is no file system of its own");
        return;
    }
    for means in MEANS {
        for (policy, code, flagged) in [
            (r#"{"paths":{"roots":["/dev"]}}"#, Some("path.cross-device"), false),
            (r#"{"paths":{"roots":["/dev"],"crossDevice":true}}"#, None, false),
            (r#"{"paths":{"roots":["/dev"]},"rules":{"path.cross-device":"flag"}}"#, None, true),
            (r#"{"paths":{"roots":["/dev"]},"mode":"observe"}"#, None, true),
        ] {
            let policy = Policy::from_json(policy.as_bytes()).expect("a policy");
            let (actions, _) = policy.compile().expect("a valid policy");
            let guard = PathGuard::open(&policy.paths, Path::new("/")).expect("the root opens");
            let guard = left_with(means, guard);
            match guard.resolve(&actions, "shm", &PathOptions { intent: Intent::List, base: None }) {
                Ok(resolved) => {
                    assert_eq!(code, None, "{means:?}");
                    assert_eq!(
                        resolved.findings().first().map(|finding| finding.rule),
                        flagged.then_some(Rule::PathCrossDevice)
                    );
                }
                Err(error) => assert_eq!(Some(error.code()), code, "{means:?}"),
            }
        }
    }
}

#[test]
fn arguments_are_judged_with_and_without_roots() {
    let fixture = Fixture::new("{}", (true, true));
    fixture.put("file", "");
    fixture.put("a/b/file", "");
    fixture.link("/etc", "out");
    fixture.link("a/b", "folder");
    let absolute = format!("{}/folder/../out/passwd", fixture.root.display());
    let none = PathGuard::default();
    let rules = |guard: &PathGuard, path: &str, intent: Intent| {
        let findings: Vec<Finding> =
            guard.audit_argument(&fixture.actions, path, intent, || "/path".to_owned());
        assert!(findings.iter().all(|finding| finding.pointer == "/path" && finding.action == Action::Deny));
        findings.iter().map(|finding| finding.rule.id()).collect::<Vec<_>>()
    };
    let nothing: &[&str] = &[];
    for (path, intent, with_root, without) in [
        ("file", Intent::Read, nothing, nothing),
        ("nothing", Intent::Read, nothing, nothing),
        ("", Intent::Read, nothing, nothing),
        ("new", Intent::Write, nothing, nothing),
        ("out/passwd", Intent::Read, &["path.symlink"], nothing),
        ("/elsewhere", Intent::Read, &["path.outside-root"], nothing),
        ("/etc/passwd", Intent::Read, &["path.outside-root"], &["path.blocked"]),
        ("../x", Intent::Read, &["path.traversal"], &["path.traversal"]),
        ("a/../../x", Intent::Read, &["path.traversal"], &["path.traversal"]),
        ("%2e%2e/x", Intent::Read, &["path.encoded"], &["path.encoded"]),
        (".env", Intent::Read, &["path.blocked"], &["path.blocked"]),
        ("a\0b", Intent::Read, &["path.nul"], &["path.nul"]),
        ("CON", Intent::Read, nothing, nothing),
        ("CON", Intent::Write, &["path.name"], &["path.name"]),
        ("~root/x", Intent::Read, &["path.ambiguous"], nothing),
        ("./~root/x", Intent::Read, nothing, nothing),
        ("file:///etc/x", Intent::Read, &["path.ambiguous"], nothing),
        ("file:///etc/shadow", Intent::Read, &["path.ambiguous"], &["path.blocked"]),
        ("$NOT_SET/etc/shadow", Intent::Read, &["path.ambiguous"], &["path.blocked"]),
        ("%2eenv", Intent::Read, &["path.blocked"], &["path.blocked"]),
        (".vscode/a", Intent::Read, nothing, nothing),
        (".vscode/a", Intent::Write, &["path.blocked"], &["path.blocked"]),
        ("a.pem", Intent::Read, nothing, nothing),
        ("/srv/../etc/passwd", Intent::Read, &["path.outside-root"], &["path.blocked"]),
        (".kube/x/../config", Intent::Read, &["path.blocked"], &["path.blocked"]),
        ("nothing/../file", Intent::Read, nothing, nothing),
        ("folder/../file", Intent::Read, nothing, nothing),
        ("nothing/../new", Intent::Write, nothing, nothing),
        ("nothing/../out/passwd", Intent::Read, &["path.symlink"], nothing),
        ("folder/../out/passwd", Intent::Read, &["path.symlink"], nothing),
        (&absolute, Intent::Read, &["path.symlink"], nothing),
    ] {
        assert_eq!(rules(&fixture.guard, path, intent), with_root, "{path:?}");
        assert_eq!(rules(&none, path, intent), without, "{path:?}");
    }
}

#[test]
fn no_descriptor_is_left_open() {
    // Descriptors of this thread's process that other tests open come and go; those below are ours.
    let count = |root: &Path| {
        let entries = fs::read_dir("/proc/self/fd").expect("descriptors").filter_map(Result::ok);
        entries
            .filter_map(|entry| fs::read_link(entry.path()).ok())
            .filter(|path| path.starts_with(root))
            .count()
    };
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        fixture.put("a/b/c/file", "x");
        fixture.put("a/key.pem", "-----BEGIN PRIVATE KEY-----");
        fixture.link("a/b", "folder");
        fixture.link("/etc", "out");
        fixture.link("loop", "loop");
        let before = count(&fixture.root);
        assert_eq!(before, 1, "the root is held");
        for _ in 0..50 {
            for path in [
                "a/b/c/file",
                "folder/c/file",
                "folder/c/new",
                "a/b/c/../../../..",
                "out/x",
                "loop",
                "a/key.pem",
                "a/b/c/file/x",
                "nothing",
            ] {
                for intent in [Intent::Read, Intent::List, Intent::Write, Intent::Delete] {
                    let _ = fixture.resolve(path, intent);
                    let _ = fixture.open(path, &opening(intent));
                }
            }
        }
        assert_eq!(count(&fixture.root), before, "{means:?}");
    }
}

/// One thread swaps a folder with a link to a folder outside; what the guard opens meanwhile must be from
/// inside. The control checks and then opens, as a server without the guard does, and must be caught.
#[test]
fn a_swapped_folder_never_leads_outside() {
    std::thread::scope(|scope| {
        for means in MEANS {
            scope.spawn(move || race(means));
        }
    });
}

fn race(means: Means) {
    const INSIDE: &str = "inside";
    const OUTSIDE: &str = "OUTSIDE";
    let fixture = Fixture::new("{}", means);
    let outside = fixture.temp.path().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("file"), OUTSIDE).expect("a file");
    fixture.put("folder/file", INSIDE);
    fixture.link("../outside", "link");
    let root = &fixture.root;
    let (leaks, opened) = (AtomicU64::new(0), AtomicU64::new(0));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for (from, to) in
                    [("folder", "aside"), ("link", "folder"), ("folder", "link"), ("aside", "folder")]
                {
                    fs::rename(root.join(from), root.join(to)).expect("renamed");
                }
            }
        });
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let path = root.join("folder/file");
                if fs::canonicalize(&path).is_ok_and(|real| real.starts_with(root))
                    && fs::read_to_string(&path).is_ok_and(|text| text == OUTSIDE)
                {
                    leaks.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        let start = Instant::now();
        let mut round = 0_u32;
        // As long as the control has not leaked the race is not yet one.
        while start.elapsed() < Duration::from_secs(2)
            || (start.elapsed() < Duration::from_secs(60)
                && (leaks.load(Ordering::Relaxed) == 0 || opened.load(Ordering::Relaxed) == 0))
        {
            if let Ok(mut file) = fixture.open("folder/file", &opening(Intent::Read)) {
                let mut text = String::new();
                file.read_to_string(&mut text).expect("text");
                assert_ne!(text, OUTSIDE, "{means:?}");
                opened.fetch_add(1, Ordering::Relaxed);
            }
            let truncate = OpenOptions { truncate: true, ..writing() };
            if let Ok(mut file) = fixture.open("folder/written", &truncate) {
                file.write_all(INSIDE.as_bytes()).expect("written");
            }
            let exclusive = OpenOptions { exclusive: true, ..writing() };
            let _ = fixture.open(&format!("folder/new-{round}"), &exclusive);
            let _ = fixture
                .open("folder/file", &OpenOptions { append: true, ..opening(Intent::Write) })
                .map(|file| file.set_len(0));
            if let Ok(mut file) = fixture.open("folder/file", &truncate) {
                file.write_all(INSIDE.as_bytes()).expect("written");
            }
            round += 1;
        }
        done.store(true, Ordering::Relaxed);
    });
    let names: Vec<_> =
        fs::read_dir(&outside).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(names, ["file"], "nothing is created outside, {means:?}");
    assert_eq!(
        fs::read_to_string(outside.join("file")).expect("text"),
        OUTSIDE,
        "nothing is cut outside, {means:?}"
    );
    assert!(opened.load(Ordering::Relaxed) > 0, "the guard opened something, {means:?}");
    assert!(leaks.load(Ordering::Relaxed) > 0, "the control leaked, {means:?}");
}

/// A tree: folders and files by name, links by target.
#[derive(Debug, Clone)]
enum Entry {
    Folder(&'static str),
    File(&'static str),
    Link(&'static str, Vec<&'static str>),
}

const NAMES: [&str; 5] = ["a", "b", "c", "é", "..."];

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let place =
        prop::sample::select(vec!["a", "b", "c", "a/a", "a/b", "b/c", "b/c/a", "é", "é/b", "...", ".../c"]);
    let step = prop::sample::select(vec!["a", "b", "c", "é", "...", "..", ".", ""]);
    let entry = prop_oneof![
        place.clone().prop_map(Entry::Folder),
        place.clone().prop_map(Entry::File),
        (place, prop::collection::vec(step, 1..5)).prop_map(|(place, target)| Entry::Link(place, target)),
    ];
    prop::collection::vec(entry, 0..14)
}

proptest! {
    #![proptest_config(crate::testing::properties(300))]

    /// In a tree that nobody changes, what resolves lies below the root and is what `canonicalize` says;
    /// and what `canonicalize` finds below the root by a path that never left it, resolves.
    #[test]
    fn resolving_is_canonicalizing_below_the_root(
        entries in entries(),
        paths in prop::collection::vec(prop::collection::vec(prop::sample::select([&NAMES[..], &["..", ".", "", "a", "b"]].concat()), 1..7), 12),
        means in 0..4_usize,
    ) {
        let fixture = Fixture::new("{}", MEANS[means]);
        for entry in &entries {
            // What does not fit the tree so far is left out.
            let _ = match entry {
                Entry::Folder(path) => fs::create_dir_all(fixture.root.join(path)),
                Entry::File(path) => fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(fixture.root.join(path)).map(|_| ()),
                Entry::Link(path, target) => symlink(target.join("/").trim_start_matches('/'), fixture.root.join(path)),
            };
        }
        let real = &fixture.root;
        for path in &paths {
            let path = path.join("/");
            let path = path.trim_start_matches('/');
            let oracle = fs::canonicalize(fixture.root.join(path));
            match fixture.guard.resolve(&fixture.actions, path, &PathOptions::default()) {
                Ok(resolved) => {
                    let there = Path::new(resolved.path());
                    prop_assert!(there.starts_with(real), "{path}: {there:?}");
                    prop_assert_eq!(there, oracle.expect("it exists"));
                    prop_assert_eq!(there.is_dir(), resolved.kind() == FileKind::Directory);
                }
                Err(error) => {
                    let steps_out = |path: &str| path.contains("..");
                    let links_out = entries.iter().any(|entry| matches!(entry, Entry::Link(_, target) if target.contains(&"..")));
                    // Without `..` nothing can leave and come back, so that there is no reason to refuse.
                    let expected = !path.is_empty() && !steps_out(path) && !links_out && oracle.is_ok_and(|there| there.starts_with(real));
                    prop_assert!(!expected, "{path}: {error}");
                }
            }
            if let Ok(resolved) = fixture.guard.resolve(&fixture.actions, path, &PathOptions { intent: Intent::Write, base: None }) {
                let there = Path::new(resolved.path());
                prop_assert!(there.starts_with(real), "{path}: {there:?}");
                prop_assert!(!there.is_symlink());
                let parent = if there == real { real } else { there.parent().expect("a parent") };
                prop_assert_eq!(fs::canonicalize(parent).expect("the parent exists"), parent);
                prop_assert_eq!(there.exists(), resolved.exists());
            }
        }
    }
}
