//! The one boundary between C and Rust: every export is one call of [`boundary`].

#![forbid(unsafe_code)]

use super::last_error;
use super::status::{
    CALLGATE_ERR_ARGUMENT, CALLGATE_ERR_INTERNAL, CALLGATE_ERR_PANIC, CALLGATE_ERR_POLICY,
    CALLGATE_ERR_POLICY_UNREADABLE, CALLGATE_ERR_REFUSED, CALLGATE_ERR_UNSUPPORTED,
};
use crate::error::{Error, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why an export did not do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// One of `CALLGATE_ERR_*`.
    pub(super) status: i32,
    /// The stable code that all surfaces share.
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Failure {
    /// A mistake of the C caller.
    pub(super) fn argument(message: &str) -> Self {
        Self { status: CALLGATE_ERR_ARGUMENT, code: "input.type", message: message.to_owned() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::Refused => CALLGATE_ERR_REFUSED,
            ErrorKind::InvalidPolicy => CALLGATE_ERR_POLICY,
            ErrorKind::UnreadablePolicy => CALLGATE_ERR_POLICY_UNREADABLE,
            ErrorKind::InvalidInput | ErrorKind::Closed => CALLGATE_ERR_ARGUMENT,
            ErrorKind::Unsupported => CALLGATE_ERR_UNSUPPORTED,
            ErrorKind::Internal => CALLGATE_ERR_INTERNAL,
        };
        Self { status, code: error.code(), message: error.to_string() }
    }
}

/// Runs the body of an export and turns what comes out of it into a status: the body's own, that of its
/// failure, or [`CALLGATE_ERR_PANIC`]. Failures and panics are kept for `callgate_last_error`.
pub(super) fn boundary(body: impl FnOnce() -> Result<i32, Failure>) -> i32 {
    // AssertUnwindSafe: a body only reads what it shares with other calls, and writes its outputs last.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(status)) => status,
        Ok(Err(failure)) => {
            let status = failure.status;
            last_error::keep(failure);
            status
        }
        Err(payload) => {
            // A payload may panic again when it is dropped; the payload of that panic is leaked, or
            // this would never end.
            if let Err(again) = catch_unwind(AssertUnwindSafe(move || drop(payload))) {
                std::mem::forget(again);
            }
            // The panic's own text stays away: it may quote what was being read.
            last_error::keep(Failure {
                status: CALLGATE_ERR_PANIC,
                code: "internal",
                message: "internal failure: a panic was caught".to_owned(),
            });
            CALLGATE_ERR_PANIC
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::last_error::tests::last_error;

    struct PanicsOnDrop;

    impl Drop for PanicsOnDrop {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }

    #[test]
    fn every_way_out_of_a_body_is_a_status() {
        let refused = || Err(Failure { status: -6, code: "path.symlink", message: "no".to_owned() });
        assert_eq!(boundary(|| Ok(2)), 2);
        assert_eq!(boundary(refused), -6);
        assert_eq!(last_error(), ("path.symlink".to_owned(), "no".to_owned()));
        assert_eq!(boundary(|| panic!("secret {}", 42)), CALLGATE_ERR_PANIC);
        let (code, message) = last_error();
        assert_eq!(code, "internal");
        assert!(!message.contains("secret"), "{message}");
        assert_eq!(boundary(|| std::panic::panic_any(PanicsOnDrop)), CALLGATE_ERR_PANIC);
    }

    #[test]
    fn a_success_leaves_the_last_error_alone() {
        assert_eq!(boundary(|| Err(Failure::argument("first"))), CALLGATE_ERR_ARGUMENT);
        assert_eq!(boundary(|| Ok(0)), 0);
        assert_eq!(last_error().1, "first");
    }

    #[test]
    fn every_kind_of_error_has_a_status_of_its_own_class() {
        for (kind, status, code) in [
            (ErrorKind::InvalidPolicy, CALLGATE_ERR_POLICY, "policy.invalid"),
            (ErrorKind::UnreadablePolicy, CALLGATE_ERR_POLICY_UNREADABLE, "policy.unreadable"),
            (ErrorKind::InvalidInput, CALLGATE_ERR_ARGUMENT, "input.type"),
            (ErrorKind::Unsupported, CALLGATE_ERR_UNSUPPORTED, "platform.unsupported"),
            (ErrorKind::Internal, CALLGATE_ERR_INTERNAL, "internal"),
        ] {
            let failure = Failure::from(Error::new(kind, "why"));
            assert_eq!((failure.status, failure.code, failure.message.as_str()), (status, code, "why"));
        }
    }
}
