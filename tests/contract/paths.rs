//! The shared vectors of paths through Rust. The same files run through C (`capi.rs`) and Node (`__test__`).

use crate::cases::vectors;
use crate::tree::{PathAnswer, PathCase, Resolved};
use callgate::{Action, FileKind, Finding, Gate, PathOptions};

fn rules(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| finding.rule.id().to_owned()).collect()
}

fn answer(case: &PathCase) -> PathAnswer {
    let gate = Gate::from_json(case.policy_text().as_bytes()).expect(&case.name);
    let mut options = PathOptions::default();
    if let Some(intent) = &case.intent {
        options.intent = serde_json::from_value(intent.as_str().into()).expect("an intent");
    }
    options.base.clone_from(&case.base);
    let resolved = match gate.resolve_path(&case.path, &options) {
        Ok(resolved) => {
            assert_eq!(resolved.exists(), resolved.kind() != FileKind::Missing, "{}", case.name);
            Resolved::Path {
                path: resolved.path().to_owned(),
                relative: resolved.relative().to_owned(),
                root: resolved.root().to_owned(),
                kind: format!("{:?}", resolved.kind()).to_lowercase(),
                flags: rules(resolved.findings()),
            }
        }
        Err(error) => {
            let finding = error.finding().expect("a refusal has a finding");
            assert_eq!((finding.rule.id(), finding.action), (error.code(), Action::Deny), "{}", case.name);
            assert!(!error.to_string().contains(&case.root), "{}: {error}", case.name);
            Resolved::Refused(error.code().to_owned())
        }
    };
    let checked = gate.check_path(&case.path, &options);
    PathAnswer { resolved, check: checked.action().as_str().to_owned(), found: rules(checked.findings()) }
}

#[test]
fn paths_are_answered_as_written_down() {
    let vectors = vectors();
    let differences: Vec<String> =
        vectors.paths.iter().filter_map(|case| case.difference(&answer(case))).collect();
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn a_difference_is_seen() {
    for case in &vectors().paths {
        let right = answer(case);
        let other_rule = Resolved::Refused("path.nul.not".to_owned());
        let wrong = [
            PathAnswer { resolved: other_rule, check: right.check.clone(), found: right.found.clone() },
            PathAnswer { check: "observe".to_owned(), ..answer(case) },
            PathAnswer { found: vec!["path.other".to_owned()], ..answer(case) },
        ];
        assert_eq!(case.difference(&right), None);
        for wrong in wrong {
            assert!(case.difference(&wrong).is_some(), "{}: {wrong:?}", case.name);
        }
    }
}
