//! No path makes the checks panic, leads out of the root, or gets the root into a message.
#![no_main]

use callgate::policy::Intent;
use callgate::{Action, Gate, PathOptions, Policy};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// Lives as long as the process; the names in it are those that the dictionary of the fuzzer knows.
static ROOT: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("a/b")).unwrap();
    std::fs::write(root.path().join("a/f.txt"), "x").unwrap();
    std::fs::write(root.path().join(".env"), "x").unwrap();
    #[cfg(unix)]
    for (target, link) in [("/", "out"), ("..", "up"), ("a/b", "in"), ("loop", "loop"), ("a/f.txt", "to-file")] {
        std::os::unix::fs::symlink(target, root.path().join(link)).unwrap();
    }
    root
});

static GATE: LazyLock<Gate> = LazyLock::new(|| {
    let mut policy = Policy::default();
    policy.paths.roots = vec![ROOT.path().to_owned()];
    Gate::new(policy).unwrap()
});

fuzz_target!(|input: (u8, &str)| {
    let (choice, path) = input;
    let root = ROOT.path().canonicalize().unwrap();
    let intent = [Intent::Read, Intent::List, Intent::Write, Intent::Delete][usize::from(choice % 4)];
    let mut options = PathOptions::default();
    options.intent = intent;
    options.base = (choice & 4 != 0).then(|| "a".to_owned());

    let verdict = GATE.check_path(path, &options);
    let resolved = GATE.resolve_path(path, &options);
    assert_eq!(verdict.action() == Action::Deny, resolved.is_err(), "check and resolve disagree");
    for finding in verdict.findings() {
        assert!(!finding.message.contains(root.to_str().unwrap()), "the message names the root");
    }
    match resolved {
        Ok(resolved) => {
            assert!(std::path::Path::new(resolved.path()).starts_with(&root), "out of the root");
            assert!(!resolved.path().contains("/../") && !resolved.path().contains('\0'));
        }
        Err(error) => assert!(!error.to_string().contains(root.to_str().unwrap()), "the message names the root"),
    }
});
