//! The shared vectors of URLs: `tests/vectors/urls.json`, described at its head.

use crate::support::read;
use serde::Deserialize;
use serde_json::Value;

/// One group of cases that have one answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    #[serde(default)]
    policy: Option<Value>,
    action: String,
    rules: Vec<String>,
    #[serde(default)]
    urls: Vec<String>,
    #[serde(default)]
    addresses: Vec<(String, String)>,
}

/// One case.
#[derive(Debug)]
pub(crate) struct UrlCase {
    pub(crate) group: String,
    /// Empty for the default policy.
    pub(crate) policy: String,
    /// The URL, or the host where there is an address.
    pub(crate) text: String,
    pub(crate) address: Option<String>,
    pub(crate) action: String,
    pub(crate) rules: Vec<String>,
}

impl UrlCase {
    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, action: &str, rules: &[String]) -> Option<String> {
        let same = action == self.action && rules == self.rules;
        (!same).then(|| {
            let Self { group, text, address, action: expected, rules: expected_rules, .. } = self;
            format!("{group}: {text:?} {address:?}: expected {expected} {expected_rules:?}, got {action} {rules:?}")
        })
    }
}

/// All cases.
pub(crate) fn url_cases() -> Vec<UrlCase> {
    #[derive(Deserialize)]
    struct Vectors {
        cases: Vec<Group>,
    }
    let Vectors { cases } = serde_json::from_str(&read("tests/vectors/urls.json")).unwrap();
    let mut flat = Vec::new();
    for group in cases {
        assert!(group.urls.is_empty() != group.addresses.is_empty(), "{}: urls or addresses", group.name);
        let urls = group.urls.into_iter().map(|url| (url, None));
        let addresses = group.addresses.into_iter().map(|(host, address)| (host, Some(address)));
        for (text, address) in urls.chain(addresses) {
            flat.push(UrlCase {
                group: group.name.clone(),
                policy: group.policy.as_ref().map(Value::to_string).unwrap_or_default(),
                text,
                address,
                action: group.action.clone(),
                rules: group.rules.clone(),
            });
        }
    }
    flat
}
