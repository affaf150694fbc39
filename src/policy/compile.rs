//! A policy in the form that audits use: an action per rule, limits and argument patterns per tool.

use super::{Argument, Held, Intent, Kind, Limits, Mode, Policy, RuleAction, Statements, Tool, ToolLimits};
use crate::error::Error;
use crate::kinds::{ToolWords, infer_arguments};
use crate::rules::{Action, Control, Rule};
use crate::schema::Schema;
use crate::url::Origin;
use crate::verdict::Finding;
use std::collections::HashMap;
use std::sync::Arc;

/// Documents must stay below what the structural index can address.
const MAX_MESSAGE_BYTES: u32 = crate::helper::INDEX_MAX_BYTES;

/// What a match of each rule leads to: for the policy, or for one tool.
#[derive(Debug, Clone)]
pub(crate) struct Actions {
    overrides: Arc<[Option<RuleAction>]>,
    /// The member that says "observe", where one does.
    observe: Option<String>,
    /// The members that change a rule where they are not those of the table: a tool's own limits.
    members: Vec<(Rule, String)>,
}

impl Default for Actions {
    fn default() -> Self {
        Self { overrides: vec![None; Rule::ALL.len()].into(), observe: None, members: Vec::new() }
    }
}

impl Actions {
    fn new(policy: &Policy) -> Result<Self, Error> {
        let mut overrides = vec![None; Rule::ALL.len()];
        // Families first, so that exact ids win.
        let (families, exact): (Vec<_>, Vec<_>) = policy.rules.iter().partition(|(id, _)| id.ends_with(".*"));
        for (id, action) in families.into_iter().chain(exact) {
            Self::set(&mut overrides, id, *action)?;
        }
        let observe = (policy.mode == Mode::Observe).then(|| "mode".to_owned());
        Ok(Self { overrides: overrides.into(), observe, members: Vec::new() })
    }

    fn set(overrides: &mut [Option<RuleAction>], id: &str, action: RuleAction) -> Result<(), Error> {
        let pointer = || format!("/rules/{}", id.replace('~', "~0").replace('/', "~1"));
        // With its dot: `path*` is no family.
        let family = id.strip_suffix('*').filter(|family| family.ends_with('.'));
        let mut matched = false;
        for (slot, rule) in overrides.iter_mut().zip(Rule::ALL) {
            let hit = family.map_or(rule.id() == id, |prefix| rule.id().starts_with(prefix));
            if !hit {
                continue;
            }
            matched = true;
            if rule.control() == Control::Fixed && action != RuleAction::Deny {
                if family.is_some() {
                    continue;
                }
                return Err(Error::policy(
                    &pointer(),
                    format_args!(
                        "{id} cannot be weakened: there is nothing to let through; use \"mode\": \"observe\""
                    ),
                ));
            }
            *slot = Some(action);
        }
        if matched { Ok(()) } else { Err(Error::policy(&pointer(), "no rule has this id")) }
    }

    /// What the policy makes of a match whose default action is `default`, before `mode` is looked at;
    /// `None` where the rule is off.
    pub(crate) fn enforced(&self, rule: Rule, default: Action) -> Option<Action> {
        match self.overrides.get(rule as usize).copied().flatten() {
            None => Some(default).filter(|action| *action != Action::Allow),
            Some(RuleAction::Deny) => Some(Action::Deny),
            Some(RuleAction::Flag) => Some(Action::Flag),
            Some(RuleAction::Off) => None,
        }
    }

    /// Whether a rule is on that looks at what a string holds.
    fn judge_content(&self) -> bool {
        let is_on = |rule: &Rule| self.enforced(*rule, Action::Flag).is_some();
        content_rules().any(is_on)
    }

    /// Whether a rule is on that looks at what a string of no kind is as a whole.
    fn judge_whole(&self) -> bool {
        Rule::OF_WHOLE.iter().any(|rule| self.enforced(*rule, Action::Flag).is_some())
    }

    /// Whether what a rule on content finds may refuse, so that what could not be judged must not pass.
    fn denies_content(&self) -> bool {
        content_rules().any(|rule| self.enforced(*rule, Action::Flag) == Some(Action::Deny))
    }

    /// The finding for a match, or `None` where the rule is off. `what` says what was wrong; the rule and
    /// the policy member that changes the outcome are added.
    pub(crate) fn finding(
        &self,
        rule: Rule,
        default: Action,
        pointer: String,
        what: &str,
    ) -> Option<Finding> {
        let enforced = self.enforced(rule, default)?;
        let own = self.members.iter().find(|(known, _)| *known == rule).map(|(_, member)| member.clone());
        let mut message = message(rule, what);
        let action = match &self.observe {
            Some(member) if enforced == Action::Deny && rule != Rule::PathProtected => {
                message.push_str("; not refused because ");
                message.push_str(member);
                message.push_str(" is \"observe\"");
                Action::Flag
            }
            _ => enforced,
        };
        let member = own.or_else(|| rule.policy_member());
        Some(Finding { action, pointer, member, ..found(rule, message) })
    }

    /// Whether refusals refuse.
    pub(crate) fn mode(&self) -> Mode {
        if self.observe.is_some() { Mode::Observe } else { Mode::Enforce }
    }

    /// Whether refusals are only reported.
    pub(crate) fn observes(&self) -> bool {
        self.observe.is_some()
    }

    /// Whether a match of this rule refuses, at its default action where the policy says nothing.
    pub(crate) fn refuses(&self, rule: Rule) -> bool {
        let binds = self.observe.is_none() || rule == Rule::PathProtected;
        binds && self.enforced(rule, rule.default_action()) == Some(Action::Deny)
    }

    /// The finding where there is nothing to hand out, so that no action of the rule can lift the refusal.
    pub(crate) fn refusal(rule: Rule, what: &str) -> Finding {
        let member = rule.policy_member().filter(|member| !member.starts_with("rules["));
        Finding { member, ..found(rule, message(rule, what)) }
    }
}

/// The rules that look at what a string holds.
fn content_rules() -> impl Iterator<Item = &'static Rule> {
    let families = ["injection.", "text.", "secret."];
    Rule::ALL.iter().filter(move |rule| families.iter().any(|family| rule.id().starts_with(family)))
}

fn message(rule: Rule, what: &str) -> String {
    format!("{what} ({})", rule.id())
}

/// A denial that nothing more is known of.
fn found(rule: Rule, message: String) -> Finding {
    Finding {
        rule,
        action: Action::Deny,
        severity: rule.severity(),
        pointer: String::new(),
        message,
        inferred: false,
        member: None,
        expected: None,
        start: None,
        end: None,
    }
}

/// One segment of an argument pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// This key, or this array index.
    Name(String),
    /// Any key or index.
    Any,
}

/// What holds for the arguments at one pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArgumentRule {
    pub(crate) segments: Box<[Segment]>,
    /// The member that says so, or could.
    pub(crate) member: String,
    pub(crate) kind: Kind,
    pub(crate) intent: Intent,
    pub(crate) statements: Statements,
    /// Who says so.
    pub(crate) origin: Origin,
}

/// What holds for one tool.
#[derive(Debug, Clone)]
pub(crate) struct ToolRules {
    /// The member of the policy that holds for the tool; empty for what is no tool.
    pub(crate) member: String,
    pub(crate) actions: Actions,
    pub(crate) limits: Limits,
    /// What the policy says before what was inferred; of each the longest patterns first, exact ones before those with
    /// wildcards, a tool's own before those of `"*"`.
    pub(crate) arguments: Box<[ArgumentRule]>,
    /// Whether any rule on content is on.
    pub(crate) content: bool,
    /// Whether any rule on whole values is on.
    pub(crate) whole: bool,
    /// Whether any rule on content denies by the policy's word.
    pub(crate) denies_content: bool,
    pub(crate) schema: Option<Arc<Schema>>,
    /// What a call that does not match the schema comes to where `rules` says nothing.
    pub(crate) mismatch: Action,
}

impl Default for ToolRules {
    fn default() -> Self {
        Self {
            member: String::new(),
            actions: Actions::default(),
            limits: Limits::default(),
            arguments: Box::default(),
            content: true,
            whole: true,
            denies_content: false,
            schema: None,
            mismatch: Action::Deny,
        }
    }
}

impl ArgumentRule {
    /// What is known of the same argument of one tool, where this holds for all tools.
    fn better<'g>(&self, guesses: &'g [Self]) -> Option<&'g Self> {
        let holds_for_all = self.member.starts_with(&tool_member("*"));
        guesses.iter().find(|guess| holds_for_all && guess.segments == self.segments)
    }

    /// What a tool is known to do counts for more than what holds for all.
    fn take_intent_of(&mut self, guess: &Self) {
        if self.kind == Kind::Path && guess.kind == Kind::Path && self.intent == Intent::Read {
            self.intent = guess.intent;
        }
    }
}

impl ToolRules {
    /// Whether they are those of a tool's arguments.
    pub(crate) fn is_of_tool(&self) -> bool {
        !self.member.is_empty()
    }

    /// The member that says what the argument at a pointer is; `None` for what is no argument.
    pub(crate) fn argument_member(&self, pointer: &str) -> Option<String> {
        self.is_of_tool().then(|| argument_member(&self.member, &pointer.replace('*', "~2")))
    }
}

/// The compiled `tools` member. Index 0 holds for every tool that has no entry of its own.
#[derive(Debug, Clone)]
pub(crate) struct Tools {
    ids: HashMap<String, u32>,
    rules: Vec<ToolRules>,
    fallback: ToolRules,
    message: ToolRules,
    answer: ToolRules,
}

impl Default for Tools {
    fn default() -> Self {
        let rules = ToolRules::default();
        let answer = answer_rules(&Policy::default(), &rules);
        let fallback = ToolRules { member: tool_member("*"), ..rules.clone() };
        Self { ids: HashMap::new(), rules: Vec::new(), fallback, message: rules, answer }
    }
}

impl Tools {
    fn new(policy: &Policy, actions: &Actions) -> Result<Self, Error> {
        check_message_bytes("/results/limits/messageBytes", policy.results.limits.message_bytes)?;
        check_message_bytes("/limits/messageBytes", policy.limits.message_bytes)?;
        let shared = Tool::default();
        let shared = ("*", policy.tools.get("*").unwrap_or(&shared));
        let fallback = tool_rules(&[shared], policy.limits, actions, None)?;
        let message = tool_rules(&[], policy.limits, actions, None)?;
        let answer = answer_rules(policy, &message);
        let mut tools = Self { ids: HashMap::new(), rules: Vec::new(), fallback, message, answer };
        for (name, tool) in policy.tools.iter().filter(|(name, _)| *name != "*") {
            let inherited = tools.fallback.schema.as_ref();
            tools.rules.push(tool_rules(&[(name, tool), shared], policy.limits, actions, inherited)?);
            let id =
                u32::try_from(tools.rules.len()).map_err(|_| Error::policy("/tools", "too many tools"))?;
            tools.ids.insert(name.clone(), id);
        }
        Ok(tools)
    }

    /// What holds for what is in a message besides the arguments of a tool.
    pub(crate) fn message(&self) -> &ToolRules {
        &self.message
    }

    /// What holds for the result or error of an answer, and for the size of all of it.
    pub(crate) fn answer(&self) -> &ToolRules {
        &self.answer
    }

    /// The id of a tool; 0 for one without an entry of its own.
    pub(crate) fn id(&self, name: &str) -> u32 {
        if self.ids.is_empty() { 0 } else { self.ids.get(name).copied().unwrap_or(0) }
    }

    /// What holds for a tool; an id that was never given out gets what holds for every tool.
    pub(crate) fn rules(&self, id: u32) -> &ToolRules {
        let index = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
        index.and_then(|index| self.rules.get(index)).unwrap_or(&self.fallback)
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn check_message_bytes(pointer: &str, value: u32) -> Result<(), Error> {
    if value > MAX_MESSAGE_BYTES {
        return Err(Error::policy(pointer, format_args!("at most {MAX_MESSAGE_BYTES}")));
    }
    Ok(())
}

/// `layers`: the tool's own entry first, then what holds for all, each with its name in `tools`; the schema of the
/// latter is compiled already.
fn tool_rules(
    layers: &[(&str, &Tool)],
    base: Limits,
    actions: &Actions,
    inherited: Option<&Arc<Schema>>,
) -> Result<ToolRules, Error> {
    let mut limits = base;
    let mut actions = actions.clone();
    let mut arguments = Vec::new();
    // What holds for all first, so that the tool's own wins.
    for (name, tool) in layers.iter().rev() {
        limits = tool.limits.over(limits);
        for ((rule, member), own) in LIMITS.into_iter().zip(tool.limits.values()) {
            if own.is_some() {
                actions.members.retain(|(known, _)| *known != rule);
                actions.members.push((rule, format!("{}.limits.{member}", tool_member(name))));
            }
        }
        if let Some(mode) = tool.mode {
            actions.observe = (mode == Mode::Observe).then(|| format!("{}.mode", tool_member(name)));
        }
        check_message_bytes(&format!("/tools/{}/limits/messageBytes", escaped(name)), limits.message_bytes)?;
    }
    for (name, tool) in layers {
        for (pattern, argument) in &tool.arguments {
            let segments = segments(pattern).map_err(|what| {
                Error::policy(&format!("/tools/{}/arguments/{}", escaped(name), escaped(pattern)), what)
            })?;
            if argument.statements.is_some() && argument.kind != Kind::Sql {
                let place = format!("/tools/{}/arguments/{}/statements", escaped(name), escaped(pattern));
                return Err(Error::policy(&place, "only an argument of kind sql holds statements"));
            }
            arguments.push(ArgumentRule {
                segments,
                member: argument_member(&tool_member(name), pattern),
                kind: argument.kind,
                intent: argument.intent,
                statements: argument.statements.unwrap_or_default(),
                origin: if argument.inferred { Origin::Inferred } else { Origin::Set },
            });
        }
    }
    sort(&mut arguments);
    let member = layers.first().map_or_else(String::new, |(name, _)| tool_member(name));
    if let Some(schema) = layers.iter().find_map(|(_, tool)| tool.schema.as_ref()) {
        let guesses = inferred(&member, schema, words_of(layers));
        if layers.len() > 1 {
            // A guess for all tools gives way to one for this tool.
            arguments.retain(|rule| rule.origin == Origin::Set || rule.better(&guesses).is_none());
            for rule in &mut arguments {
                if let Some(guess) = rule.better(&guesses) {
                    rule.take_intent_of(guess);
                }
            }
        }
        arguments.extend(guesses);
    }
    let own = layers.first().and_then(|(name, tool)| Some((name, tool.schema.as_ref()?, tool.learnt)));
    let (schema, mismatch) = match own {
        Some((_, _, Some(Held::Off))) => (None, Action::Deny),
        Some((name, schema, learnt)) => {
            let mismatch = if learnt == Some(Held::Flag) { Action::Flag } else { Action::Deny };
            (Some(Arc::new(compile_schema(name, schema)?)), mismatch)
        }
        None => (inherited.cloned(), Action::Deny),
    };
    let (content, denies_content) = (actions.judge_content(), actions.denies_content());
    let whole = actions.judge_whole();
    let arguments = arguments.into_boxed_slice();
    Ok(ToolRules { member, actions, limits, arguments, content, whole, denies_content, schema, mismatch })
}

/// What the tool says of itself: its name, unless all tools are meant, and what came with a schema that was learnt.
fn words_of<'t>(layers: &[(&'t str, &'t Tool)]) -> ToolWords<'t> {
    let Some((name, tool)) = layers.first() else { return ToolWords::default() };
    let [title, description] = &tool.words;
    ToolWords {
        name: if *name == "*" { "" } else { name },
        title,
        description,
        changes: tool.hints.changes(),
    }
}

/// The longest patterns first, which say most of a place; exact ones before those with wildcards. Stable: within a
/// class the tool's own patterns stay in front.
fn sort(arguments: &mut [ArgumentRule]) {
    arguments.sort_by_key(|rule| {
        let wildcards = rule.segments.iter().filter(|segment| **segment == Segment::Any).count();
        (std::cmp::Reverse(rule.segments.len()), wildcards)
    });
}

/// What holds for arguments by the schema of the tool that `member` holds for; to be put behind what the policy says.
/// Empty for a schema that is too large: then nothing is known.
pub(crate) fn inferred(member: &str, schema: &serde_json::Value, words: ToolWords<'_>) -> Vec<ArgumentRule> {
    let guesses = infer_arguments(schema, words).unwrap_or_default();
    let mut arguments: Vec<_> = guesses
        .into_iter()
        .filter_map(|(pattern, argument)| {
            let segments = segments(&pattern).ok()?;
            Some(guess(argument_member(member, &pattern), segments, &argument))
        })
        .collect();
    sort(&mut arguments);
    arguments
}

fn guess(member: String, segments: Box<[Segment]>, argument: &Argument) -> ArgumentRule {
    let &Argument { kind, intent, statements, .. } = argument;
    let statements = statements.unwrap_or_default();
    ArgumentRule { segments, member, kind, intent, statements, origin: Origin::Inferred }
}

/// Whatever stands at this depth, for the tests of what schemas leave open.
#[cfg(test)]
pub(crate) fn anywhere(depth: usize, kind: Kind) -> ArgumentRule {
    guess(String::new(), vec![Segment::Any; depth].into(), &Argument::new(kind, Intent::Read))
}

fn compile_schema(tool: &str, schema: &serde_json::Value) -> Result<Schema, Error> {
    Schema::compile(schema).map_err(|fault| {
        Error::policy(&format!("/tools/{}/schema{}", escaped(tool), fault.pointer), fault.what)
    })
}

/// Characters of a tool's name that messages hold.
const MAX_SHOWN_NAME: usize = 64;
/// Characters of a pointer that members hold.
const MAX_SHOWN_POINTER: usize = 256;

/// The member that holds for a tool, as findings name it.
fn tool_member(name: &str) -> String {
    let shown: String = name.chars().take(MAX_SHOWN_NAME).collect();
    format!("tools[{shown:?}]")
}

/// The member that says what the arguments at a pattern are.
fn argument_member(tool: &str, pattern: &str) -> String {
    let shown: String = pattern.chars().take(MAX_SHOWN_POINTER).collect();
    format!("{tool}.arguments[{shown:?}].kind")
}

/// The limits of a policy with the rules that they belong to and their names.
const LIMITS: [(Rule, &str); 7] = [
    (Rule::LimitBytes, "messageBytes"),
    (Rule::LimitDepth, "depth"),
    (Rule::LimitElements, "elements"),
    (Rule::LimitString, "stringBytes"),
    (Rule::LimitKey, "keyBytes"),
    (Rule::LimitNodes, "nodes"),
    (Rule::LimitNumber, "numberChars"),
];

impl ToolLimits {
    /// In the order of [`LIMITS`].
    fn values(self) -> [Option<u32>; 7] {
        let Self { message_bytes, depth, elements, string_bytes, key_bytes, nodes, number_chars } = self;
        [message_bytes, depth, elements, string_bytes, key_bytes, nodes, number_chars]
    }

    /// These limits, and others where these say nothing.
    pub(super) fn over(self, below: Limits) -> Limits {
        Limits {
            message_bytes: self.message_bytes.unwrap_or(below.message_bytes),
            depth: self.depth.unwrap_or(below.depth),
            elements: self.elements.unwrap_or(below.elements),
            string_bytes: self.string_bytes.unwrap_or(below.string_bytes),
            key_bytes: self.key_bytes.unwrap_or(below.key_bytes),
            nodes: self.nodes.unwrap_or(below.nodes),
            number_chars: self.number_chars.unwrap_or(below.number_chars),
        }
    }
}

/// What holds for answers, where `message` holds for other messages.
fn answer_rules(policy: &Policy, message: &ToolRules) -> ToolRules {
    let mut rules = message.clone();
    rules.limits = policy.results.limits;
    let members = LIMITS.map(|(rule, member)| (rule, format!("results.limits.{member}")));
    rules.actions.members.extend(members);
    rules.actions.members.push((Rule::InjectionPrompt, "results.injection".to_owned()));
    rules
}

/// The segments of a JSON Pointer in which `*` is any item or key and `~2` a literal `*`.
pub(crate) fn segments(pattern: &str) -> Result<Box<[Segment]>, &'static str> {
    if pattern.is_empty() {
        return Ok(Box::new([]));
    }
    let Some(rest) = pattern.strip_prefix('/') else {
        return Err("a JSON Pointer is empty or starts with \"/\"");
    };
    rest.split('/')
        .map(|segment| {
            if segment == "*" {
                return Ok(Segment::Any);
            }
            let mut name = String::with_capacity(segment.len());
            let mut chars = segment.chars();
            while let Some(c) = chars.next() {
                name.push(match c {
                    '~' => match chars.next() {
                        Some('0') => '~',
                        Some('1') => '/',
                        Some('2') => '*',
                        _ => return Err("\"~\" is written ~0, \"/\" is written ~1 and a literal \"*\" ~2"),
                    },
                    '*' => return Err("\"*\" stands for a whole segment; a literal one is written ~2"),
                    other => other,
                });
            }
            Ok(Segment::Name(name))
        })
        .collect()
}

impl Policy {
    /// Checks what types cannot say, and prepares the policy for audits.
    pub(crate) fn compile(&self) -> Result<(Actions, Tools), Error> {
        let actions = Actions::new(self)?;
        let tools = Tools::new(self, &actions)?;
        Ok((actions, tools))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_by_default_is_what_the_default_policy_says() {
        let (_, compiled) = Policy::default().compile().unwrap();
        let defaults = Tools::default();
        for (rules, compiled) in
            [(defaults.rules(0), compiled.rules(0)), (defaults.message(), compiled.message())]
        {
            assert_eq!((rules.content, rules.limits), (compiled.content, compiled.limits));
            assert!(rules.content && rules.arguments.is_empty() && compiled.arguments.is_empty());
        }
    }

    #[test]
    fn exact_ids_win_over_families_and_fixed_rules_stay() {
        let policy = Policy::from_json(br#"{"rules":{"json.*":"off","json.surrogate":"deny"}}"#).unwrap();
        let (actions, _) = policy.compile().unwrap();
        assert_eq!(actions.enforced(Rule::JsonDuplicateKey, Action::Deny), None);
        assert_eq!(actions.enforced(Rule::JsonSurrogate, Action::Deny), Some(Action::Deny));
        assert_eq!(actions.enforced(Rule::JsonSyntax, Action::Deny), Some(Action::Deny));
    }

    #[test]
    fn what_does_not_compile_names_its_place() {
        for (text, pointer) in [
            (r#"{"rules":{"json.nope":"off"}}"#, "/rules/json.nope"),
            (r#"{"rules":{"nope.*":"off"}}"#, "/rules/nope.*"),
            (r#"{"rules":{"*":"off"}}"#, "/rules/*"),
            (r#"{"rules":{".*":"off"}}"#, "/rules/.*"),
            (r#"{"rules":{"path*":"off"}}"#, "/rules/path*"),
            (r#"{"rules":{"json.dup*":"off"}}"#, "/rules/json.dup*"),
            (r#"{"rules":{"json.syntax":"off"}}"#, "/rules/json.syntax"),
            (r#"{"rules":{"json.utf8":"flag"}}"#, "/rules/json.utf8"),
            (r#"{"rules":{"path.nul":"off"}}"#, "/rules/path.nul"),
            (r#"{"rules":{"path.length":"flag"}}"#, "/rules/path.length"),
            (r#"{"limits":{"messageBytes":4294967295}}"#, "/limits/messageBytes"),
            (r#"{"tools":{"t":{"limits":{"messageBytes":4294967295}}}}"#, "/tools/t/limits/messageBytes"),
            (r#"{"tools":{"t":{"arguments":{"path":{"kind":"path"}}}}}"#, "/tools/t/arguments/path"),
            (r#"{"tools":{"t":{"arguments":{"/a*":{"kind":"path"}}}}}"#, "/tools/t/arguments/~1a*"),
            (r#"{"tools":{"t":{"arguments":{"/a~3":{"kind":"path"}}}}}"#, "/tools/t/arguments/~1a~03"),
        ] {
            let error =
                Policy::from_json(text.as_bytes()).and_then(|policy| policy.compile()).expect_err(text);
            assert!(error.to_string().starts_with(&format!("{pointer}:")), "{text}: {error}");
        }
    }

    #[test]
    fn a_tool_overrides_what_holds_for_all() {
        let policy = Policy::from_json(
            br#"{"limits":{"depth":9},"tools":{"*":{"limits":{"nodes":5}},"t":{"limits":{"depth":3}}}}"#,
        )
        .unwrap();
        let (_, tools) = policy.compile().unwrap();
        let (own, other) = (tools.rules(tools.id("t")).limits, tools.rules(tools.id("u")).limits);
        assert_eq!((own.depth, own.nodes), (3, 5));
        assert_eq!((other.depth, other.nodes), (9, 5));
    }

    #[test]
    fn a_tools_mode_wins_over_that_for_all_over_the_policys() {
        let own = r#"tools["t"].mode"#;
        let all = r#"tools["*"].mode"#;
        for (text, member) in [
            ("{}", None),
            (r#"{"mode":"observe"}"#, Some("mode")),
            (r#"{"tools":{"t":{"mode":"observe"}}}"#, Some(own)),
            (r#"{"tools":{"*":{"mode":"observe"}}}"#, Some(all)),
            (r#"{"tools":{"u":{"mode":"observe"}}}"#, None),
            (r#"{"mode":"observe","tools":{"t":{"mode":"enforce"}}}"#, None),
            (r#"{"mode":"observe","tools":{"*":{"mode":"enforce"}}}"#, None),
            (r#"{"mode":"observe","tools":{"*":{"mode":"enforce"},"t":{}}}"#, None),
            (r#"{"tools":{"*":{"mode":"observe"},"t":{"mode":"enforce"}}}"#, None),
            (r#"{"tools":{"*":{"mode":"enforce"},"t":{"mode":"observe"}}}"#, Some(own)),
            (r#"{"mode":"observe","tools":{"t":{"mode":"observe"}}}"#, Some(own)),
        ] {
            let (_, tools) = Policy::from_json(text.as_bytes()).unwrap().compile().unwrap();
            let actions = &tools.rules(tools.id("t")).actions;
            let finding =
                actions.finding(Rule::JsonSyntax, Action::Deny, String::new(), "what").expect("a fixed rule");
            assert_eq!(actions.refuses(Rule::JsonSyntax), member.is_none(), "{text}");
            assert_eq!(finding.action == Action::Deny, member.is_none(), "{text}");
            let said = member.map_or_else(
                || "what (json.syntax)".to_owned(),
                |member| format!(r#"what (json.syntax); not refused because {member} is "observe""#),
            );
            assert_eq!(finding.message, said, "{text}");
        }
    }

    #[test]
    fn what_a_schema_says_stands_behind_what_the_policy_says() {
        let schema = serde_json::json!({ "properties": {
            "urls": { "type": "array", "items": { "type": "string", "format": "uri" } },
            "file_path": { "type": "string" }, "note": { "type": "string" }
        } });
        let found: Vec<_> = inferred("", &schema, ToolWords::default())
            .into_iter()
            .map(|rule| (rule.kind, rule.origin))
            .collect();
        // What lies deeper comes first, because a kind holds for what lies below it too.
        assert_eq!(found, [(Kind::Url, Origin::Inferred), (Kind::Path, Origin::Inferred)]);
        assert_eq!(inferred("", &serde_json::json!(3), ToolWords::default()), []);
    }

    #[test]
    fn long_and_odd_names_of_tools_are_shown_short_and_on_one_line() {
        let name = format!("a\"b\n\u{202e}{}", "x".repeat(1000));
        let mut policy = Policy::default();
        policy.tools.insert(name.clone(), Tool { mode: Some(Mode::Observe), ..Tool::default() });
        let (_, tools) = policy.compile().unwrap();
        let actions = &tools.rules(tools.id(&name)).actions;
        let message = actions.finding(Rule::JsonSyntax, Action::Deny, String::new(), "").unwrap().message;
        assert!(message.len() < 200 && message.contains(r#"tools["a\"b\n\u{202e}xxx"#), "{message}");
    }
}
