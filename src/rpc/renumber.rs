//! Messages that go on under another id.

use crate::json::{Events, Flow, Place, Step, Stop, walk};
use crate::policy::Limits;

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

    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        if place.depth() == 1 && matches!(place.step(), Some(Step::Key(key)) if *key.unescaped() == *b"id") {
            self.0 = Some(start);
            return Err(Stop);
        }
        Ok(())
    }
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
}
