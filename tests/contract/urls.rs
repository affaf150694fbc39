//! The shared vectors of URLs through Rust. The same run through C (`capi.rs`) and Node (`__test__`).

use crate::cases::vectors;
use crate::url_cases::UrlCase;
use callgate::{Gate, Rule, Verdict};
use std::collections::HashSet;

fn verdict(case: &UrlCase) -> Verdict {
    let gate =
        if case.policy.is_empty() { Ok(Gate::default()) } else { Gate::from_json(case.policy.as_bytes()) };
    let gate = gate.unwrap_or_else(|error| panic!("{}: {error}", case.group));
    match &case.address {
        Some(address) => gate.check_address(&case.text, address.parse().expect("an address")),
        None => gate.check_url(&case.text),
    }
}

#[test]
fn verdicts_are_the_ones_written_down() {
    let mut differences = Vec::new();
    for case in &vectors().urls {
        let verdict = verdict(case);
        let rules: Vec<_> = verdict.findings().iter().map(|finding| finding.rule.id().to_owned()).collect();
        differences.extend(case.difference(verdict.action().as_str(), &rules));
        for finding in verdict.findings() {
            let (start, end) = (finding.start.expect("a range"), finding.end.expect("a range"));
            assert!(start <= end && end <= case.text.len() as u64, "{}", case.text);
            assert!(case.text.len() < 6 || !finding.message.contains(&case.text), "{}", finding.message);
        }
    }
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn the_table_is_as_large_as_promised() {
    let cases = vectors().urls;
    let texts = |action: &str, reach: bool| {
        let cases = cases.iter().filter(|case| case.policy.is_empty() && case.address.is_none());
        let of_action = cases.filter(|case| case.action == action);
        let to_private = |case: &&UrlCase| {
            !reach || case.rules.iter().any(|rule| rule == "url.private" || rule == "url.metadata")
        };
        of_action.filter(to_private).map(|case| case.text.clone()).collect::<HashSet<_>>().len()
    };
    assert!(texts("deny", true) >= 150, "{} spellings of private hosts", texts("deny", true));
    assert!(texts("allow", false) >= 60, "{} public URLs", texts("allow", false));
}

#[test]
fn every_rule_of_urls_is_caught_somewhere() {
    let cases = vectors().urls;
    let rules = Rule::ALL.iter().map(|rule| rule.id()).filter(|id| id.starts_with("url."));
    for rule in rules {
        assert!(
            cases.iter().any(|case| case.rules.iter().any(|id| id == rule)),
            "no vector is caught by {rule}"
        );
    }
}
