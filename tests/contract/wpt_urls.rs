//! The URL cases of web-platform-tests: what the parser gets wrong is listed in `docs/wpt-urls.md`, and no case
//! gets past the gate with another host than the standard says.
//!
//! The suite is not part of the repository: it is looked for in `CALLGATE_CORPORA`, or else in `../shared/corpora`,
//! and where it is absent this says so and passes.

use crate::support::{self, repository};
use callgate::{Action, Gate, Policy};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use url::{Url, quirks};

const SUITE: &str = "ssrf/wpt_urltestdata.json";
const CASES: usize = 891;
const FEWEST_RIGHT: usize = 826;

#[derive(Deserialize)]
struct Case {
    input: String,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    failure: bool,
    #[serde(default)]
    href: String,
    #[serde(default)]
    protocol: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    host: String,
    #[serde(default)]
    hostname: String,
    #[serde(default)]
    port: String,
    #[serde(default)]
    pathname: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    hash: String,
}

impl Case {
    fn parsed(&self) -> Option<Url> {
        let base = self.base.as_deref().map(Url::parse).transpose().ok()?;
        Url::options().base_url(base.as_ref()).parse(&self.input).ok()
    }

    fn is_right(&self, url: Option<&Url>) -> bool {
        let Some(url) = url else { return self.failure };
        !self.failure
            && [
                (quirks::href(url), &self.href),
                (quirks::protocol(url), &self.protocol),
                (quirks::username(url), &self.username),
                (quirks::password(url), &self.password),
                (quirks::host(url), &self.host),
                (quirks::hostname(url), &self.hostname),
                (quirks::port(url), &self.port),
                (quirks::pathname(url), &self.pathname),
                (quirks::search(url), &self.search),
                (quirks::hash(url), &self.hash),
            ]
            .iter()
            .all(|(found, expected)| found == expected)
    }
}

fn cases() -> Option<Vec<Case>> {
    let corpora = std::env::var_os("CALLGATE_CORPORA").map(PathBuf::from);
    let corpora = corpora.unwrap_or_else(|| repository("../shared/corpora"));
    let Ok(text) = std::fs::read_to_string(corpora.join(SUITE)) else {
        assert!(
            std::env::var_os("CALLGATE_REQUIRE_CORPORA").is_none(),
            "the corpora are required but absent"
        );
        support::skip_anywhere("the URL cases of web-platform-tests", "they are not in ../shared/corpora");
        return None;
    };
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    // Strings between the cases are comments.
    let cases = cases.into_iter().filter(serde_json::Value::is_object);
    Some(cases.map(|case| serde_json::from_value(case).unwrap()).collect())
}

/// A gate that judges hosts of every scheme of the suite, so that no case is refused for its scheme.
fn gate(cases: &[Case]) -> Gate {
    let schemes: BTreeSet<_> = cases.iter().filter_map(|case| case.protocol.strip_suffix(':')).collect();
    let mut policy = Policy::default();
    policy.urls.schemes =
        schemes.into_iter().filter(|scheme| !scheme.is_empty()).map(str::to_owned).collect();
    policy.urls.schemes.push("http".to_owned());
    Gate::new(policy).unwrap()
}

#[test]
fn no_case_passes_with_another_host_than_the_standard_says() {
    let Some(cases) = cases() else { return };
    assert_eq!(cases.len(), CASES);
    let gate = gate(&cases);
    let (mut allowed, mut private) = (0, 0);
    for case in &cases {
        let leads_inside = !case.hostname.is_empty()
            && gate
                .check_url(&format!("http://{}/", case.hostname))
                .findings()
                .iter()
                .any(|finding| ["url.private", "url.metadata"].contains(&finding.rule.id()));
        private += usize::from(leads_inside);
        if gate.check_url(&case.input).action() != Action::Allow {
            continue;
        }
        allowed += 1;
        let shown = case.input.escape_debug();
        assert!(!case.failure, "{shown} is no URL");
        assert!(!leads_inside, "{shown} leads inside and is allowed");
        let read = Url::parse(&case.input).unwrap();
        assert_eq!(quirks::hostname(&read), case.hostname, "{shown}");
    }
    assert!(allowed > 100 && private > 100, "{allowed} allowed, {private} private");
}

#[test]
fn what_the_parser_gets_wrong_is_listed() {
    let Some(cases) = cases() else { return };
    let gate = gate(&cases);
    let mut table =
        String::from("| input | base | the standard | the parser | `check_url` |\n|---|---|---|---|---|\n");
    let shown = |text: &str| {
        let text = text.escape_default().to_string().replace('|', "\\|");
        if text.is_empty() || text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
    };
    let mut right = 0;
    for case in &cases {
        let parsed = case.parsed();
        if case.is_right(parsed.as_ref()) {
            right += 1;
            continue;
        }
        let expected = if case.failure { "no URL".to_owned() } else { shown(&case.href) };
        let found = parsed.map_or_else(|| "no URL".to_owned(), |url| shown(url.as_str()));
        let verdict = gate.check_url(&case.input);
        let rules: Vec<_> = verdict.findings().iter().map(|finding| finding.rule.id()).collect();
        let base = case.base.as_deref().map(shown).unwrap_or_default();
        let decision = [&[verdict.action().as_str()], &rules[..]].concat().join(" ");
        writeln!(table, "| {} | {base} | {expected} | {found} | {decision} |", shown(&case.input)).unwrap();
    }
    assert!(right >= FEWEST_RIGHT, "{right} of {} right", cases.len());
    let page = format!(
        "# URLs of web-platform-tests that the parser reads otherwise\n\n\
         Generated by `tests/contract/wpt_urls.rs` (`CALLGATE_BLESS=1` writes it).\n\n\
         The crate `url` is right on {right} of {} cases (`urltestdata.json`); these are the others. The last column is what\n\
         the gate makes of the input alone, with every scheme of the suite allowed: no case of the suite is allowed with\n\
         another host than the standard says, and none that leads inside is allowed at all.\n\n{table}",
        cases.len()
    );
    let file = repository("docs/wpt-urls.md");
    if std::env::var_os("CALLGATE_BLESS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    assert!(std::fs::read_to_string(&file).unwrap_or_default() == page, "docs/wpt-urls.md is out of date");
}
