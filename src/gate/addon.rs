//! What the addon's facade asks of a gate: it judges objects and UTF-16 text before there are bytes to audit.

#![forbid(unsafe_code)]

use super::{Gate, ToolId};
use crate::policy::Limits;
use crate::rules::{Action, Rule};
use crate::verdict::Verdict;

impl Gate {
    /// Names and ids of the tools that the policy names.
    pub(crate) fn named_tools(&self) -> impl Iterator<Item = (&str, ToolId)> {
        self.policy.tools.keys().filter(|name| *name != "*").map(|name| (name.as_str(), self.tool_id(name)))
    }

    /// The limits that hold for a tool.
    pub(crate) fn limits(&self, tool: ToolId) -> &Limits {
        &self.tools.rules(tool.0).limits
    }

    /// Whether a match of a rule that denies by default refuses a call of this tool.
    pub(crate) fn refuses(&self, tool: ToolId, rule: Rule) -> bool {
        self.tools.rules(tool.0).actions.refuses(rule)
    }

    /// The same before `mode` is looked at.
    pub(crate) fn denies(&self, rule: Rule) -> bool {
        self.actions.enforced(rule, rule.default_action()) == Some(Action::Deny)
    }

    /// The verdict on a match that a surface found before there were bytes to audit; without a tool, as for a
    /// path. `range` is that of the bytes there would have been.
    pub(crate) fn verdict_on(
        &self,
        tool: Option<ToolId>,
        rule: Rule,
        pointer: String,
        what: &str,
        range: Option<(u32, u32)>,
    ) -> Verdict {
        let actions = tool.map_or(&self.actions, |tool| &self.tools.rules(tool.0).actions);
        let finding = actions.finding(rule, rule.default_action(), pointer, what).map(|mut finding| {
            (finding.start, finding.end) = range.map(|(start, end)| (start.into(), end.into())).unzip();
            finding
        });
        Verdict::from_findings(finding.into_iter().collect())
    }
}
