//! Pointers of C callers: the one place where NULL, length and alignment are checked.

use super::boundary::Failure;
use std::ffi::c_char;
use std::ptr::NonNull;

/// The bytes that C handed in; NULL with length 0 is empty.
///
/// # Safety
/// - `data` is NULL, or points to `len` readable bytes that nobody writes during `'a`.
/// - `'a` ends before the export returns.
pub(super) unsafe fn bytes<'a>(data: *const u8, len: usize) -> Result<&'a [u8], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Failure::argument("a pointer is NULL and its length is not 0"));
    }
    if isize::try_from(len).is_err() {
        return Err(Failure::argument("a length is larger than any object"));
    }
    // SAFETY: not NULL and not longer than an object can be (checked above); bytes have no alignment; the
    // caller guarantees that they are readable and unchanging during 'a.
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// The UTF-8 text that C handed in; NULL with length 0 is empty.
///
/// # Safety
/// - As [`bytes`].
pub(super) unsafe fn text<'a>(data: *const c_char, len: usize) -> Result<&'a str, Failure> {
    // SAFETY: the caller's duties are those of `bytes`; c_char and u8 have the same layout.
    let bytes = unsafe { bytes::<'a>(data.cast(), len) }?;
    std::str::from_utf8(bytes).map_err(|_| Failure::argument("a text is not UTF-8"))
}

/// What a handle stands for.
///
/// # Safety
/// - `handle` is NULL, or came from [`give`] for the same `T` and was not freed.
/// - Nobody frees it during `'a`, and `'a` ends before the export returns.
pub(super) unsafe fn shared<'a, T>(handle: *const T) -> Result<&'a T, Failure> {
    if !handle.is_aligned() {
        return Err(Failure::argument("a handle is not one of callgate's"));
    }
    // SAFETY: aligned (checked above); the caller guarantees that it is NULL or a live T that only this
    // module's shared references reach.
    unsafe { handle.as_ref() }.ok_or_else(|| Failure::argument("a handle is NULL"))
}

/// Takes a handle back and drops what it stands for; NULL is fine.
///
/// # Safety
/// - `handle` is NULL, or came from [`give`] for the same `T` and was not freed.
/// - Nobody uses it during the call or afterwards.
pub(super) unsafe fn free<T>(handle: *mut T) -> Result<(), Failure> {
    if handle.is_null() {
        return Ok(());
    }
    if !handle.is_aligned() {
        return Err(Failure::argument("a handle is not one of callgate's"));
    }
    // SAFETY: the caller guarantees that `give` made it with Box::into_raw and that it is the last use.
    drop(unsafe { Box::from_raw(handle) });
    Ok(())
}

/// Makes a handle, which [`free`] takes back.
pub(super) fn give<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// A checked place for an output. Written once, at the end of a body, so that a failure writes nothing.
pub(super) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    /// Checks the place before any work is done for it.
    ///
    /// # Safety
    /// - `place` is NULL, or may be written as one `T` until the export returns.
    pub(super) unsafe fn new(place: *mut T) -> Result<Self, Failure> {
        match NonNull::new(place) {
            Some(place) if place.is_aligned() => Ok(Self(place)),
            Some(_) => Err(Failure::argument("an output is not aligned for its type")),
            None => Err(Failure::argument("an output is NULL")),
        }
    }

    /// The same for an output that the caller may leave out.
    ///
    /// # Safety
    /// - As [`Out::new`].
    pub(super) unsafe fn optional(place: *mut T) -> Result<Option<Self>, Failure> {
        if place.is_null() {
            return Ok(None);
        }
        // SAFETY: the caller's duties are those of `new`.
        unsafe { Self::new(place) }.map(Some)
    }

    pub(super) fn write(self, value: T) {
        // SAFETY: not NULL and aligned (checked in `new`); the maker of this value guarantees that it may
        // be written as one T. What was there is C's and is not dropped.
        unsafe { self.0.write(value) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(data: *const u8, len: usize) -> Result<&'static [u8], Failure> {
        // SAFETY: the tests pass NULL or static memory.
        unsafe { bytes(data, len) }
    }

    #[test]
    fn lengths_and_null_are_checked() {
        let some = b"abc".as_ptr();
        for (data, len, expected) in [
            (std::ptr::null(), 0, Some(&b""[..])),
            (some, 0, Some(b"")),
            (some, 3, Some(b"abc")),
            (std::ptr::null(), 1, None),
            (std::ptr::null(), usize::MAX, None),
            (some, isize::MAX.unsigned_abs() + 1, None),
            (some, usize::MAX, None),
        ] {
            assert_eq!(bytes_of(data, len).ok(), expected, "{data:?} {len}");
        }
    }

    #[test]
    fn text_must_be_utf8() {
        for (data, expected) in [
            (&b"ok"[..], true),
            (b"", true),
            ("\u{e9}".as_bytes(), true),
            (b"\xff", false),
            (b"\xed\xa0\x80", false),
        ] {
            // SAFETY: static memory.
            let text = unsafe { text(data.as_ptr().cast(), data.len()) };
            assert_eq!(text.is_ok(), expected, "{data:?}");
        }
    }

    #[test]
    fn handles_and_outputs_must_be_aligned_and_not_null() {
        let mut words = [7_u32; 2];
        let place = words.as_mut_ptr();
        let crooked = place.map_addr(|address| address + 1);
        let null = std::ptr::null_mut::<u32>();
        for (pointer, accepted) in [(place, true), (crooked, false), (null, false)] {
            // SAFETY: `place` is ours; the other two must be refused before they are used.
            assert_eq!(unsafe { shared(pointer) }.is_ok(), accepted);
            // SAFETY: as above.
            assert_eq!(unsafe { Out::new(pointer) }.is_ok(), accepted);
        }
        // SAFETY: as above.
        assert!(unsafe { Out::optional(crooked) }.is_err());
        // SAFETY: as above.
        assert!(unsafe { Out::optional(null) }.is_ok_and(|out| out.is_none()));
        // SAFETY: as above.
        assert!(unsafe { free(crooked) }.is_err());
        // SAFETY: NULL may be freed.
        assert_eq!(unsafe { free(null) }, Ok(()));
        // SAFETY: made by `give` in the same expression.
        assert_eq!(unsafe { free(give(1_u32)) }, Ok(()));
        // SAFETY: `place` may be written.
        unsafe { Out::new(place) }.unwrap().write(9);
        assert_eq!(words, [9, 7]);
    }
}
