//! The table of rules, for what explains them.

use super::audit::json;
use super::error::Result;
use crate::rules::{Action, Rule, Severity};
use napi_derive::napi;
use serde::Serialize;

#[derive(Serialize)]
struct Row {
    id: &'static str,
    severity: Severity,
    action: Action,
    member: Option<String>,
    summary: &'static str,
}

/// JSON: every rule with its severity, default action, the policy member that changes it (`null` where none
/// does) and what it means.
#[napi(catch_unwind)]
pub fn rule_table() -> Result<String> {
    let rows = Rule::ALL.iter().map(|rule| Row {
        id: rule.id(),
        severity: rule.severity(),
        action: rule.default_action(),
        member: rule.policy_member(),
        summary: rule.summary(),
    });
    json(&rows.collect::<Vec<_>>())
}
