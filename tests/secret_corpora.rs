//! A public collection of secrets, where a checkout of it lies beside the repository.
#![cfg(test)]

use callgate::Gate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

const GONE: &str = "[REDACTED]";

/// A corpus, unpacked where it is packed; none where it is absent.
fn corpus(name: &str) -> Option<String> {
    // A worktree lies one folder deeper than a checkout.
    let places = ["../shared/corpora", "../../shared/corpora"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(path) = places.iter().map(|place| root.join(place).join(name)).find(|path| path.exists()) else {
        println!("skipped: {name} is absent");
        return None;
    };
    if path.extension().is_none_or(|extension| extension != "gz") {
        return Some(std::fs::read_to_string(path).expect("a corpus"));
    }
    let mut child =
        Command::new("gzip").args(["-dc"]).arg(path).stdout(Stdio::piped()).spawn().expect("gzip runs");
    let mut text = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut text).expect("text");
    assert!(child.wait().expect("gzip ends").success());
    Some(text)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    label: String,
    rule: String,
    #[serde(rename = "case")]
    name: String,
    input: String,
    ranges: Vec<(usize, usize)>,
}

impl Case {
    /// The ranges that are the secret's own bytes. Where the label is not, `own` says what is.
    fn secrets(&self) -> Vec<(usize, usize)> {
        let own = |(start, end): (usize, usize)| {
            let text = self.input.get(start..end).expect("a range of characters");
            // The label counts its length from the name instead of the value.
            if let Some(at) = self.input.find(" = ").filter(|_| text.starts_with("AWS_SECRET_ACCESS_KEY")) {
                return (at + 3, at + 3 + end - start);
            }
            // The label ends at a space, behind the quote that closes the string.
            if text.contains("://") && text.contains('@') {
                return (start, end - (text.len() - text.trim_end_matches(['"', '\'', ';', ')']).len()));
            }
            // The label ends inside the token: its last part would stay.
            let rest = self
                .input
                .get(end..)
                .expect("a range of characters")
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                .next()
                .unwrap_or_default();
            if text.starts_with("xapp-") {
                return (start, end + rest.len());
            }
            (start, end)
        };
        self.ranges.iter().copied().map(own).collect()
    }
}

#[test]
fn secrets_are_found_byte_for_byte_and_clean_text_stays() {
    let Some(text) = corpus("secrets/secretlint_a.jsonl.gz") else { return };
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
    let gate = Gate::default();
    let mut counts = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let mut expected = case.input.clone();
        for (start, end) in case.secrets().into_iter().rev() {
            expected.replace_range(start..end, GONE);
        }
        // These hold what other cases call a secret: the linter was told by an option to let it pass.
        let told_to_pass =
            case.label == "clean" && (case.name.contains("allows") || case.name.ends_with("Rule-false"));
        let label = if told_to_pass { "by option" } else { case.label.as_str() };
        *counts.entry(label).or_insert(0) += 1;
        if !told_to_pass && *gate.redact(case.input.as_bytes()) != *expected.as_bytes() {
            wrong.push(format!("{} {}", case.rule, case.name));
        }
    }
    println!("{counts:?}");
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(counts, BTreeMap::from([("by option", 4), ("clean", 23), ("secret", 27)]));
}
