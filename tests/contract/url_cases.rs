//! What the shared vectors say of URLs, in groups that have one answer.

use serde::Deserialize;
use serde_json::Value;

/// One group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UrlGroup {
    pub(crate) name: String,
    pub(crate) policy: Option<Value>,
    action: String,
    rules: Vec<String>,
    /// Read by `rules.rs`.
    #[serde(default, rename = "misses")]
    _misses: Vec<String>,
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

impl UrlGroup {
    /// Its cases, one a URL or address.
    pub(crate) fn cases(self) -> impl Iterator<Item = UrlCase> {
        let Self { name: group, policy, action, rules, urls, addresses, .. } = self;
        assert!(urls.is_empty() != addresses.is_empty(), "{group}: urls or addresses");
        let policy = policy.as_ref().map(Value::to_string).unwrap_or_default();
        let urls = urls.into_iter().map(|url| (url, None));
        let addresses = addresses.into_iter().map(|(host, address)| (host, Some(address)));
        urls.chain(addresses).map(move |(text, address)| UrlCase {
            group: group.clone(),
            policy: policy.clone(),
            text,
            address,
            action: action.clone(),
            rules: rules.clone(),
        })
    }
}
