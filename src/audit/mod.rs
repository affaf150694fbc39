//! Events to findings: each event against the rules that apply to it.

#![forbid(unsafe_code)]

mod arguments;
mod content;
mod definition;
mod marker;
mod own;
mod parts;
mod schema;
mod speech;

use crate::helper::INDEX_MAX_BYTES;
use crate::json::{Events, Fault, Flow, Place, Step, Stop, Text, walk};
use crate::path::{PathGuard, Reach};
use crate::policy::{Actions, Kind, Statements, ToolRules};
use crate::rules::{Action, Rule};
use crate::url::{Origin, UrlGuard};
use crate::verdict::{Finding, MAX_FINDINGS, Verdict};
use content::Budget;
pub use definition::Definition;
pub(crate) use definition::{definition, name_of};
use std::cell::Cell;

pub(crate) use arguments::default_action;

/// Builds what the first audit would build.
pub(crate) fn warm() {
    content::warm();
    speech::warm();
    marker::warm();
}

/// Audits the arguments of one call.
pub(crate) fn arguments(rules: &ToolRules, paths: &PathGuard, urls: &UrlGuard, args: &[u8]) -> Verdict {
    if rules.arguments.is_empty() && !rules.content && !rules.whole {
        Auditor::<false>::new(rules, paths, urls).audit(args)
    } else {
        Auditor::<true>::new(rules, paths, urls).audit(args)
    }
}

/// Whether texts give orders to the model that reads them.
#[derive(Debug)]
pub(crate) struct Instructions(Budget);

impl Instructions {
    /// In a message of so many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        Self(Budget::of_prose(bytes))
    }

    /// The message is read again from its start.
    pub(crate) fn renew(&mut self) {
        self.0.renew();
    }

    /// Whether a text gives orders.
    pub(crate) fn are_in(&mut self, text: &[u8]) -> bool {
        content::instructs(text, &mut self.0)
    }

    /// Whether bytes in base64 are a text that gives orders.
    pub(crate) fn are_in_base64(&mut self, encoded: &[u8]) -> bool {
        content::encoded_text(encoded).is_some_and(|text| self.are_in(&text))
    }
}

/// Whether a value of a kind that must be one thing as a whole is that.
pub(crate) fn is_whole(kind: Kind, text: &str) -> bool {
    let mut faults = false;
    content::closed(kind, Origin::Set, Statements::Any, text, |_| faults = true);
    !faults
}

/// `VALUES`: whether values are looked at, besides structure.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "settings and findings, each by itself")]
pub(crate) struct Auditor<'a, const VALUES: bool> {
    actions: &'a Actions,
    rules: &'a ToolRules,
    paths: &'a PathGuard,
    urls: &'a UrlGuard,
    budget: Budget,
    /// What may be spent on finding out where values lead.
    reach: Cell<Reach>,
    /// How deep the arguments lie in the document.
    base: usize,
    /// What the content of a value says refuses nothing.
    soft: bool,
    /// There was half a surrogate pair where it refuses nothing.
    halves: bool,
    /// What stands for a secret in results is somewhere in the document.
    marked: bool,
    findings: Vec<Finding>,
    /// A denial is among the findings, be it reported as a flag.
    refused: bool,
}

impl<'a, const VALUES: bool> Auditor<'a, VALUES> {
    fn new(rules: &'a ToolRules, paths: &'a PathGuard, urls: &'a UrlGuard) -> Self {
        let (actions, budget, findings) = (&rules.actions, Budget::new(0), Vec::new());
        Self {
            actions,
            rules,
            paths,
            urls,
            budget,
            reach: Cell::default(),
            base: 0,
            soft: false,
            halves: false,
            marked: false,
            findings,
            refused: false,
        }
    }

    fn audit(mut self, args: &[u8]) -> Verdict {
        self.budget = Budget::new(args.len());
        self.reach = Cell::default();
        if self.size(args).is_ok() {
            self.marked = VALUES && marker::is_in(args);
            match self.rules.schema.as_deref() {
                None => walk(args, &self.rules.limits, &mut self),
                Some(schema) => self.with_schema(args, schema),
            }
        }
        self.verdict()
    }

    /// The findings in the order of the bytes: those of one string come from several looks at it.
    pub(crate) fn verdict(mut self) -> Verdict {
        if self.findings.is_empty() {
            return Verdict::ALLOWED;
        }
        self.findings.sort_by_key(|finding| finding.start);
        Verdict::from_findings(self.findings)
    }

    #[inline]
    fn size(&mut self, args: &[u8]) -> Flow {
        let limit = self.rules.limits.message_bytes;
        if args.len() <= limit as usize { Ok(()) } else { self.too_large(args, limit) }
    }

    #[cold]
    fn too_large(&mut self, args: &[u8], limit: u32) -> Flow {
        let rule = Rule::LimitBytes;
        let what = format!("more bytes than {limit}");
        if let Some(finding) = self.actions.finding(rule, rule.default_action(), String::new(), &what) {
            self.push(finding, limit as usize, args.len(), self.actions.enforced(rule, Action::Deny));
        }
        // Beyond what the index can address nothing is read, so that no setting lets it pass.
        if args.len() > INDEX_MAX_BYTES as usize {
            for finding in &mut self.findings {
                finding.action = Action::Deny;
            }
            if self.findings.is_empty() {
                let finding = Actions::default().finding(rule, Action::Deny, String::new(), &what);
                self.findings.extend(finding);
            }
            return Err(Stop);
        }
        self.stop_if_refused()
    }

    fn stop_if_refused(&self) -> Flow {
        if self.refused { Err(Stop) } else { Ok(()) }
    }

    /// Whether a finding has a place in the verdict: the first ones do, and the first denial.
    fn keeps(&self, enforced: Option<Action>) -> bool {
        self.findings.len() < MAX_FINDINGS || (!self.refused && enforced == Some(Action::Deny))
    }

    /// Keeps a finding; the last flag gives way to the first denial.
    fn push(&mut self, mut finding: Finding, start: usize, end: usize, enforced: Option<Action>) {
        if !self.keeps(enforced) {
            return;
        }
        self.findings.truncate(MAX_FINDINGS - 1);
        self.refused |= enforced == Some(Action::Deny);
        finding.start = Some(start as u64);
        finding.end = Some(end as u64);
        self.findings.push(finding);
    }

    /// Whether this verdict can change no more: it is full, and refuses.
    fn is_full(&self) -> bool {
        self.refused && self.findings.len() >= MAX_FINDINGS
    }

    #[cold]
    fn prototype_key(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        let rule = Rule::JsonPrototypeKey;
        let what = "a key that can change every object of the program; expected another name";
        let (default, limit) = (rule.default_action(), None);
        self.fault(place, Fault { rule, default, start: key.open, end: key.end(), what, limit })
    }
}

impl<const VALUES: bool> Events for Auditor<'_, VALUES> {
    const VALUES: bool = VALUES;

    #[cold]
    fn fault(&mut self, place: &Place<'_>, mut fault: Fault) -> Flow {
        if self.soft && fault.rule == Rule::JsonSurrogate {
            // Of an answer the half is left out, and not all of it.
            fault.default = Action::Flag;
            self.halves = true;
        }
        let mut enforced = self.actions.enforced(fault.rule, fault.default);
        // A row is not lost for a number of which some readers keep fewer digits.
        let softened = self.soft && fault.rule == Rule::JsonNumberRange;
        if softened {
            enforced = enforced.map(|_| Action::Flag);
        }
        if self.keeps(enforced) {
            let what =
                fault.limit.map_or_else(|| fault.what.to_owned(), |limit| format!("{} {limit}", fault.what));
            if let Some(mut finding) = self.actions.finding(fault.rule, fault.default, place.pointer(), &what)
            {
                if softened {
                    finding.action = Action::Flag;
                }
                self.push(finding, fault.start, fault.end, enforced);
            }
        }
        // A limit that refuses is there to bound the work.
        let bounds = fault.rule.id().starts_with("limit.") && enforced == Some(Action::Deny);
        if bounds || self.is_full() { Err(Stop) } else { Ok(()) }
    }

    #[inline(always)]
    fn wants_key(len: usize, first: u8, plain: bool) -> bool {
        // "__proto__" and "prototype" have nine letters; with escapes any length can stand for them.
        // Shorter names lead nowhere but where they start: `a/../../b` has as many.
        len == 9 || !plain || (VALUES && (len > 9 || matches!(first, b'$' | b'/' | b'.' | b'~' | b'\\')))
    }

    fn key(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        if is_prototype_key(place, key) {
            self.prototype_key(place, key)
        } else if VALUES && may_mean_more(key.raw()) {
            self.name_of_argument(place, key)
        } else {
            Ok(())
        }
    }

    #[cold]
    fn folded(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        let rule = Rule::JsonFoldedKey;
        let default = if self.knows(place) { Action::Deny } else { Action::Flag };
        let what = "a member that differs from another in case only";
        self.fault(place, Fault { rule, default, start: key.open, end: key.end(), what, limit: None })
    }

    fn string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        self.string_argument(place, value)
    }

    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        self.other_argument(place, start)
    }

    fn restart(&mut self) {
        // What `size` found before the pass has no place in the document and stays.
        self.findings.retain(|finding| finding.rule == Rule::LimitBytes);
        (self.refused, self.halves) = (false, false);
        self.budget.renew();
    }
}

/// Whether the name of a member can be an operator, a path, or something that does not show.
fn may_mean_more(name: &[u8]) -> bool {
    matches!(name.first(), Some(b'$' | b'.' | b'~'))
        || memchr::memchr2(b'/', b'\\', name).is_some()
        || !name.is_ascii()
}

/// `__proto__`, or `prototype` in the object that is the member `constructor` of another.
fn is_prototype_key(place: &Place<'_>, key: Text<'_>) -> bool {
    match &*key.unescaped() {
        b"__proto__" => true,
        b"prototype" => {
            matches!(place.step_to_container(), Some(Step::Key(above)) if *above.unescaped() == *b"constructor")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Action, Gate, Verdict};
    use std::sync::mpsc;
    use std::time::Duration;

    /// The verdict, unless it takes so long that the work must grow faster than the input.
    fn soon(policy: &str, args: String) -> Verdict {
        let gate = Gate::from_json(policy.as_bytes()).unwrap();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || sender.send(gate.audit("t", args.as_bytes())));
        receiver.recv_timeout(Duration::from_secs(60)).expect("linear time")
    }

    #[test]
    fn any_depth_and_any_number_of_flags_take_linear_time() {
        let keys = 300_000;
        let deep = format!("{}1{}", r#"{"prototype":"#.repeat(keys), "}".repeat(keys));
        let verdict = soon(r#"{ "limits": { "depth": 4000000 } }"#, deep);
        assert_eq!(verdict.action(), Action::Allow);

        let items = vec!["9007199254740993"; 60_000].join(",");
        let flags = format!(r#"{{"{}":[{items}]}}"#, r"\n".repeat(1 << 20));
        let verdict = soon(r#"{ "limits": { "keyBytes": 4000000 } }"#, flags);
        assert_eq!((verdict.action(), verdict.findings().len()), (Action::Flag, 32));
    }
}
