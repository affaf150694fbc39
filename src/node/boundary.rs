//! The one place of the addon that catches panics where `#[napi(catch_unwind)]` does not reach: tasks on the
//! thread pool, and what is registered by hand.

#![forbid(unsafe_code)]

use crate::Error;
use crate::error::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `job`; a panic in it is an `internal` error.
pub(super) fn caught<T>(job: impl FnOnce() -> T) -> Result<T, Error> {
    // AssertUnwindSafe: a job only reads what it shares with other calls.
    catch_unwind(AssertUnwindSafe(job)).map_err(|payload| {
        // Its destructor could panic again.
        std::mem::forget(payload);
        // The panic's own text stays away: it may quote what was being read.
        Error::new(ErrorKind::Internal, "internal failure: a panic was caught")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_does_not_quote_it() {
        assert_eq!(caught(|| 1), Ok(1));
        let error = caught(|| panic!("secret {}", 42)).unwrap_err();
        assert_eq!(error.code(), "internal");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
