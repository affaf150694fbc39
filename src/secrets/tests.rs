//! The shared vectors by rule, and properties of the scan.

use super::*;
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is found, in the order of the bytes.
fn found(text: &str) -> Vec<(Rule, Range<usize>)> {
    let mut found = Vec::new();
    scan(text.as_bytes(), |rule, range, _| found.push((rule, range)));
    found.sort_by_key(|(_, range)| range.start);
    found
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    rule: Option<String>,
    input: Vec<String>,
    redacted: Option<Vec<String>>,
}

fn vectors() -> Vec<Vector> {
    #[derive(Deserialize)]
    struct File {
        redact: Vec<Vector>,
    }
    serde_json::from_str::<File>(include_str!("../../tests/vectors/secrets.json")).unwrap().redact
}

#[test]
fn each_rule_finds_its_secrets_byte_for_byte() {
    let mut rules = BTreeSet::new();
    for vector in vectors() {
        let Some(rule) = vector.rule else { continue };
        let text = vector.input.concat();
        let mut left = text.clone();
        for (found, range) in found(&text).into_iter().rev() {
            assert_eq!(found.id(), rule, "{}", vector.name);
            left.replace_range(range, "[REDACTED]");
        }
        assert_eq!(left, vector.redacted.unwrap().concat(), "{}", vector.name);
        rules.insert(rule);
    }
    // The mark in a call is no secret.
    let secrets = |rule: &&Rule| rule.id().starts_with("secret.") && **rule != Rule::SecretMarker;
    for rule in Rule::ALL.iter().filter(secrets) {
        assert!(rules.contains(rule.id()), "no vector is found by {}", rule.id());
    }
}

#[test]
fn text_around_a_secret_changes_nothing() {
    for vector in vectors() {
        let Some(rule) = vector.rule else { continue };
        let text = vector.input.concat();
        for (before, after) in
            [("", ""), ("\u{e9} \u{1F600}\n", "\n\u{e9}"), ("a, b; c\n", "\nthe end."), ("\"\"\n", "\n{}")]
        {
            let all = format!("{before}{text}{after}");
            let whole: Vec<_> =
                found(&text).into_iter().map(|(rule, range)| (rule, range.start + before.len())).collect();
            let inside: Vec<_> = found(&all).into_iter().map(|(rule, range)| (rule, range.start)).collect();
            assert_eq!(inside, whole, "{} ({rule})", vector.name);
        }
    }
}

/// Text made of nothing but what begins a secret: the number of bytes looked at cannot be counted from outside, so
/// this is run where a quadratic scan would not come to an end.
#[test]
fn text_made_of_beginnings_comes_to_an_end() {
    for unit in [
        "eyJ-",
        "eyJ.",
        "eyJa.eyJb.",
        "sk-",
        "sk-sk-",
        "ghp_",
        "glpat-",
        "://",
        "a://b:c@",
        "a:b@",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----A",
        "A",
        "a.",
        "xoxb-",
        "AKIA",
        "key=",
        "Bearer ",
        "fm2_",
        "hooks.slack.com/services/T",
        "aaaaaaaaaaaaaaa ",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef ",
        "password=aB3dE5gH7jK9mN1pQ3sT5 ",
        "/",
        "SG.",
    ] {
        let text = unit.repeat((4 << 20) / unit.len());
        scan(text.as_bytes(), |_, range, _| assert!(range.end <= text.len()));
    }
}

/// Files of installed dependencies: text that people wrote, in several languages.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let kind = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if path.is_dir() && !path.is_symlink() {
            files(&path, found);
        } else if ["rs", "js", "mjs", "ts", "md", "py", "sh", "c", "h", "toml", "jsonl"].contains(&kind) {
            found.push(path);
        }
    }
}

#[test]
fn text_that_people_wrote_is_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let registry = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let mut sources = Vec::new();
    for folder in ["src", "node_modules", "../shared/corpora/benign", "../../shared/corpora/benign"] {
        files(&root.join(folder), &mut sources);
    }
    sources.truncate(6000);
    let mut crates = Vec::new();
    files(&registry.unwrap_or_default().join("registry/src"), &mut crates);
    sources.extend(crates.into_iter().take(3000));
    let (mut lines, mut flagged) = (0, 0);
    for source in &sources {
        for line in std::fs::read_to_string(source).unwrap_or_default().lines() {
            lines += 1;
            flagged += u32::from(!found(line).is_empty());
        }
    }
    println!("{flagged} of {lines} lines of {} files", sources.len());
    assert!(lines > 1000);
    assert!(flagged * 2000 <= lines, "{flagged} of {lines} lines: above 0.05 %");
}

proptest! {
    #[test]
    fn ranges_are_within_the_text(text in ".{0,200}", token in "[ -~]{0,60}") {
        let text = format!("{text}{token}{text}");
        for (_, range) in found(&text) {
            prop_assert!(range.start < range.end && range.end <= text.len());
            prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
        }
    }

    #[test]
    fn what_the_prefilter_passes_by_has_no_finding(text in "[a-zA-Z0-9_=:@ \"\n.-]{0,300}") {
        let run = text.as_bytes().split(|byte| !chars::is(*byte, RUN)).any(|run| run.len() >= MIN_RUN);
        if !run && !text.contains("://") && !text.contains("-----BEGIN") {
            prop_assert_eq!(found(&text), []);
        }
    }
}
