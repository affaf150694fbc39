//! Audits of documents whose parts have rules of their own: messages.

use super::{Auditor, Budget};
use crate::json::{Flow, Tape};
use crate::path::PathGuard;
use crate::policy::ToolRules;
use crate::rules::Rule;
use crate::schema::Schema;
use crate::url::UrlGuard;
use std::ops::Range;

impl<const VALUES: bool> Auditor<'_, VALUES> {
    /// A match of a rule that looks at more than one value, or at none.
    pub(crate) fn mismatch(&mut self, rule: Rule, pointer: String, what: &str, span: Range<usize>) {
        let default = rule.default_action();
        let enforced = self.actions.enforced(rule, default);
        if let Some(finding) = self.actions.finding(rule, default, pointer, what) {
            self.push(finding, span.start, span.end, enforced);
        }
    }
}

impl<'a> Auditor<'a, true> {
    /// An audit of `document`; the error is that nothing of it is to be read.
    pub(crate) fn of(
        rules: &'a ToolRules,
        paths: &'a PathGuard,
        urls: &'a UrlGuard,
        document: &[u8],
    ) -> (Self, Flow) {
        let mut auditor = Self::new(rules, paths, urls);
        auditor.budget = Budget::new(document.len());
        let flow = auditor.size(document);
        auditor.marked = flow.is_ok() && super::marker::is_in(document);
        (auditor, flow)
    }

    /// What comes now has other rules; its arguments lie `base` steps below the document.
    pub(crate) fn turn(&mut self, rules: &'a ToolRules, base: usize) {
        (self.rules, self.actions, self.base) = (rules, &rules.actions, base);
    }

    /// Whether what the content of a value says may refuse.
    pub(crate) fn soften(&mut self, soft: bool) {
        self.soft = soft;
    }

    /// The arguments of a tool with a schema.
    pub(crate) fn schema(&mut self, document: &[u8], tape: &Tape, schema: &Schema, above: &str) {
        self.hold_against(document, tape, schema, above);
    }

    /// Whether a denial was found, be it reported as a flag.
    pub(crate) fn refused(&self) -> bool {
        self.refused
    }

    /// Whether half a surrogate pair was found where it refuses nothing.
    pub(crate) fn has_halves(&self) -> bool {
        self.halves
    }

    /// A match of a rule that refuses elsewhere, and is only told here.
    pub(crate) fn tell(&mut self, rule: Rule, pointer: &str, what: &str, span: Range<usize>) {
        if let Some(finding) = self.actions.finding(rule, crate::Action::Flag, pointer.to_owned(), what) {
            let enforced = Some(finding.action);
            self.push(finding, span.start, span.end, enforced);
        }
    }

    /// Whether a match of this rule was found.
    pub(crate) fn found(&self, rule: impl Fn(Rule) -> bool) -> bool {
        self.findings.iter().any(|finding| rule(finding.rule))
    }

    /// A finding that another part of the gate has made.
    pub(crate) fn take(&mut self, finding: crate::Finding, span: Range<usize>) {
        let enforced = Some(finding.action);
        self.push(finding, span.start, span.end, enforced);
    }
}
