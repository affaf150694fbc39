//! Messages that would be lost for one spot, mended before they are passed on.

use super::envelope::Repairs;
use crate::json::{Events, Fault, Flow, Place, Step, Stop, Text, mend_surrogates, walk};
use crate::policy::Limits;
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

/// The message with another number as its id; `None` where its own is none.
pub(crate) fn with_id(message: &[u8], id: &str) -> Option<Vec<u8>> {
    let mut finder = Finder(None);
    walk(message, &LIMITS, &mut finder);
    let start = finder.0?;
    let number = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    let length = message.get(start..)?.iter().take_while(number).count();
    let (before, behind) = (message.get(..start)?, message.get(start + length..)?);
    (length > 0).then(|| [before, id.as_bytes(), behind].concat())
}

/// The gate has judged the message already.
const LIMITS: Limits = Limits {
    message_bytes: u32::MAX,
    depth: u32::MAX,
    elements: u32::MAX,
    string_bytes: u32::MAX,
    key_bytes: u32::MAX,
    nodes: u32::MAX,
    number_chars: u32::MAX,
};

/// Where the id of a message is that is no string.
struct Finder(Option<usize>);

impl Events for Finder {
    const VALUES: bool = true;

    fn fault(&mut self, _: &Place<'_>, _: Fault) -> Flow {
        Ok(())
    }

    fn wants_key(_: usize, _: u8, _: bool) -> bool {
        false
    }

    fn key(&mut self, _: &Place<'_>, _: Text<'_>) -> Flow {
        Ok(())
    }

    fn string(&mut self, _: &Place<'_>, _: Text<'_>) -> Flow {
        Ok(())
    }

    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        if place.depth() == 1 && matches!(place.step(), Some(Step::Key(key)) if *key.unescaped() == *b"id") {
            self.0 = Some(start);
            return Err(Stop);
        }
        Ok(())
    }

    fn restart(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_replaced_and_nothing_else() {
        for (given, changed) in [
            (r#"{"id":1,"result":{"id":1}}"#, Some(r#"{"id":12.0,"result":{"id":1}}"#)),
            (r#"{"result":{"id":1},"\u0069d" : 9e2 }"#, Some(r#"{"result":{"id":1},"\u0069d" : 12.0 }"#)),
            (r#"{"id":"1"}"#, None),
            (r#"{"id":{"id":1}}"#, None),
            (r#"[{"id":1}]"#, None),
        ] {
            let found = with_id(given.as_bytes(), "12.0").map(|line| String::from_utf8(line).unwrap());
            assert_eq!(found.as_deref(), changed);
        }
    }

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
