//! Verdicts for C: an opaque handle, and views of its findings.

use super::boundary::{Failure, boundary};
use super::pointer::{self, Out};
use super::status::{CALLGATE_ALLOW, CALLGATE_DENY, CALLGATE_FLAG, CALLGATE_OK};
use crate::rules::{Action, Severity};
use crate::verdict::{Finding, Verdict};
use std::ffi::c_char;

/// Odd, rarely harmful.
pub const CALLGATE_SEVERITY_LOW: i32 = 0;
/// Parsers or file systems may disagree on what this means.
pub const CALLGATE_SEVERITY_MEDIUM: i32 = 1;
/// A known way to exhaust, confuse or step around a server.
pub const CALLGATE_SEVERITY_HIGH: i32 = 2;
/// Reads, writes or reaches what it must not.
pub const CALLGATE_SEVERITY_CRITICAL: i32 = 3;

/// UTF-8 text that callgate owns: `len` bytes and no NUL at the end. `data` is never NULL.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Text {
    /// The first byte.
    pub data: *const c_char,
    /// Bytes.
    pub len: usize,
}

impl Text {
    /// A view of `text`; whoever hands it to C says how long it stays.
    pub(super) fn of(text: &str) -> Self {
        Self { data: text.as_ptr().cast(), len: text.len() }
    }
}

/// What a finding says. The texts belong to the verdict or path that was asked, and go with it.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct FindingView {
    /// The id of the rule, such as "json.duplicate-key".
    pub rule: Text,
    /// JSON Pointer (RFC 6901) into the arguments; empty for the whole of them.
    pub pointer: Text,
    /// What was wrong, and what was expected.
    pub message: Text,
    /// First byte of the matched range in the input; 0 when `has_range` is 0.
    pub start: u64,
    /// One past the last byte of the matched range; 0 when `has_range` is 0.
    pub end: u64,
    /// `CALLGATE_FLAG` or `CALLGATE_DENY`.
    pub action: i32,
    /// `CALLGATE_SEVERITY_*`.
    pub severity: i32,
    /// 1 when `start` and `end` mean something, else 0.
    pub has_range: i32,
    /// 1 when the kind of the argument was guessed, else 0.
    pub inferred: i32,
    /// The narrowest policy member that changes this outcome; empty where none does.
    pub member: Text,
    /// What a schema expected; empty where none did.
    pub expected: Text,
}

impl FindingView {
    pub(super) fn of(finding: &Finding) -> Self {
        let range = finding.start.zip(finding.end);
        let (start, end) = range.unwrap_or_default();
        Self {
            rule: Text::of(finding.rule.id()),
            pointer: Text::of(&finding.pointer),
            message: Text::of(&finding.message),
            start,
            end,
            action: action_status(finding.action),
            severity: match finding.severity {
                Severity::Low => CALLGATE_SEVERITY_LOW,
                Severity::Medium => CALLGATE_SEVERITY_MEDIUM,
                Severity::High => CALLGATE_SEVERITY_HIGH,
                Severity::Critical => CALLGATE_SEVERITY_CRITICAL,
            },
            has_range: i32::from(range.is_some()),
            inferred: i32::from(finding.inferred),
            member: Text::of(finding.member.as_deref().unwrap_or_default()),
            expected: Text::of(finding.expected.as_deref().unwrap_or_default()),
        }
    }

    /// The finding at `index`.
    pub(super) fn nth(findings: &[Finding], index: usize) -> Result<Self, Failure> {
        findings.get(index).map(Self::of).ok_or_else(|| Failure::argument("no finding has this index"))
    }
}

/// The status of an action.
pub(super) fn action_status(action: Action) -> i32 {
    match action {
        Action::Allow => CALLGATE_ALLOW,
        Action::Flag => CALLGATE_FLAG,
        Action::Deny => CALLGATE_DENY,
    }
}

/// A verdict: an action, and the findings in the order of the bytes. Immutable, so that any thread may read
/// it; freed with `callgate_verdict_free()`.
#[derive(Debug)]
pub struct VerdictHandle(Verdict);

/// Every verdict without findings is this one, so that an allowed call allocates nothing.
static ALLOWED: VerdictHandle = VerdictHandle(Verdict::ALLOWED);

impl VerdictHandle {
    /// A handle for C, which `callgate_verdict_free` takes back.
    pub(super) fn give(verdict: Verdict) -> *mut Self {
        if verdict == Verdict::ALLOWED {
            (&raw const ALLOWED).cast_mut()
        } else {
            pointer::give(Self(verdict))
        }
    }
}

/// The action of a verdict: `CALLGATE_ALLOW`, `CALLGATE_FLAG` or `CALLGATE_DENY`.
///
/// Returns the action, or `CALLGATE_ERR_ARGUMENT` when `verdict` is NULL.
///
/// # Safety
/// - `verdict` is NULL, or came from callgate and was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_verdict_action(verdict: *const VerdictHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `verdict` is NULL or alive for this call.
        let verdict = unsafe { pointer::shared(verdict) }?;
        Ok(action_status(verdict.0.action()))
    })
}

/// Writes to `count` how many findings a verdict has: at most 32.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL.
///
/// # Safety
/// - `verdict` is NULL, or came from callgate and was not freed.
/// - `count` is NULL, or may be written as one `size_t`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_verdict_count(verdict: *const VerdictHandle, count: *mut usize) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `verdict` is NULL or alive for this call.
        let verdict = unsafe { pointer::shared(verdict) }?;
        // SAFETY: the C caller guarantees that `count` is NULL or may be written.
        let count = unsafe { Out::new(count) }?;
        count.write(verdict.0.findings().len());
        Ok(CALLGATE_OK)
    })
}

/// Writes to `finding` what the finding at `index` says; the first is at 0. Its texts stay until the verdict
/// is freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL or `index` is past the last
/// finding.
///
/// # Safety
/// - `verdict` is NULL, or came from callgate and was not freed.
/// - `finding` is NULL, or may be written as one `callgate_finding`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_verdict_finding(
    verdict: *const VerdictHandle,
    index: usize,
    finding: *mut FindingView,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `verdict` is NULL or alive for this call.
        let verdict = unsafe { pointer::shared(verdict) }?;
        // SAFETY: the C caller guarantees that `finding` is NULL or may be written.
        let finding = unsafe { Out::new(finding) }?;
        finding.write(FindingView::nth(verdict.0.findings(), index)?);
        Ok(CALLGATE_OK)
    })
}

/// Frees a verdict; NULL is fine. Texts of its findings are gone with it.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `verdict` is NULL, or came from callgate and was not freed.
/// - No thread uses it, or a text of it, during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_verdict_free(verdict: *mut VerdictHandle) -> i32 {
    boundary(|| {
        if std::ptr::eq(verdict, &raw const ALLOWED) {
            return Ok(CALLGATE_OK);
        }
        // SAFETY: the C caller guarantees that `verdict` is NULL, or a handle whose last use this is; it is
        // not the static one (checked above), so `pointer::give` made it.
        unsafe { pointer::free(verdict) }?;
        Ok(CALLGATE_OK)
    })
}

#[cfg(test)]
impl std::fmt::Display for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // SAFETY: tests show texts while their owner is alive.
        let text = unsafe { pointer::text(self.data, self.len) };
        formatter.write_str(text.map_err(|_| std::fmt::Error)?)
    }
}
