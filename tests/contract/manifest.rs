//! The manifests: one version everywhere, and no dependency that needs a newer Rust than this crate says.

use crate::support::{self, read, repository};
use std::process::Command;

/// `major.minor` of a Rust version.
fn rust_version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|number| number.parse().expect("a Rust version is numbers"));
    (numbers.next().unwrap(), numbers.next().unwrap_or(0))
}

#[test]
fn no_dependency_needs_a_newer_rust() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(repository("."))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let used = dependencies_of_users(&metadata);
    let own = rust_version(env!("CARGO_PKG_RUST_VERSION"));
    let mut read = 0;
    for package in packages.iter().filter(|package| used.contains(&package["id"].as_str().unwrap())) {
        let Some(wanted) = package["rust_version"].as_str() else { continue };
        read += 1;
        assert!(rust_version(wanted) <= own, "{} needs Rust {wanted}", package["id"]);
    }
    assert!(read > 10, "only {read} packages say what they need");
}

/// The packages that building this crate takes: not those of its tests.
fn dependencies_of_users(metadata: &serde_json::Value) -> Vec<&str> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let mut found = vec![metadata["resolve"]["root"].as_str().unwrap()];
    let mut next = 0;
    while next < found.len() {
        let node = nodes.iter().find(|node| node["id"] == found[next]).unwrap();
        for dependency in node["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            let id = dependency["pkg"].as_str().unwrap();
            if kinds.iter().any(|kind| kind["kind"] != "dev") && !found.contains(&id) {
                found.push(id);
            }
        }
        next += 1;
    }
    found
}

#[test]
fn versions_agree() {
    if !repository("package.json").exists() {
        return support::skip("comparing the versions of crate and package", "there is no package.json");
    }
    let package: serde_json::Value =
        serde_json::from_str(&read("package.json")).expect("package.json is JSON");
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"), "package.json and Cargo.toml");
    let header = read("include/callgate.h");
    for (name, number) in ["MAJOR", "MINOR", "PATCH"].into_iter().zip(env!("CARGO_PKG_VERSION").split('.')) {
        assert!(
            header.contains(&format!("#define CALLGATE_VERSION_{name} {number}\n")),
            "{name} in the header"
        );
    }
}
