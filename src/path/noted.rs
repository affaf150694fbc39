//! What was found about paths and only flagged, while something is done with them: operations answer what was done, and
//! not what spoke against it.

#![forbid(unsafe_code)]

use crate::verdict::Finding;
use std::cell::RefCell;

thread_local! {
    /// The flags of the operation that runs on this thread, where somebody asks for them.
    static NOTED: RefCell<Option<Vec<Finding>>> = const { RefCell::new(None) };
}

/// Does a job; answers also what was flagged meanwhile, each finding once.
#[cfg(all(feature = "node", not(test)))]
pub(crate) fn noting<T>(job: impl FnOnce() -> T) -> (T, Vec<Finding>) {
    let before = NOTED.replace(Some(Vec::new()));
    let done = job();
    (done, NOTED.replace(before).unwrap_or_default())
}

/// Notes what was flagged.
pub(super) fn note(findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    NOTED.with_borrow_mut(|noted| {
        if let Some(noted) = noted {
            for finding in findings {
                // What changes while it is looked at is looked at again.
                if !noted.contains(finding) {
                    noted.push(finding.clone());
                }
            }
        }
    });
}
