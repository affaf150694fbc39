//! What unit tests share.

use proptest::prelude::ProptestConfig;

/// Properties tried with so many cases, or with as many as `PROPTEST_CASES` says: fewer where a tool that watches
/// memory makes each one slow.
pub(crate) fn properties(cases: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    let cases = if cfg!(miri) { 4 } else { wanted.unwrap_or(cases) };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}
