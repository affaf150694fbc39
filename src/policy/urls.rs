//! What a policy says of URLs and hosts.

use serde::{Deserialize, Serialize};

/// Where a URL or host may lead: arguments of kind `url` and `host`, [`Gate::check_url`](crate::Gate::check_url)
/// and [`Gate::check_address`](crate::Gate::check_address).
///
/// A host of `allowHosts` may be an internal one: naming it says that it is meant. A metadata service is
/// refused in any case, unless `rules` switches `url.metadata` off.
///
/// ```
/// use callgate::{Action, Gate, Policy};
/// let mut policy = Policy::default();
/// policy.urls.allow_hosts = vec!["*.example.com".to_owned(), "localhost".to_owned()];
/// policy.urls.deny_hosts = vec!["old.example.com".to_owned()];
/// let gate = Gate::new(policy)?;
/// assert_eq!(gate.check_url("https://api.example.com/v1").action(), Action::Allow);
/// assert_eq!(gate.check_url("http://localhost:8080/").action(), Action::Allow);
/// assert_eq!(gate.check_url("https://old.example.com/").findings()[0].rule.id(), "url.host");
/// assert_eq!(gate.check_url("https://example.org/").findings()[0].rule.id(), "url.host");
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Urls {
    /// Schemes that a URL may have, in any case and without the colon. Default: `https` and `http`.
    pub schemes: Vec<String>,
    /// Hosts that a URL may have: a name, `*.` and a name for every name below it (not the name itself), or
    /// an address. Default: none named, so that every public host may be.
    pub allow_hosts: Vec<String>,
    /// Hosts that no URL may have, written the same; wins over `allow_hosts`. Default: none.
    pub deny_hosts: Vec<String>,
    /// Whether hosts of this machine and of private networks may be reached. Metadata services and
    /// link-local addresses stay refused. Default: false.
    pub allow_private: bool,
}

impl Default for Urls {
    fn default() -> Self {
        Self {
            schemes: vec!["https".to_owned(), "http".to_owned()],
            allow_hosts: Vec::new(),
            deny_hosts: Vec::new(),
            allow_private: false,
        }
    }
}
