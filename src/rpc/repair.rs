//! Messages that would be lost for one spot, mended before they are passed on.

use super::envelope::Repairs;
use crate::json::mend_surrogates;
use std::ops::Range;

/// What Windows puts before a text (RFC 8259 section 8.1 lets readers ignore it).
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Repairs {
    /// The message as it may be passed on, where there is something to mend.
    #[cold]
    pub(super) fn mended(&self, message: &[u8]) -> Option<Vec<u8>> {
        if *self == Self::default() {
            return None;
        }
        let mut mended = message.to_vec();
        if self.halves {
            mend_surrogates(&mut mended);
        }
        // From behind, so that the places of the others stay.
        for value in self.absent.iter().rev() {
            let member = member(&mended, value);
            mended.drain(member);
        }
        Some(mended)
    }
}

/// Where the member of a value lies, whose key holds no quotes, with the comma that goes with it.
fn member(message: &[u8], value: &Range<usize>) -> Range<usize> {
    let before = |end: usize| message.get(..end).unwrap_or_default();
    let is_space = |byte: &u8| b" \t\r\n".contains(byte);
    let quote = |end: usize| memchr::memrchr(b'"', before(end)).unwrap_or(0);
    let start = quote(quote(value.start));
    let behind = message.get(value.end..).unwrap_or_default();
    let space = behind.iter().take_while(|byte| is_space(byte)).count();
    if behind.get(space) == Some(&b',') {
        return start..value.end + space + 1;
    }
    let space = before(start).iter().rev().take_while(|byte| is_space(byte)).count();
    let comma = before(start - space).ends_with(b",");
    (if comma { start - space - 1 } else { start })..value.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_goes_with_its_comma() {
        for (given, mended) in [
            (r#"{"a":1,"params":null}"#, r#"{"a":1}"#),
            (r#"{"params":null,"a":1}"#, r#"{"a":1}"#),
            (r#"{"a":1,"params":null,"b":2}"#, r#"{"a":1,"b":2}"#),
            ("{\"a\":1 ,\r \"par\\u0061ms\" :\t null  }", "{\"a\":1   }"),
            (r#"{ "params" : null , "a":1}"#, r#"{  "a":1}"#),
            (r#"{"params":null}"#, "{}"),
        ] {
            let at = memchr::memmem::find(given.as_bytes(), b"null").unwrap();
            let repairs = Repairs { halves: false, absent: std::iter::once(at..at + 4).collect() };
            assert_eq!(String::from_utf8(repairs.mended(given.as_bytes()).unwrap()).unwrap(), mended);
        }
        assert_eq!(Repairs::default().mended(b"{}"), None);
    }
}
