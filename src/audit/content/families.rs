//! The signs of each family: patterns of a linear-time engine, over text that was decoded before.
//!
//! A sign names what an attack cannot do without (a broken quote before an operator, a tag that runs code), not
//! a payload. Patterns are matched without case; `.` is any byte.

use super::SHORT;
use super::decoded::Form;
use crate::audit::speech::{self, Source};
use crate::rules::Rule;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::ops::{BitAnd, BitOr};
use std::sync::LazyLock;

mod markup;
mod prompt;
mod shell;
mod sql;

use markup::MARKUP;
use shell::SHELL;
pub(super) use shell::is_command;
use sql::SQL;

/// A set of families; and hints of where a secret may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Families(u32);

impl Families {
    pub(super) const NONE: Self = Self(0);
    pub(super) const SQL: Self = Self(1);
    pub(super) const SHELL: Self = Self(1 << 1);
    pub(super) const MARKUP: Self = Self(1 << 2);
    pub(super) const TEMPLATE: Self = Self(1 << 3);
    pub(super) const XML: Self = Self(1 << 4);
    pub(super) const NOSQL: Self = Self(1 << 5);
    pub(super) const HEADERS: Self = Self(1 << 6);
    /// Orders to a model, by the writing they are in.
    pub(super) const ORDER: Self = Self(1 << 7);
    pub(super) const ORDER_LATIN: Self = Self(1 << 8);
    pub(super) const ORDER_OTHER: Self = Self(1 << 9);
    /// Roles, and what a model is asked to be or to tell.
    pub(super) const ROLE: Self = Self(1 << 10);
    /// Words that speak to the model, where no single sign is one.
    pub(super) const SPEECH: Self = Self(1 << 11);
    pub(super) const PROMPT: Self = Self(0x1F << 7);
    /// The same without [`Self::SPEECH`], for texts that may speak to it.
    pub(super) const MARKED_PROMPT: Self = Self(0xF << 7);
    pub(super) const ALL: Self = Self(0xFFF);
    /// Letters are encoded: any family may be behind them.
    pub(super) const ENCODED: Self = Self(1 << 16);
    /// The credentials of HTTP may follow.
    pub(super) const CREDENTIALS: Self = Self(1 << 17);
    /// A block of text with a key in it may start.
    pub(super) const KEY_BLOCK: Self = Self(1 << 18);
    /// A password of a connection string may follow.
    pub(super) const CONNECTION: Self = Self(1 << 20);
    /// It means something in short texts only.
    pub(super) const SHORT: Self = Self(1 << 19);
    pub(super) const SECRETS: Self = Self(1 << 17 | 1 << 18 | 1 << 20);

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// The families of the set, compiled.
    pub(super) fn of(self) -> impl Iterator<Item = &'static (&'static Family, Compiled)> {
        let compiled: &'static Vec<_> = if self.has(Self::ALL) { &COMPILED } else { const { &Vec::new() } };
        compiled
            .iter()
            .enumerate()
            .filter(move |(index, _)| self.0 >> index & 1 != 0)
            .map(|(_, family)| family)
    }
}

impl BitOr for Families {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

impl BitAnd for Families {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// A class of attack.
pub(super) struct Family {
    pub(super) rule: Rule,
    pub(super) what: &'static str,
    pub(super) form: Form,
    signs: Signs,
}

/// How a class of attack is known.
#[derive(Clone, Copy)]
enum Signs {
    /// By one of several patterns.
    Patterns(&'static [Sign]),
    /// By words that speak to the model.
    Speech,
}

/// A pattern, and how long a text may be in which it means something.
struct Sign(Reach, &'static str);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Documents and programs hold it too.
    Short,
    /// Hardly anything but an attack, or a text about attacks, holds it.
    Any,
}
use Reach::{Any, Short};

/// The signs of a family by where in a text they hold.
pub(super) struct Compiled {
    speech: bool,
    any: RegexSet,
    short: RegexSet,
    /// Signs that start with `^`, each by itself: most texts end the search for one within a few bytes, and together
    /// what they count makes too many states.
    at_start: Vec<Regex>,
    /// Signs that end with `$`.
    at_end: RegexSet,
}

impl Compiled {
    /// Whether this part of a text has a sign. `len`: of the whole text; `first`, `last`: whether it starts and ends
    /// with this part.
    pub(super) fn matches(&self, text: &[u8], len: usize, (first, last): (bool, bool)) -> bool {
        (self.speech && speech::order(text, Source::Data).is_some())
            || self.any.is_match(text)
            || (len <= SHORT
                && (self.short.is_match(text)
                    || (first && self.at_start.iter().any(|sign| sign.is_match(text)))
                    || (last && self.at_end.is_match(text))))
    }
}

impl Family {
    fn patterns(&self) -> &'static [Sign] {
        match self.signs {
            Signs::Patterns(signs) => signs,
            Signs::Speech => &[],
        }
    }

    fn compile(&self) -> Compiled {
        let set = |wanted: fn(&Sign) -> bool| {
            RegexSetBuilder::new(self.patterns().iter().filter(|sign| wanted(sign)).map(|sign| sign.1))
                .case_insensitive(true)
                .dot_matches_new_line(true)
                .unicode(false)
                .build()
                // Every pattern is compiled by a test; an empty set would be seen there.
                .unwrap_or_default()
        };
        Compiled {
            speech: matches!(self.signs, Signs::Speech),
            any: set(|sign| sign.0 == Any),
            short: set(|sign| sign.0 == Short && !sign.is_at_start() && !sign.is_at_end()),
            at_start: self
                .patterns()
                .iter()
                .filter(|sign| sign.0 == Short && sign.is_at_start())
                .filter_map(Sign::compile)
                .collect(),
            at_end: set(|sign| sign.0 == Short && !sign.is_at_start() && sign.is_at_end()),
        }
    }
}

impl Sign {
    fn compile(&self) -> Option<Regex> {
        RegexBuilder::new(self.1)
            .case_insensitive(true)
            .dot_matches_new_line(true)
            .unicode(false)
            .build()
            .ok()
    }

    fn is_at_start(&self) -> bool {
        self.1.starts_with('^')
    }

    fn is_at_end(&self) -> bool {
        self.1.ends_with('$')
    }
}

/// The families with their compiled signs.
static COMPILED: LazyLock<Vec<(&Family, Compiled)>> =
    LazyLock::new(|| FAMILIES.iter().map(|family| (family, family.compile())).collect());

/// Builds all of them.
pub(super) fn warm() {
    LazyLock::force(&COMPILED);
    shell::warm();
}

const PROMPT_WHAT: &str = "words that mean to instruct the model";

/// Every class, in the order of the bits of [`Families`].
const FAMILIES: &[Family] = &[
    Family {
        rule: Rule::InjectionSql,
        what: "text that changes the SQL statement it is put into",
        form: Form::Sql,
        signs: Signs::Patterns(SQL),
    },
    Family {
        rule: Rule::InjectionShell,
        what: "text that a shell takes for a command",
        form: Form::Plain,
        signs: Signs::Patterns(SHELL),
    },
    Family {
        rule: Rule::InjectionXss,
        what: "markup that runs code in a browser",
        form: Form::Plain,
        signs: Signs::Patterns(MARKUP),
    },
    Family {
        rule: Rule::InjectionTemplate,
        what: "an expression that a template engine runs",
        form: Form::Plain,
        signs: Signs::Patterns(TEMPLATE),
    },
    Family {
        rule: Rule::InjectionXxe,
        what: "a document type that makes an XML parser load something",
        form: Form::Plain,
        signs: Signs::Patterns(XML),
    },
    Family {
        rule: Rule::InjectionNosql,
        what: "an operator or code of a document database",
        form: Form::Plain,
        signs: Signs::Patterns(NOSQL),
    },
    Family {
        rule: Rule::InjectionCrlf,
        what: "a line break that starts a header",
        form: Form::Written,
        signs: Signs::Patterns(HEADERS),
    },
    Family {
        rule: Rule::InjectionPrompt,
        what: PROMPT_WHAT,
        form: Form::Written,
        signs: Signs::Patterns(prompt::ORDER),
    },
    Family {
        rule: Rule::InjectionPrompt,
        what: PROMPT_WHAT,
        form: Form::Written,
        signs: Signs::Patterns(prompt::ORDER_LATIN),
    },
    Family {
        rule: Rule::InjectionPrompt,
        what: PROMPT_WHAT,
        form: Form::Written,
        signs: Signs::Patterns(prompt::ORDER_OTHER),
    },
    Family {
        rule: Rule::InjectionPrompt,
        what: PROMPT_WHAT,
        form: Form::Written,
        signs: Signs::Patterns(prompt::ROLE),
    },
    Family { rule: Rule::InjectionPrompt, what: PROMPT_WHAT, form: Form::Written, signs: Signs::Speech },
];

const TEMPLATE: &[Sign] = &[
    // arithmetic, which only an engine answers
    Sign(
        Short,
        r#"(?:\{\{|\$\{|#\{|<%=|\{%|@\(|\*\{|~\{|\[\[\$\{)[^}%]{0,20}?\d+ ?[*+/-] ?['\"]?\d+['\"]?[^}%]{0,20}(?:\}|%>|\))"#,
    ),
    // a look-up that loads code (CVE-2021-44228, CVE-2022-42889), or hides the name of one
    Sign(
        Any,
        r"\$\{[^}]{0,80}(?:jndi:|lower:|upper:|::-)|\$\{[^}]{0,20}\$\{(?:env|sys|date|main|ctx):|\$\{(?:script:(?:javascript|js|groovy|nashorn)|dns:address|url:utf-8)\b",
    ),
    // objects of an engine that lead to the interpreter
    Sign(
        Short,
        r"(?:\{\{|\{%|[$#*%@~]\{|<%=?|<#)[^}>]{0,200}(?:__\w+__|\bconfig\b *(?:\.|\}|\[)|\bself\b\.|\brequest\.|\bcycler\b|\bjoiner\b|\blipsum\b|\bconstructor\b|\bprocessbuilder\b|\bgetruntime\b|\bruntime\b|\bpopen\b|\bgetclass\b|\bforname\b|\bsystem\s*\(|\bsystem\.(?:diagnostics|io|reflection|getenv|exit)\b|\bexec(?:sync)?\s*\(|\bspawn(?:sync)?\s*\(|\bchild_process\b|\bfile\.(?:open|read)|\bio\.popen|\bphpinfo\b|\bfile_get_contents|\bget_user_file|\bgetfilter|\bregisterundefinedfilter|\bnew\(\)|\b(?:get)?classloader\b|\bt\(java|#_memberaccess|@java\.|#context\b|\|\s*(?:filter|map|sort|reduce)\s*\(\s*['\x22]?(?:system|exec|passthru|popen|shell_exec|assert)\b)",
    ),
    // a command that a template runs
    Sign(Short, r"(?:<%=?|#\{)\s*`|\{\s*(?:system|passthru|shell_exec|exec)\s*\("),
    // directives of an engine
    Sign(
        Short,
        r"<#assign\b|freemarker\.template|#set\s*\(\s*\$\w+\s*=|\$class\.inspect|\{php\}|\{\{ ?=? ?self\b|\{% ?(?:import|include|debug)\b|\{\$smarty\.",
    ),
];

const XML: &[Sign] = &[
    // a document type with an internal subset, or one from a file
    Sign(
        Any,
        r#"<!doctype[^>\[]{0,200}(?:\[|\bsystem\b|\bpublic\b\s*['\"](?:[^'\">\-][^'\">]{0,100})?['\"]\s*['\"](?:https?|ftp|file|php|expect|gopher|jar|data):)"#,
    ),
    // an entity
    Sign(Any, r#"<!entity\s+%?\s*[\w.:-]+\s+(?:system\b|public\b|['\"])"#),
    // an inclusion
    Sign(Any, r"<xi:include\b|xmlns:xi\s*="),
];

const NOSQL: &[Sign] = &[
    // an operator where a value belongs
    Sign(
        Short,
        r#"\[\$(?:ne|gt|gte|lt|lte|in|nin|regex|where|exists|eq|or|and|not|type|mod|expr|options|elemmatch|all|size)\]|['\"{,]\s*\$?\$(?:ne|gt|gte|lt|lte|nin|regex|where|exists|expr|function|accumulator|jsonschema)['\"]?\s*:|\$where\b"#,
    ),
    // a list of conditions, or of values, where one value belongs
    Sign(Short, r#"\{\s*['\"]?\$(?:or|and|nor|in|nin|all)['\"]?\s*:\s*\["#),
    // a stage that reads another collection or runs code
    Sign(Short, r#"['\"{,]\s*\$(?:lookup|graphlookup|unionwith|out|merge)['\"]?\s*:\s*[{'\"]"#),
    // code inside a condition
    Sign(
        Short,
        r#"['\"]?\s*(?:\|\||&&|;)\s*(?:this\.\w+|return\s+(?:true|this)|sleep\(|db\.\w+\.)|;\s*(?:return true|while\s*\()|\bdb\.\w+\.(?:find|insert|drop|remove|update)"#,
    ),
];

const HEADERS: &[Sign] = &[
    // a header behind an encoded line break
    Sign(
        Any,
        r"(?:%0d|%0a|%e5%98%8a|%e5%98%8d)[\s%0-9a-f]{0,12}(?:[a-z]{1,20}(?:-[a-z]{1,20}){1,4}|location|refresh|link|host|bcc)[ \t]*(?::|%3a)",
    ),
    // a header that changes the answer behind one that is raw, or written as a program writes it
    Sign(
        Short,
        r"(?:\\r\\n|\r\n|\r)\s{0,12}(?:set-cookie2?|location|content-length|content-type|transfer-encoding|access-control-allow-\w+|x-[a-z\-]{3,30}|refresh|link|clear-site-data|bcc|host)[ \t]*:",
    ),
    // a second response, or a body
    Sign(Any, r"(?:%0d%0a|\r\n)[\s%0-9a-f]{0,12}http/[\d.]{1,3} \d{3}|%0d%0a%0d%0a[ \t]*(?:<|%3c)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        let rules = [
            (Families::SQL, Rule::InjectionSql),
            (Families::SHELL, Rule::InjectionShell),
            (Families::MARKUP, Rule::InjectionXss),
            (Families::TEMPLATE, Rule::InjectionTemplate),
            (Families::XML, Rule::InjectionXxe),
            (Families::NOSQL, Rule::InjectionNosql),
            (Families::HEADERS, Rule::InjectionCrlf),
            (Families::ORDER, Rule::InjectionPrompt),
            (Families::ORDER_LATIN, Rule::InjectionPrompt),
            (Families::ORDER_OTHER, Rule::InjectionPrompt),
            (Families::ROLE, Rule::InjectionPrompt),
            (Families::SPEECH, Rule::InjectionPrompt),
        ];
        for (families, rule) in rules {
            assert_eq!(families.of().map(|(family, _)| family.rule).collect::<Vec<_>>(), [rule]);
        }
        assert_eq!(Families::ALL.of().count(), rules.len());
        for (family, compiled) in &*COMPILED {
            for sign in family.patterns() {
                assert!(sign.compile().is_some(), "{}: {}", family.rule.id(), sign.1);
            }
            let sets = [&compiled.any, &compiled.short, &compiled.at_end];
            assert_eq!(
                compiled.at_start.len() + sets.map(RegexSet::len).iter().sum::<usize>(),
                family.patterns().len(),
                "{}",
                family.rule.id()
            );
        }
    }
}
