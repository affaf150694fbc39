//! URIs of resources, held against the templates of the policy. No backtracking: a variable ends at the first place
//! where it can.

use crate::access::{scheme, uri_fault};
use crate::audit::is_whole;
use crate::error::Error;
use crate::policy::Resources;

/// Longer URIs are no URIs of resources (bytes).
const MAX_URI: usize = 8192;

/// The compiled `resources.templates`.
#[derive(Debug, Default)]
pub(crate) struct UriGuard {
    templates: Vec<Template>,
}

/// What is left to judge of a URI that a template allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A path below a root, its encoding undone.
    Path(String),
    Host(String),
}

#[derive(Debug, PartialEq, Eq)]
struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable { kind: Kind, listed: Vec<String> },
}

/// What a variable stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Identifier,
    Host,
    Text,
    Opaque,
    Path,
}

impl UriGuard {
    pub(crate) fn new(policy: &Resources) -> Result<Self, Error> {
        let template = |(index, text): (usize, &String)| {
            Template::new(text).map_err(|what| Error::policy(&format!("/resources/templates/{index}"), what))
        };
        let templates = policy.templates.iter().enumerate().map(template).collect::<Result<_, _>>()?;
        Ok(Self { templates })
    }

    /// Whether the policy names no URIs, so that all are allowed.
    pub(crate) fn is_open(&self) -> bool {
        self.templates.is_empty()
    }

    /// What is left to judge, by the first template that allows the URI; the error is that none does.
    pub(crate) fn allows(&self, uri: &str) -> Result<Vec<Value>, &'static str> {
        if uri.len() > MAX_URI {
            return Err("a URI of more than 8,192 bytes");
        }
        if self.templates.is_empty() {
            return uri_fault(uri).map_or(Ok(Vec::new()), Err);
        }
        let found = self.templates.iter().find_map(|template| template.matches(uri));
        found.ok_or("a URI that no template of the policy allows")
    }
}

impl Template {
    fn new(text: &str) -> Result<Self, &'static str> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (plain, from) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
            if plain.contains('}') {
                return Err("\"}\" without \"{\"");
            }
            if !plain.is_empty() {
                parts.push(Part::Text(plain.to_owned()));
            }
            let Some(inside) = from.strip_prefix('{') else { break };
            let (variable, behind) = inside.split_once('}').ok_or("\"{\" without \"}\"")?;
            if matches!(parts.last(), Some(Part::Variable { .. })) {
                return Err("two variables with no text between");
            }
            parts.push(Part::variable(variable)?);
            rest = behind;
        }
        match parts.first_mut() {
            Some(Part::Text(text)) if scheme(text).is_some() => *text = lower_scheme(text),
            _ => return Err("a template starts with a scheme and \":\""),
        }
        Ok(Self { parts })
    }

    fn matches(&self, uri: &str) -> Option<Vec<Value>> {
        let uri = lower_scheme(uri);
        let mut rest = uri.as_str();
        let mut left = Vec::new();
        let mut parts = self.parts.as_slice();
        while let [part, tail @ ..] = parts {
            parts = tail;
            let (kind, listed) = match part {
                Part::Text(text) => {
                    rest = rest.strip_prefix(text.as_str())?;
                    continue;
                }
                Part::Variable { kind, listed } => (*kind, listed),
            };
            let end = match tail {
                [] => rest.len(),
                // The last text is where the URI ends.
                [Part::Text(text)] => rest.strip_suffix(text.as_str())?.len(),
                [Part::Text(text), ..] => rest.find(text.as_str())?,
                [Part::Variable { .. }, ..] => return None,
            };
            let (written, from) = rest.split_at_checked(end)?;
            kind.value(written, listed, &mut left)?;
            rest = from;
        }
        rest.is_empty().then_some(left)
    }
}

impl Part {
    /// `name`, `name:kind`, `name(a|b)` or `name:kind(a|b)`.
    fn variable(text: &str) -> Result<Self, &'static str> {
        let (head, listed) = match text.split_once('(') {
            None => (text, Vec::new()),
            Some((head, list)) => {
                let list = list.strip_suffix(')').ok_or("\"(\" without \")\"")?;
                (head, list.split('|').map(str::to_owned).collect())
            }
        };
        let (name, kind) = head.split_once(':').unwrap_or((head, "word"));
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err("the name of a variable is letters, digits and \"_\"");
        }
        if listed.iter().any(String::is_empty) {
            return Err("a listed value is empty");
        }
        let kind = match kind {
            "word" => Kind::Word,
            "identifier" => Kind::Identifier,
            "host" => Kind::Host,
            "text" => Kind::Text,
            "opaque" => Kind::Opaque,
            "path" => Kind::Path,
            _ => return Err("the kind of a variable is word, identifier, host, text, opaque or path"),
        };
        Ok(Self::Variable { kind, listed })
    }
}

impl Kind {
    /// Reads the value that is written so; `None` where it is not of this kind. What is left to judge goes to `left`.
    fn value(self, written: &str, listed: &[String], left: &mut Vec<Value>) -> Option<()> {
        let stops: &[char] = if self == Self::Path { &['?', '#'] } else { &['/', '?', '#'] };
        if written.is_empty() || written.contains(stops) || written.contains(char::is_control) {
            return None;
        }
        let value = decoded(written)?;
        let whole = self != Self::Path;
        if whole && (value.contains(['/', '\\', '\0']) || value == "." || value == "..") {
            return None;
        }
        // What is encoded twice is read once by some and twice by others.
        if !matches!(self, Self::Text | Self::Opaque) && decoded(&value).as_ref() != Some(&value) {
            return None;
        }
        if !listed.is_empty() && !listed.contains(&value) {
            return None;
        }
        let ok = match self {
            Self::Word => is_whole(crate::policy::Kind::Word, &value),
            Self::Identifier => is_whole(crate::policy::Kind::Identifier, &value),
            Self::Text | Self::Opaque => true,
            Self::Path => {
                left.push(Value::Path(value));
                true
            }
            Self::Host => {
                left.push(Value::Host(value));
                true
            }
        };
        ok.then_some(())
    }
}

/// The text without its percent-encoding; `None` where that is wrong, or hides no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte == b'%' {
            let [high, low, tail @ ..] = tail else { return None };
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            out.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
            rest = tail;
        } else {
            out.push(*byte);
        }
    }
    String::from_utf8(out).ok()
}

fn lower_scheme(text: &str) -> String {
    let Some(scheme) = scheme(text) else { return text.to_owned() };
    let behind = text.get(scheme.len()..).unwrap_or_default();
    [scheme.to_ascii_lowercase().as_str(), behind].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(templates: &[&str], uri: &str) -> Result<Vec<Value>, &'static str> {
        let templates = templates.iter().map(|text| (*text).to_owned()).collect();
        UriGuard::new(&Resources { templates }).unwrap().allows(uri)
    }

    #[test]
    fn a_uri_matches_as_a_whole_and_each_value_by_its_kind() {
        let db = "db://{table:identifier(users|orders)}/{id:word}";
        for (template, uri, allowed) in [
            (db, "db://users/7", true),
            (db, "DB://orders/a-b", true),
            (db, "db://secrets/7", false),
            (db, "db://USERS/7", false),
            (db, "db://users/", false),
            (db, "db://users", false),
            (db, "db://users/7/8", false),
            (db, "db://users/7?x=1", false),
            (db, "db://users/7#x", false),
            (db, "db://users/..", false),
            (db, "db://users/%2e%2e", false),
            (db, "db://users/a%2Fb", false),
            (db, "db://users/a%5cb", false),
            (db, "db://users/a%00", false),
            (db, "db://users/a%252Fb", false),
            (db, "db://users/%zz", false),
            (db, "db://users/%ff", false),
            (db, "db://users/%", false),
            (db, "db://%75sers/7", true),
            (db, "db://users/-rf", false),
            (db, "db://users/a;b", false),
            (db, "db://users/a b", false),
            (db, "xdb://users/7", false),
            (db, "db://users/7 ", false),
            ("t:{id}", "t:a", true),
            ("t:{id}", "t:", false),
            ("t:{id}.json", "t:a.json", true),
            ("t:{id}.json", "t:a.json.json", true),
            ("t:{id}.json", "t:.json", false),
            ("t:{id}.json", "t:a", false),
            ("t:{a}-{b}", "t:x-y", true),
            ("t:{a}-{b}", "t:x-y-z", true),
            ("t:{a}-{b}", "t:xy", false),
            ("t:{a}/x/{b}", "t:a/x/b", true),
            ("t:{a}/x/{b}", "t:a/y/x/b", false),
            ("t:fixed", "t:fixed", true),
            ("t:fixed", "t:fixed2", false),
            ("t:{a:text}", "t:%20a%20b;", true),
            ("t:{a:text}", "t:a/b", false),
            ("t:{q(a|b)}?x={v(1)}", "t:a?x=1", true),
            ("t:{q(a|b)}?x={v(1)}", "t:a?x=2", false),
        ] {
            assert_eq!(allows(&[template], uri).is_ok(), allowed, "{template} {uri}");
        }
        assert_eq!(allows(&[], "anything at all"), Ok(Vec::new()));
        assert_eq!(allows(&["a:{x}", "b:{x}"], "b:1"), Ok(Vec::new()));
        assert!(allows(&[], &"x".repeat(MAX_URI + 1)).is_err());
    }

    #[test]
    fn paths_and_hosts_are_left_to_those_who_know_them() {
        let path = |text: &str| Ok(vec![Value::Path(text.to_owned())]);
        assert_eq!(allows(&["file://{p:path}"], "file:///a/b%20c"), path("/a/b c"));
        assert_eq!(allows(&["file:///{p:path}"], "file:///../x"), path("../x"));
        assert!(allows(&["file:///{p:path}"], "file:///a?b").is_err());
        assert!(allows(&["file:///{p:path}"], "file:///%252e%252e/x").is_err());
        let host = Ok(vec![Value::Host("10.0.0.1".to_owned())]);
        assert_eq!(allows(&["dns://{h:host}"], "dns://10.0.0.1"), host);
    }

    #[test]
    fn faults_of_templates() {
        for template in [
            "",
            "{a}",
            "users/{a}",
            "t:{a",
            "t:a}",
            "t:{a}{b}",
            "t:{}",
            "t:{a:uri}",
            "t:{a(b}",
            "t:{a(b||c)}",
            "t:{a-b}",
            "1t:{a}",
            "t:{a:word}(b)}",
        ] {
            assert!(Template::new(template).is_err(), "{template}");
        }
    }
}
