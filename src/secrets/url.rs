//! Addresses with a password: `scheme://user:password@host`.

#![forbid(unsafe_code)]

use super::Report;
use super::chars::{self, ALNUM};
use super::placeholder::{holds_word, is_example_password, is_placeholder};
use crate::rules::Rule;
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// Builds what looks for addresses.
pub(super) fn warm() {
    LazyLock::force(&MARK);
}

static MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("://"));

/// The longest name, password and host together (bytes).
const LONGEST: usize = 1024;

/// Schemes of databases and queues: all of such an address goes, as its parameters often hold credentials too.
const STORES: &[&str] = &[
    "postgres",
    "postgresql",
    "mysql",
    "mysqlx",
    "mariadb",
    "mongodb",
    "mongodb+srv",
    "redis",
    "rediss",
    "valkey",
    "amqp",
    "amqps",
    "mssql",
    "sqlserver",
    "oracle",
    "cockroachdb",
    "clickhouse",
    "cassandra",
    "couchdb",
    "neo4j",
    "bolt",
    "nats",
    "kafka",
    "memcached",
    "influxdb",
    "snowflake",
    "redshift",
    "libsql",
    "db2",
    "ldap",
    "ldaps",
    "smtp",
    "smtps",
    "imap",
    "imaps",
];

/// Whether a scheme is that of a database or queue.
pub(super) fn is_store(scheme: &[u8]) -> bool {
    STORES.iter().any(|store| store.as_bytes().eq_ignore_ascii_case(scheme))
}

pub(crate) fn scan(text: &[u8], report: &mut impl Report) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| MARK.find(rest)) {
        let mark = from + at;
        from = mark + 3;
        if let Some(range) = address(text, mark) {
            from = from.max(range.end);
            report(Rule::SecretConnection, range, "an address with a password");
        }
    }
}

/// The address around the `://` at `mark`, where it has a password.
fn address(text: &[u8], mark: usize) -> Option<Range<usize>> {
    let name = text
        .get(..mark)?
        .iter()
        .rev()
        .take(32)
        .take_while(|byte| chars::is(**byte, ALNUM) || b"+-.".contains(byte))
        .count();
    // In `\thttps://` the first letter is part of a tab.
    let escaped = text.get(..mark - name).is_some_and(|before| before.ends_with(b"\\"))
        && text.get(mark - name).is_some_and(|byte| b"bfnrt".contains(byte));
    let name = name - usize::from(escaped);
    let scheme = text.get(mark - name..mark)?;
    if name < 2 || !chars::is(*scheme.first()?, chars::LETTER) {
        return None;
    }
    let rest = text.get(mark + 3..)?;
    // `mysql+pymysql` names the driver behind the store.
    let kind = scheme.split(|byte| *byte == b'+').next().unwrap_or_default();
    let store = is_store(scheme) || is_store(kind);
    let slash = rest.iter().take(LONGEST).take_while(|byte| !ends_authority(**byte)).count();
    let behind = || if store { login(rest, authority_behind_slash(rest, slash)?) } else { None };
    let (at, authority) = login(rest, slash).or_else(behind)?;
    let host = rest.get(at + 1..authority)?;
    if host.is_empty() || is_placeholder(host) && !store || is_example_host(host) && !store {
        return None;
    }
    let mut end = if store { address_end(rest, authority) } else { host_end(rest, at + 1, authority) };
    while end > at + 1 && rest.get(end - 1).is_some_and(|byte| b".,;:!?".contains(byte)) {
        end -= 1;
    }
    let start = mark - name;
    let start = text.get(..start).filter(|before| before.ends_with(b"jdbc:")).map_or(start, |_| start - 5);
    Some(start..mark + 3 + end)
}

/// The `@` behind a name and password, and the end of the authority which they stand in.
fn login(rest: &[u8], authority: usize) -> Option<(usize, usize)> {
    // A password may hold the mark itself: the last one counts.
    let at = memchr::memrchr(b'@', rest.get(..authority)?)?;
    let colon = memchr::memchr(b':', rest.get(..at)?)?;
    is_password(rest.get(..colon)?, rest.get(colon + 1..at)?).then_some((at, authority))
}

/// The end of an authority whose password holds `/`, `?` or `#` as it is, which is the address of no database otherwise.
fn authority_behind_slash(rest: &[u8], slash: usize) -> Option<usize> {
    let before = rest.get(..slash)?;
    let host = memchr::memrchr(b'@', before);
    let last = before.get(host.unwrap_or_default()..)?;
    // A port is no password.
    let port = memchr::memchr(b':', last).and_then(|colon| last.get(colon + 1..));
    if port.map_or(host.is_none(), |port| port.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let ends = |byte: u8| ends_authority(byte) && !b"/?#".contains(&byte);
    let most = rest.iter().take(LONGEST).take_while(|byte| !ends(**byte)).count();
    let at = memchr::memchr(b'@', rest.get(slash..most)?)? + slash;
    // Behind a host the `@` may stand in a parameter.
    if host.is_some() && is_parameter(rest.get(slash..at)?) {
        return None;
    }
    Some(at + rest.get(at..most)?.iter().take_while(|byte| !ends_authority(**byte)).count())
}

/// Whether a text holds the parameters of an address: `?name=`.
fn is_parameter(text: &[u8]) -> bool {
    let Some(mark) = memchr::memchr(b'?', text) else { return false };
    let name = text.get(mark + 1..).unwrap_or_default();
    let len = name.iter().take_while(|byte| chars::is(**byte, chars::DOTTED)).count();
    len > 0 && name.get(len) == Some(&b'=')
}

fn is_password(user: &[u8], password: &[u8]) -> bool {
    // A token takes the name's place where the password is one of these.
    if [&b"x-oauth-basic"[..], b"x-oauth-token"].contains(&password) {
        return user.len() >= 16 && !is_placeholder(user);
    }
    let same = password.eq_ignore_ascii_case(user);
    // PASSWORD, db_password: a name of the thing, where no digit says otherwise.
    let name = holds_word(password, b"password") && !password.iter().any(u8::is_ascii_digit);
    !(same || name || is_example_password(password) || is_placeholder(user) || password.contains(&b'{'))
}

/// Hosts of documentation (RFC 2606, RFC 6761).
fn is_example_host(host: &[u8]) -> bool {
    let host = host.split(|byte| *byte == b':').next().unwrap_or_default().to_ascii_lowercase();
    let last = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let names = [&b"example"[..], b"test", b"invalid", b"localhost"];
    names.contains(&last)
        || host.ends_with(b"example.com")
        || host.ends_with(b"example.org")
        || host.ends_with(b"example.net")
        || !host.contains(&b'.')
}

/// A space, a control character, a quote or the beginning of the path ends the authority.
fn ends_authority(byte: u8) -> bool {
    matches!(byte, 0..=b' ' | b'/' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\')
}

/// The end of a host and port.
fn host_end(rest: &[u8], from: usize, authority: usize) -> usize {
    from + rest
        .get(from..authority)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| chars::is(**byte, chars::DOTTED) || b":[]%".contains(byte))
        .count()
}

/// The end of path and parameters.
fn address_end(rest: &[u8], from: usize) -> usize {
    let tail = rest.get(from..).unwrap_or_default();
    from + tail.iter().take(LONGEST).take_while(|byte| **byte > b' ' && !b"\"'`<>\\)}".contains(byte)).count()
}
