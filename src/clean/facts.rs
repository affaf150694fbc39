//! What a message is, as its first members tell: whether it says something by itself, and whether it tells of an error.

#![forbid(unsafe_code)]

use super::About;
use crate::json::{Events, Fault, Flow, Place, Step, Stop, Text, walk};
use crate::policy::Limits;
use crate::rules::Rule;

/// Units of UTF-16 of each text of an error.
const MAX_ERROR_TEXT: usize = 8192;

/// `None` where the message is no JSON. `schema`: that of its structured content.
pub(super) fn of<'a>(message: &[u8], schema: Option<&'a str>) -> Option<About<'a>> {
    if message.len() > crate::helper::INDEX_MAX_BYTES as usize {
        return None;
    }
    let mut facts = Facts { message, found: Found::default() };
    walk(message, &Limits::NONE, &mut facts);
    let Found { broken, members } = facts.found;
    let has = |member| members & member != 0;
    let about = About {
        most: has(FAILS).then_some(MAX_ERROR_TEXT),
        // Of what a server asks nothing is text for reading. In a batch nobody tells them apart.
        tells: has(BATCH) || has(METHOD) && !has(ID),
        schema,
    };
    (!broken).then_some(about)
}

/// What a message has.
type Members = u8;

const METHOD: Members = 1;
const ID: Members = 1 << 1;
/// It is an error of the protocol. What a tool says of its failure is a result as any other: its end may be what matters.
const FAILS: Members = 1 << 2;
/// It is several messages.
const BATCH: Members = 1 << 3;

struct Facts<'m> {
    message: &'m [u8],
    found: Found,
}

#[derive(Debug, Default)]
struct Found {
    broken: bool,
    members: Members,
}

impl Facts<'_> {
    /// What a value says of the message.
    fn said(&self, place: &Place<'_>, start: usize) -> Members {
        let value = self.message.get(start..).unwrap_or_default();
        match (place.depth(), place.steps().next()) {
            (0, _) if value.starts_with(b"[") => BATCH,
            (1, Some(Step::Key(key))) => match &*key.unescaped() {
                b"method" => METHOD,
                b"id" => ID,
                b"error" if !value.starts_with(b"null") => FAILS,
                _ => 0,
            },
            _ => 0,
        }
    }
}

impl Events for Facts<'_> {
    const VALUES: bool = true;

    fn fault(&mut self, _: &Place<'_>, fault: Fault) -> Flow {
        self.found.broken |= matches!(fault.rule, Rule::JsonSyntax | Rule::JsonUtf8);
        if self.found.broken { Err(Stop) } else { Ok(()) }
    }

    fn wants_key(_: usize, _: u8, _: bool) -> bool {
        false
    }

    fn key(&mut self, _: &Place<'_>, _: Text<'_>) -> Flow {
        Ok(())
    }

    fn string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        self.found.members |= self.said(place, value.open);
        Ok(())
    }

    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        self.found.members |= self.said(place, start);
        Ok(())
    }

    fn restart(&mut self) {
        self.found = Found::default();
    }
}
