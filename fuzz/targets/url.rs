//! No text makes the checks of URLs and hosts panic; what is allowed is a URL for the parser too and leads where the
//! parser says, and findings lie inside the text and in its order.
#![no_main]

use callgate::{Action, Gate, Policy, Verdict};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use url::{Host, Url};

static GATE: LazyLock<Gate> = LazyLock::new(Gate::default);

/// Allows what can be read in one way only, wherever it leads.
static WIDE: LazyLock<Gate> = LazyLock::new(|| {
    let mut policy = Policy::default();
    policy.urls.schemes = ["http", "https", "ws", "wss", "ftp"].map(str::to_owned).to_vec();
    policy.urls.allow_private = true;
    Gate::new(policy).unwrap()
});

fn check(verdict: &Verdict, text: &str) {
    let findings = verdict.findings();
    assert!(findings.is_sorted_by_key(|finding| finding.start));
    for finding in findings {
        let (start, end) = (finding.start.unwrap() as usize, finding.end.unwrap() as usize);
        assert!(text.get(start..end).is_some(), "a range outside of the text");
    }
}

fuzz_target!(|text: &str| {
    let verdict = WIDE.check_url(text);
    check(&verdict, text);
    if verdict.action() == Action::Allow {
        let url = Url::parse(text).expect("an allowed URL is one");
        let host = url.host().expect("an allowed URL has a host");
        // The parser's own spelling of the URL is judged the same.
        let strict = GATE.check_url(text);
        let spelled = GATE.check_url(url.as_str());
        let rules = |verdict: &Verdict| verdict.findings().iter().map(|finding| finding.rule).collect::<Vec<_>>();
        assert_eq!(rules(&strict), rules(&spelled));
        let inside = match host {
            Host::Ipv4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
            Host::Ipv6(address) => address.is_loopback() || address.is_multicast(),
            Host::Domain(name) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
        };
        assert!(!inside || strict.action() == Action::Deny, "an internal host is allowed");
    }
    check(&GATE.check_address(text, [8, 8, 8, 8].into()), text);
    assert_eq!(GATE.check_address(text, [127, 0, 0, 1].into()).action(), Action::Deny);
});
