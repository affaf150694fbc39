//! Names of hosts: which of them are internal, and the patterns of a policy.

use super::address::Reach;
use std::borrow::Cow;
use std::net::IpAddr;

/// A host as the parser read it: a name in lower case with its labels in ASCII, or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host<'a> {
    Name(Cow<'a, str>),
    Address(IpAddr),
}

impl Host<'_> {
    /// Reads a host by the WHATWG's rules for http; IPv6 in brackets.
    pub(super) fn parse(text: &str) -> Option<Host<'static>> {
        url::Host::parse(text).ok().map(Host::from)
    }

    /// Where the host leads, as far as its text tells.
    pub(crate) fn reach(&self) -> Reach {
        match self {
            Self::Name(name) => name_reach(name.strip_suffix('.').unwrap_or(name)),
            Self::Address(address) => super::address::classify(*address),
        }
    }
}

impl From<url::Host<String>> for Host<'static> {
    fn from(host: url::Host<String>) -> Self {
        match host {
            url::Host::Domain(name) => Self::Name(Cow::Owned(name)),
            url::Host::Ipv4(address) => Self::Address(address.into()),
            url::Host::Ipv6(address) => Self::Address(address.into()),
        }
    }
}

/// The other reading of a name: older clients (IDNA 2003) read `ß` as `ss` and `ς` as `σ`, and drop the joiners, which
/// newer ones keep. `written` is what the name was read from: who writes a label in ASCII has one reading.
pub(super) fn other_reading(written: &str, name: &str) -> Option<String> {
    if !name.contains("xn--") {
        return None;
    }
    let written = written.to_ascii_lowercase();
    let label = |label: &str| {
        if !label.starts_with("xn--") || written.contains(label) {
            return label.to_owned();
        }
        let (unicode, _) = idna::domain_to_unicode(label);
        unicode.replace('ß', "ss").replace('ς', "σ").replace(['\u{200c}', '\u{200d}'], "")
    };
    let read: Vec<_> = name.split('.').map(label).collect();
    let other = idna::domain_to_ascii(&read.join(".")).ok()?;
    (other != name).then_some(other)
}

/// Names that clouds give to their metadata services.
const METADATA: &[&str] = &[
    "metadata",
    "instance-data",
    "rancher-metadata",
    "metadata.google.internal",
    "metadata.goog",
    "metadata.azure.internal",
    "instance-data.ec2.internal",
    "metadata.tencentyun.com",
    "metadata.platformequinix.com",
    "metadata.packet.net",
    "metadata.exoscale.com",
    "api.metadata.cloud.ibm.com",
    "metadata.oraclecloud.internal",
];

/// Last labels that no public name has: special-use names, those that ICANN keeps back, and habits of
/// networks. Not `example` and `test`, which lead nowhere.
const INTERNAL: &[&str] = &[
    "cluster",
    "consul",
    "corp",
    "dmz",
    "home",
    "internal",
    "intern",
    "intra",
    "intranet",
    "lan",
    "local",
    "localdomain",
    "localdomain4",
    "localdomain6",
    "localhost",
    "localhost4",
    "localhost6",
    "localnet",
    "mail",
    "priv",
    "private",
    "router",
    "svc",
    "vpn",
    "workgroup",
];

/// Longer suffixes that stay inside a network.
const INTERNAL_BELOW: &[&str] = &["home.arpa", "10.in-addr.arpa", "fritz.box", "kubernetes.docker"];

/// Public services whose names stand for any address that is written into them, or for this machine.
const STAND_INS: &[&str] = &[
    "1u.ms",
    "backname.io",
    "fuf.me",
    "lacolhost.com",
    "localho.st",
    "localtest.me",
    "lvh.me",
    "nip.io",
    "rbndr.us",
    "readme.localtest.me",
    "rebind.network",
    "sslip.io",
    "traefik.me",
    "vcap.me",
    "xip.io",
];

/// Whether `name` is `suffix` or lies below it.
fn is_below(name: &str, suffix: &str) -> bool {
    name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn name_reach(name: &str) -> Reach {
    if METADATA.contains(&name) {
        return Reach::Metadata("the name of a cloud's metadata service");
    }
    let Some((_, last)) = name.rsplit_once('.') else {
        return Reach::Private("a name without a dot, which only a local network knows");
    };
    if INTERNAL.contains(&last) || INTERNAL_BELOW.iter().any(|suffix| is_below(name, suffix)) {
        return Reach::Private("a name of this machine or of an internal network");
    }
    if STAND_INS.iter().any(|suffix| is_below(name, suffix)) {
        return Reach::Private("a public name that stands for any address or for this machine");
    }
    Reach::Public
}

/// An entry of `urls.allowHosts` or `urls.denyHosts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pattern {
    Name(String),
    /// Every name that ends in this, which starts with a dot.
    Below(String),
    Address(IpAddr),
}

impl Pattern {
    pub(super) fn parse(entry: &str) -> Result<Self, &'static str> {
        const WRONG: &str =
            "a host is a name, \"*.\" and a name, or an address, without scheme, port and path";
        let (below, text) = entry.strip_prefix("*.").map_or((false, entry), |rest| (true, rest));
        // A bare IPv6 address is no host of a URL, but is what people write.
        let host = match text.parse::<std::net::Ipv6Addr>() {
            Ok(address) => Host::Address(address.into()),
            Err(_) => Host::parse(text).ok_or(WRONG)?,
        };
        match host {
            Host::Address(_) if below => Err(WRONG),
            Host::Address(address) => Ok(Self::Address(address.to_canonical())),
            Host::Name(name) => {
                let name = name.strip_suffix('.').unwrap_or(&name);
                if !super::parse::is_plain_name(name) {
                    return Err(WRONG);
                }
                Ok(if below { Self::Below(format!(".{name}")) } else { Self::Name(name.to_owned()) })
            }
        }
    }

    /// The same for the other reading of the entry, where it has one.
    pub(super) fn other(&self, entry: &str) -> Option<Self> {
        match self {
            Self::Name(name) => other_reading(entry, name).map(Self::Name),
            Self::Below(name) => {
                other_reading(entry, name.trim_start_matches('.')).map(|name| Self::Below(format!(".{name}")))
            }
            Self::Address(_) => None,
        }
    }

    pub(super) fn matches(&self, host: &Host<'_>) -> bool {
        match (self, host) {
            (Self::Name(own), Host::Name(name)) => own == name.strip_suffix('.').unwrap_or(name),
            (Self::Below(own), Host::Name(name)) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                name.len() > own.len() && name.ends_with(own.as_str())
            }
            // ::ffff:10.0.0.1 is 10.0.0.1.
            (Self::Address(own), Host::Address(address)) => *own == address.to_canonical(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_where_they_lead() {
        for (name, expected) in [
            ("example.com", "public"),
            ("www.example", "public"),
            ("api.test", "public"),
            ("internal.example.com", "public"),
            ("localhost.example.com", "public"),
            ("mylocal.net", "public"),
            ("xn--lan-x.de", "public"),
            ("notnip.io", "public"),
            ("mail.example.com", "public"),
            ("metadata.example.com", "public"),
            ("localhost", "private"),
            ("localhost.", "private"),
            ("app.localhost", "private"),
            ("localhost.localdomain", "private"),
            ("ip6-localhost", "private"),
            ("db", "private"),
            ("nas.local", "private"),
            ("nas.local.", "private"),
            ("box.home.arpa", "private"),
            ("home.arpa", "private"),
            ("host.docker.internal", "private"),
            ("kubernetes.default.svc", "private"),
            ("a.b.svc.cluster.local", "private"),
            ("fritz.box", "private"),
            ("127.0.0.1.nip.io", "private"),
            ("7f000001.sslip.io", "private"),
            ("localtest.me", "private"),
            ("metadata", "metadata"),
            ("metadata.google.internal", "metadata"),
            ("metadata.google.internal.", "metadata"),
            ("metadata.goog", "metadata"),
            ("metadata.tencentyun.com", "metadata"),
        ] {
            let found = match Host::Name(name.into()).reach() {
                Reach::Public => "public",
                Reach::Private(_) => "private",
                Reach::Metadata(_) => "metadata",
            };
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, hosts, others) in [
            ("example.com", "example.com example.com.", "www.example.com example.org anexample.com"),
            ("Example.COM.", "example.com", "example.com.evil"),
            ("*.example.com", "a.example.com a.b.example.com.", "example.com aexample.com .example.com"),
            ("münchen.de", "xn--mnchen-3ya.de", "munchen.de"),
            ("10.0.0.1", "10.0.0.1 [::ffff:10.0.0.1]", "10.0.0.2"),
            ("[::1]", "[::1]", "[::2] 0.0.0.1"),
            ("::1", "[::1]", "localhost"),
        ] {
            let parsed = Pattern::parse(pattern).expect(pattern);
            let host = |text| Host::parse(text).unwrap_or(Host::Name(Cow::Borrowed(text)));
            for text in hosts.split(' ') {
                assert!(parsed.matches(&host(text)), "{pattern} {text}");
            }
            for text in others.split(' ') {
                assert!(!parsed.matches(&host(text)), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn what_is_no_pattern() {
        for entry in [
            "",
            "*",
            "*.",
            "**.a.com",
            "a.*.com",
            "*a.com",
            "https://a.com",
            "a.com/x",
            "a.com:80",
            "a b",
            "u@a.com",
            "*.10.0.0.1",
            "10.0.0.0/8",
            "a..b",
            "-a.com",
            "a;b",
        ] {
            assert!(Pattern::parse(entry).is_err(), "{entry}");
        }
    }
}
