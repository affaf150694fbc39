//! Whether there is anything to take out of a JSON text: its secrets, and what its strings may lose besides.

#![forbid(unsafe_code)]

use super::{Names, Pass, SecretKeys, Seen};
use crate::json::{Events, Fault, Flow, Place, Stop, Text, walk};
use crate::policy::Actions;

/// Whether a text is JSON in which these names, and shapes, make nothing a secret, and of whose strings (keys are none) each
/// one `stays`, which is told where it lies and what it stands for. One pass, which ends where the answer is no.
pub(crate) fn is_plain(
    keys: &SecretKeys,
    actions: &Actions,
    names: Names,
    text: &[u8],
    seen: &mut Seen,
    stays: impl FnMut(&Place<'_>, Text<'_>, &str) -> bool,
) -> bool {
    if text.len() > crate::helper::INDEX_MAX_BYTES as usize {
        return false;
    }
    let mut plain = Plain { pass: Pass::new(keys, actions, names, text, seen), stays, changes: false };
    walk(text, &super::NO_LIMITS, &mut plain);
    !plain.changes && !plain.pass.broken && plain.pass.edits.is_empty()
}

struct Plain<'a, F> {
    pass: Pass<'a>,
    stays: F,
    changes: bool,
}

impl<F> Plain<'_, F> {
    fn goes_on(&self, flow: Flow) -> Flow {
        if self.changes || !self.pass.edits.is_empty() { Err(Stop) } else { flow }
    }
}

impl<F: FnMut(&Place<'_>, Text<'_>, &str) -> bool> Events for Plain<'_, F> {
    const VALUES: bool = true;

    fn fault(&mut self, place: &Place<'_>, fault: Fault) -> Flow {
        self.pass.fault(place, fault)
    }

    fn wants_key(_: usize, _: u8, _: bool) -> bool {
        true
    }

    fn key(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        let flow = self.pass.key(place, key);
        self.goes_on(flow)
    }

    fn string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        let text = value.unescaped();
        self.changes |= !std::str::from_utf8(&text).is_ok_and(|text| (self.stays)(place, value, text));
        let flow = self.pass.string(place, value);
        self.goes_on(flow)
    }

    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        let flow = self.pass.other(place, start);
        self.goes_on(flow)
    }

    fn restart(&mut self) {
        self.changes = false;
        self.pass.restart();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Gate;
    use crate::json::any_json;
    use proptest::prelude::*;
    use serde_json::Value;

    fn plain(text: &[u8], stays: impl Fn(&str) -> bool) -> bool {
        is_plain(
            &SecretKeys::default(),
            &Actions::default(),
            Names::All,
            text,
            &mut Seen::default(),
            |_, _, text| stays(text),
        )
    }

    #[test]
    fn each_thing_to_take_out_is_seen() {
        let no_bell = |text: &str| !text.contains('\u{7}');
        for (text, expected) in [
            (r#"{"a":"b","n":[1,null,"\n"]}"#, true),
            (r#"{"password":"[REDACTED]"}"#, true),
            // A key is no text that is shown.
            (r#"{"\u0007":1}"#, true),
            (r#"{"password":"x"}"#, false),
            (r#"{"password":1}"#, false),
            (r#"{"\u0070assword":["x"]}"#, false),
            (r#"{"a":"\u0007"}"#, false),
            (r#"["\u0007",1]"#, false),
            (r#"["\ud800"]"#, false),
            ("{", false),
            ("[1] [2]", false),
            ("", false),
        ] {
            assert_eq!(plain(text.as_bytes(), no_bell), expected, "{text}");
        }
        assert!(!plain(b"\"\xff\"", no_bell));
    }

    #[test]
    fn what_was_seen_of_one_text_does_not_hold_for_another() {
        let seen = &mut Seen::default();
        let (keys, actions) = (SecretKeys::default(), Actions::default());
        for (text, expected) in [
            // The first eight bytes, the length and the place are the same.
            (r#"{"passwordabcd":1}"#, true),
            (r#"{"password_abc":1}"#, false),
            (r#"{"passwordabcd":1}"#, true),
            (r#"{"pwd":1}"#, false),
            (r#"{"pwe":1}"#, true),
            (r#"{"pwe":1,"pwd":1}"#, false),
        ] {
            assert_eq!(
                is_plain(&keys, &actions, Names::All, text.as_bytes(), seen, |_, _, _| true),
                expected,
                "{text}"
            );
            let redacted = Gate::default().redact(text.as_bytes()) != text.as_bytes();
            assert_eq!(!redacted, expected, "{text}");
        }
    }

    fn strings<'v>(value: &'v Value, all: &mut Vec<&'v str>) {
        match value {
            Value::String(text) => all.push(text),
            Value::Array(items) => items.iter().for_each(|item| strings(item, all)),
            Value::Object(members) => members.values().for_each(|member| strings(member, all)),
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn plain_is_what_redaction_and_every_string_leave(value in any_json()) {
            let text = value.to_string();
            let mut all = Vec::new();
            strings(&value, &mut all);
            let stays = |text: &str| !text.contains('e');
            let redacted = Gate::default().redact(text.as_bytes()) != text.as_bytes();
            prop_assert_eq!(plain(text.as_bytes(), stays), !redacted && all.into_iter().all(stays));
        }
    }
}
