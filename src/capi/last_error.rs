//! Why the last failing call of a thread failed.

use super::boundary::{Failure, boundary};
use super::pointer::Out;
use super::status::CALLGATE_OK;
use super::verdict::Text;
use std::cell::RefCell;

/// Longer messages are cut (bytes): a policy fault names a pointer, which may be long.
const MAX_MESSAGE_BYTES: usize = 1024;

struct LastError {
    code: &'static str,
    message: String,
}

thread_local! {
    static LAST: RefCell<LastError> = const { RefCell::new(LastError { code: "", message: String::new() }) };
}

/// Keeps a failure for `callgate_last_error` of this thread. Never panics: it runs after a panic.
pub(super) fn keep(failure: Failure) {
    let Failure { code, mut message, .. } = failure;
    let end = (0..=MAX_MESSAGE_BYTES).rev().find(|end| message.is_char_boundary((*end).min(message.len())));
    message.truncate(end.unwrap_or_default());
    // Fails only while the thread ends; there is nobody left to ask then.
    let _ = LAST.try_with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            *last = LastError { code, message };
        }
    });
}

/// Why the last call on this thread that failed did fail: a stable code, such as "policy.invalid" or the id
/// of a rule, and a message of at most 1024 bytes that names neither argument values nor paths of the host.
///
/// Both texts are empty when no call failed yet. They are callgate's and stay until the next call on this
/// thread that fails. A call that succeeds leaves them alone.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when both outputs are NULL; either alone may be.
///
/// # Safety
/// - `code` and `message` are each NULL or may be written as one `callgate_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_last_error(code: *mut Text, message: *mut Text) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `code` is NULL or may be written.
        let code = unsafe { Out::optional(code) }?;
        // SAFETY: the C caller guarantees that `message` is NULL or may be written.
        let message = unsafe { Out::optional(message) }?;
        if code.is_none() && message.is_none() {
            return Err(Failure::argument("both outputs are NULL"));
        }
        let texts = LAST.try_with(|last| {
            let last = last.try_borrow().ok()?;
            Some((Text::of(last.code), Text::of(&last.message)))
        });
        let (kept_code, kept_message) = texts.ok().flatten().unwrap_or((Text::of(""), Text::of("")));
        if let Some(out) = code {
            out.write(kept_code);
        }
        if let Some(out) = message {
            out.write(kept_message);
        }
        Ok(CALLGATE_OK)
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The code and message that `callgate_last_error` hands out on this thread.
    pub(in crate::capi) fn last_error() -> (String, String) {
        let (mut code, mut message) = (Text::of(""), Text::of(""));
        // SAFETY: both outputs are ours.
        assert_eq!(unsafe { callgate_last_error(&raw mut code, &raw mut message) }, CALLGATE_OK);
        (code.to_string(), message.to_string())
    }

    #[test]
    fn messages_are_bounded_and_cut_between_characters() {
        for (message, kept) in [
            ("short".to_owned(), 5),
            ("\u{e9}".repeat(2000), 1024),
            (format!("x{}", "\u{e9}".repeat(2000)), 1023),
        ] {
            keep(Failure { status: -4, code: "policy.invalid", message });
            assert_eq!(last_error().1.len(), kept);
        }
    }

    #[test]
    fn each_thread_has_its_own() {
        keep(Failure::argument("here"));
        let other = std::thread::spawn(last_error).join().unwrap();
        assert_eq!(other, (String::new(), String::new()));
        assert_eq!(last_error().1, "here");
    }
}
