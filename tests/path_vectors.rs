//! `tests/vectors/paths.json`: what every surface must answer about paths.
#![cfg(unix)]
#![cfg(test)]

use callgate::{Action, FileKind, Gate, PathOptions};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member).map(|value| value.as_str().unwrap_or_else(|| panic!("{member} is a string")))
}

fn make(temp: &Path, entry: &Value) {
    let at = |member| text(entry, member).map(|path| temp.join(path));
    if let Some(path) = at("dir") {
        fs::create_dir_all(path).expect("a folder");
    } else if let Some(path) = at("file") {
        fs::write(path, text(entry, "text").expect("a file has text")).expect("a file");
    } else if let Some(path) = at("link") {
        symlink(text(entry, "target").expect("a link has a target"), path).expect("a link");
    } else if let Some(path) = at("hardLink") {
        fs::hard_link(at("of").expect("a hard link is of a file"), path).expect("a hard link");
    } else if let Some(path) = at("fifo") {
        assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
    } else {
        panic!("unknown entry {entry}");
    }
}

/// The case's policy, with the usual root where it names none.
fn gate(case: &Value, root: &str) -> Gate {
    let mut policy = case.get("policy").cloned().unwrap_or_else(|| json!({}));
    if policy.pointer("/paths/roots").is_none() {
        policy["paths"]["roots"] = json!([root]);
    }
    Gate::from_json(policy.to_string().as_bytes()).expect("a valid policy")
}

fn options(case: &Value) -> PathOptions {
    let mut options = PathOptions::default();
    if let Some(intent) = case.get("intent") {
        options.intent = serde_json::from_value(intent.clone()).expect("an intent");
    }
    options.base = text(case, "base").map(str::to_owned);
    options
}

fn run(case: &Value, root: &str) {
    let name = text(case, "name").expect("a case has a name");
    let gate = gate(case, root);
    let path = text(case, "path").expect("a case has a path");
    let options = options(case);
    let expect = &case["expect"];
    let resolved = gate.resolve_path(path, &options);
    let checked = gate.check_path(path, &options);
    let rules: Vec<_> = checked.findings().iter().map(|finding| finding.rule.id()).collect();
    if let Some(rule) = text(expect, "rule") {
        let error = resolved.expect_err(name);
        assert_eq!(error.code(), rule, "{name}");
        let finding = error.finding().expect("a refusal has a finding");
        assert_eq!((finding.rule.id(), finding.action), (rule, Action::Deny), "{name}");
        assert!(!error.to_string().contains(root), "{name}: {error}");
        let action = text(expect, "check").unwrap_or("deny");
        assert_eq!(checked.action().as_str(), action, "{name}");
        if action == "allow" {
            assert!(rules.is_empty(), "{name}: {rules:?}");
        } else {
            assert_eq!(rules.first(), Some(&rule), "{name}: {rules:?}");
        }
        return;
    }
    let resolved = resolved.unwrap_or_else(|error| panic!("{name}: {error}"));
    let relative = text(expect, "relative").expect("an expectation");
    let root = text(expect, "root").unwrap_or(root);
    let whole = if relative == "." { root.to_owned() } else { format!("{root}/{relative}") };
    let kind = match resolved.kind() {
        FileKind::File => "file",
        FileKind::Directory => "directory",
        FileKind::Missing => "missing",
    };
    assert_eq!((resolved.relative(), Some(kind)), (relative, text(expect, "kind")), "{name}");
    assert_eq!(
        (resolved.root(), resolved.path(), resolved.exists()),
        (root, &*whole, kind != "missing"),
        "{name}"
    );
    let flags: Vec<_> = expect["flags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let findings: Vec<_> = resolved.findings().iter().map(|finding| finding.rule.id()).collect();
    assert_eq!((&findings, &rules), (&flags, &flags), "{name}");
    assert_eq!(checked.action(), if flags.is_empty() { Action::Allow } else { Action::Flag }, "{name}");
}

#[test]
fn paths_are_answered_as_the_vectors_say() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let temp = fs::canonicalize(temp.path()).map(|real| (temp, real)).expect("a real path");
    let real = temp.1.to_str().expect("UTF-8");
    let root = format!("{real}/root");
    let vectors = include_str!("vectors/paths.json").replace("{root}", &root).replace("{temp}", real);
    let vectors: Value = serde_json::from_str(&vectors).expect("JSON");
    for entry in vectors["tree"].as_array().expect("a tree") {
        make(&temp.1, entry);
    }
    let cases = vectors["cases"].as_array().expect("cases");
    assert!(!cases.is_empty());
    for case in cases {
        run(case, &root);
    }
}
