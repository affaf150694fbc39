//! Public collections of hostile paths, where a checkout of them lies beside the repository.
#![cfg(unix)]
#![cfg(test)]

use callgate::policy::Intent;
use callgate::{Action, Gate, PathOptions, Policy};
use std::fs;
use std::path::Path;

#[test]
fn hostile_paths_are_refused_or_stay_inside() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/path");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: ../shared/corpora/path is absent");
        return;
    };
    let temp = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir_all(temp.path().join("root/etc")).expect("folders");
    let root = fs::canonicalize(temp.path().join("root")).expect("a real path");
    fs::write(root.join("etc/passwd"), "").expect("a file");
    let mut policy = Policy::default();
    policy.paths.roots = vec![root.clone()];
    let gate = Gate::new(policy).expect("a gate");
    let (mut lines, mut refused) = (0, 0);
    for entry in entries {
        let bytes = fs::read(entry.expect("an entry").path()).expect("a corpus");
        for line in bytes.split(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(line);
            let path = line.trim_end_matches('\r');
            for intent in [Intent::Read, Intent::List, Intent::Write, Intent::Delete] {
                let mut options = PathOptions::default();
                options.intent = intent;
                let verdict = gate.check_path(path, &options);
                lines += 1;
                match gate.resolve_path(path, &options) {
                    Ok(resolved) => {
                        assert!(Path::new(resolved.path()).starts_with(&root), "a path resolved outside");
                        assert_ne!(verdict.action(), Action::Deny, "a refused path resolved");
                    }
                    Err(error) => {
                        refused += 1;
                        assert_eq!(verdict.action(), Action::Deny, "{}", error.code());
                    }
                }
            }
        }
    }
    println!("{refused} of {lines} refused");
    assert!(lines > 0, "the corpora have lines");
}
