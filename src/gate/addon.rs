//! What the addon's facade asks of a gate: it judges objects and UTF-16 text before there are bytes to audit.

#![forbid(unsafe_code)]

use super::Gate;
use crate::error::{Error, ErrorKind};
use crate::path::{OpenOptions, ServerProcess};
use crate::policy::{Actions, Intent, Limits, Mode, ResultRedaction};
use crate::redact::{self, Names, Seen};
use crate::rpc::Orders;
use crate::rules::{Action, Rule};
use crate::text;
use crate::verdict::Verdict;
use std::fs::File;

impl Gate {
    /// Where the rules of a tool are.
    pub(crate) fn index_of(&self, tool: &str) -> u32 {
        self.tools.id(tool)
    }

    /// The tools that the policy names, and where their rules are.
    pub(crate) fn named_tools(&self) -> impl Iterator<Item = (&str, u32)> {
        self.policy.tools.keys().filter(|name| *name != "*").map(|name| (name.as_str(), self.tools.id(name)))
    }

    /// The mode of the policy, or of a tool.
    pub(crate) fn mode(&self, tool: Option<u32>) -> Mode {
        let actions = tool.map_or(&self.actions, |tool| &self.tools.rules(tool).actions);
        actions.mode()
    }

    /// Opens a file to read, with its size, where that is not above `max` bytes.
    pub(crate) fn open_sized(
        &self,
        path: &str,
        base: Option<String>,
        max: u64,
    ) -> Result<(File, u64), Error> {
        let mut options = OpenOptions::new(Intent::Read);
        options.path.base = base;
        let file = self.open_path(path, &options)?;
        let failed = |_| Error::new(ErrorKind::Internal, "an open file does not tell its size");
        let size = file.metadata().map_err(failed)?.len();
        if size > max {
            let what = "the file has more bytes than maxBytes";
            return Err(Error::refused(Actions::refusal(Rule::PathSize, what)));
        }
        Ok((file, size))
    }

    /// Whether a JSON text goes out as it is: redaction finds nothing, nor does sanitising in any of its
    /// strings, and none of them gives the model orders.
    /// `seen` is used with this gate only.
    pub(crate) fn leaves_alone(&self, json: &[u8], seen: &mut Seen) -> bool {
        let is_off = |rule: Rule| self.actions.enforced(rule, rule.default_action()).is_none();
        let judges = !is_off(Rule::InjectionPrompt);
        let mut orders = Orders::new(json.len());
        let is_plain = redact::is_plain(
            &self.secret_keys,
            &self.actions,
            self.names(),
            json,
            seen,
            |place, value, text| {
                if judges {
                    orders.string(place, value, text.as_bytes());
                }
                orders.found.is_empty() && text::stays(text, self.sanitize.0, is_off)
            },
        );
        orders.end();
        is_plain && orders.found.is_empty()
    }

    /// The names that make secrets in results.
    fn names(&self) -> Names {
        if self.policy.results.redact == ResultRedaction::Names { Names::All } else { Names::Likely }
    }

    /// [`Gate::set_server_process`], where nobody has said so yet if `unless_known`.
    pub(crate) fn set_process(&self, process: ServerProcess, unless_known: bool) -> bool {
        self.paths.set_process(process, unless_known)
    }

    /// The limits that hold for a tool.
    pub(crate) fn limits(&self, tool: u32) -> &Limits {
        &self.tools.rules(tool).limits
    }

    /// Whether a match of a rule that denies by default refuses a call of this tool.
    pub(crate) fn refuses(&self, tool: u32, rule: Rule) -> bool {
        self.tools.rules(tool).actions.refuses(rule)
    }

    /// The same before `mode` is looked at.
    pub(crate) fn denies(&self, rule: Rule) -> bool {
        self.actions.enforced(rule, rule.default_action()) == Some(Action::Deny)
    }

    /// The verdict on a match that a surface found before there were bytes to audit; without a tool, as for a
    /// path. `range` is that of the bytes there would have been.
    pub(crate) fn verdict_on(
        &self,
        tool: Option<u32>,
        rule: Rule,
        pointer: String,
        what: &str,
        range: Option<(u32, u32)>,
    ) -> Verdict {
        let actions = tool.map_or(&self.actions, |tool| &self.tools.rules(tool).actions);
        let finding = actions.finding(rule, rule.default_action(), pointer, what).map(|mut finding| {
            (finding.start, finding.end) = range.map(|(start, end)| (start.into(), end.into())).unzip();
            finding
        });
        Verdict::from_findings(finding.into_iter().collect())
    }
}
