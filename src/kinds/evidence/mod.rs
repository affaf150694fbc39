//! What speaks for each kind, and what speaks against it.
//!
//! `locations` knows paths, URLs and hosts, `commands` what a shell, Git or a registry is given, `statements` what goes to
//! a database, `writing` programs and prose. Every word and phrase here is in lower case and in the singular, as
//! [`super::words`] makes them, and a list is one text with commas between.

#![forbid(unsafe_code)]

mod commands;
mod locations;
mod statements;
mod writing;

use super::facts::Facts;
use super::pattern::Shape;
use super::words::{has, words_of_name};
use crate::policy::Kind;
use commands::{is_command, is_ref, is_word};
use locations::{NO_HOST, is_elsewhere, is_host, is_path, is_url, is_web_address};
use statements::{is_document_query, is_identifier, is_sql};
use writing::{is_code, is_text};

/// What the names beside a value tell.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a name that is there or not")]
pub(super) struct Siblings {
    port: bool,
    table: bool,
    /// A repository, here or elsewhere.
    repository: bool,
    /// A repository of a service on the network.
    hosted: bool,
    web_call: bool,
    /// A program or command beside its arguments.
    command: bool,
    /// The language that a program is in.
    language: bool,
}

impl Siblings {
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n String>) -> Self {
        let mut siblings = Self::default();
        let (mut owner, mut project, mut change) = (false, false, false);
        for name in names {
            let name = words_of_name(name).join(" ");
            match name.as_str() {
                "port" => siblings.port = true,
                "table" | "table name" | "column" | "where" => siblings.table = true,
                "repo path" | "repository path" => siblings.repository = true,
                "owner" | "repo owner" | "repo slug" | "org" => owner = true,
                "repo" | "repository" | "repo name" | "project id" | "repository id" => project = true,
                "branch" | "ref" | "commit message" | "sha" | "merge request iid" | "pull number" => {
                    change = true;
                }
                "method" | "header" | "base url" | "endpoint" | "bucket" | "bucket name" | "query param" => {
                    siblings.web_call = true;
                }
                "command" | "cmd" | "program" | "executable" => siblings.command = true,
                "language" | "runtime" | "interpreter" => siblings.language = true,
                _ => {}
            }
        }
        siblings.repository |= project;
        siblings.hosted = project && (owner || change);
        siblings
    }
}

/// The kind of an object or list as a whole, where it is known.
pub(super) fn kind_of_all(facts: &Facts<'_>) -> Option<Kind> {
    is_document_query(facts).then_some(Kind::Code)
}

/// The kind of a string, where it is known.
pub(super) fn kind(facts: &Facts<'_>) -> Option<Kind> {
    if facts.has("enum") || facts.has("const") {
        return Some(Kind::Opaque);
    }
    for told in [by_encoding(facts), by_format(facts)] {
        match told {
            Told::Is(kind) => return Some(kind),
            Told::NoneOfOurs => return None,
            Told::Nothing => {}
        }
    }
    let shape = facts.keyword("pattern").map(Shape::of);
    let fits = |kind: &Kind| match (kind, shape) {
        (Kind::Word, Some(shape)) => shape.is_some_and(Shape::is_word),
        (Kind::Identifier, Some(shape)) => shape.is_some_and(Shape::is_identifier),
        (Kind::Ref | Kind::Text | Kind::Code | Kind::Sql | Kind::Command, Some(_)) => false,
        _ => true,
    };
    let by_name = [
        (Kind::Path, is_path as fn(&Facts<'_>) -> bool),
        (Kind::Url, is_url),
        (Kind::Host, is_host),
        (Kind::Sql, is_sql),
        (Kind::Command, is_command),
        (Kind::Identifier, is_identifier),
        (Kind::Ref, is_ref),
        (Kind::Word, is_word),
        (Kind::Code, is_code),
        (Kind::Text, is_text),
    ];
    let told = by_name.into_iter().find(|(_, is_kind)| is_kind(facts)).map(|(kind, _)| kind);
    told.filter(|kind| fits(kind) && shows(facts, *kind)).or_else(|| by_shape(shape.flatten()))
}

/// The kind of everything that the pattern allows.
fn by_shape(shape: Option<Shape>) -> Option<Kind> {
    let shape = shape?;
    if shape.is_identifier() {
        Some(Kind::Identifier)
    } else if shape.is_word() {
        Some(Kind::Word)
    } else {
        None
    }
}

/// What a keyword tells.
enum Told {
    Is(Kind),
    /// Something that is surely of another kind than we know.
    NoneOfOurs,
    Nothing,
}

impl Told {
    fn of(kind: Option<Kind>) -> Self {
        kind.map_or(Self::NoneOfOurs, Self::Is)
    }
}

/// What the keywords for embedded content say.
fn by_encoding(facts: &Facts<'_>) -> Told {
    if let Some(encoding) = facts.keyword("contentEncoding") {
        let encoding = encoding.to_ascii_lowercase();
        let is_opaque = matches!(&*encoding, "base64" | "base64url" | "base32" | "base16");
        return Told::of(is_opaque.then_some(Kind::Opaque));
    }
    let Some(media) = facts.keyword("contentMediaType") else { return Told::Nothing };
    let media = media.to_ascii_lowercase();
    let media = media.split(';').next().unwrap_or_default().trim();
    let is_code = matches!(
        media,
        "text/html" | "text/css" | "text/javascript" | "application/javascript" | "application/x-sh"
    ) || media.starts_with("text/x-");
    Told::of(match media {
        "text/plain" | "text/markdown" => Some(Kind::Text),
        "application/sql" => Some(Kind::Sql),
        _ => is_code.then_some(Kind::Code),
    })
}

/// Formats of something else; a pattern may still tell what they allow.
const OTHER_FORMATS: &str = "date-time, date, time, duration, uuid, email, idn-email, regex, json-pointer, \
    relative-json-pointer, uri-reference, iri-reference, uri-template, password, binary, phone";

/// What `format` says.
fn by_format(facts: &Facts<'_>) -> Told {
    let kind = match facts.keyword("format") {
        // A guess takes data in the place of an address for what it is.
        Some("uri" | "iri" | "url" | "http-url") => {
            (is_web_address(facts) || facts.says("url or data uri, url or data url")).then_some(Kind::Url)
        }
        Some("hostname" | "idn-hostname" | "ipv4" | "ipv6" | "ip" | "ipvanyaddress") => {
            (!facts.says(NO_HOST)).then_some(Kind::Host)
        }
        // As pydantic writes its types.
        Some("path" | "file-path" | "directory-path") => (!is_elsewhere(facts)).then_some(Kind::Path),
        Some("byte" | "base64") => Some(Kind::Opaque),
        Some(format) if has(OTHER_FORMATS, format) => {
            return Told::of(facts.keyword("pattern").and_then(|pattern| by_shape(Shape::of(pattern))));
        }
        _ => return Told::Nothing,
    };
    Told::of(kind.filter(|kind| shows(facts, *kind)))
}

/// Whether the values that the schema shows can be of this kind.
fn shows(facts: &Facts<'_>, kind: Kind) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "._/:@=+,-".contains(c);
    facts.examples.iter().all(|value| match kind {
        Kind::Path => {
            let lower = value.to_lowercase();
            let route =
                ["/api", "/v1", "/v2", "/users", "$.", "//"].iter().any(|start| lower.starts_with(start));
            let is_template = value.contains('{') && value.starts_with('/');
            !route && !is_template && !value.contains("://") && !value.contains(['*', '[', '<', '\n'])
        }
        Kind::Url => {
            let is_place = value.contains(['.', '/', ':']);
            let lower = value.to_lowercase();
            !is_place || lower.starts_with("http://") || lower.starts_with("https://") || is_scheme(&lower)
        }
        Kind::Host => {
            let host = |c: char| c.is_alphanumeric() || ".:-_[]".contains(c);
            value.chars().all(host) && !value.starts_with('.')
        }
        Kind::Word => value.chars().all(plain) && !value.starts_with('-'),
        Kind::Identifier => {
            let name = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
            value.chars().all(name) && value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        }
        _ => true,
    })
}

/// `http`, `https://`: how a description names a scheme.
fn is_scheme(text: &str) -> bool {
    matches!(text.trim_end_matches(['/', ':']), "http" | "https")
}

/// Schemes that are not of the web.
const OTHER_SCHEMES: &str = "file, postgresql, postgres, mysql, mongodb, mongodb+srv, redis, rediss, sqlite, jdbc, amqp, ws, wss, rtsp, rtmp, \
    ssh, git, s3, gs, ftp, sftp, ipfs, spotify, magnet, data, mcp, vscode, neo4j, bolt, oracle, mssql, abfs, hdfs";

/// Whether a scheme is shown that is none of the web.
fn other_scheme(raw: &str) -> bool {
    raw.match_indices("://").any(|(at, _)| {
        let before = raw.get(..at).unwrap_or_default();
        let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '+')).map_or(0, |at| at + 1);
        before.get(start..).is_some_and(|scheme| has(OTHER_SCHEMES, scheme))
    })
}

/// Names of what is said about a thing, not of the thing.
const ABOUT: &str = "type, format, extension, ext, size, id, uuid, content, data, count, mode, encoding, prefix, suffix, \
    pattern, filter, regex, regexp, glob, hash, checksum, key, token, text, body, message, value, label, \
    status, kind, category, version, date, time, slug, param, parameter, method, title, description, query, \
    template, scheme, protocol, port, list, string, json, base64, delimiter, separator, language, reason, \
    note, comment, instruction, prompt, context, name, expression, condition, code, script, command, cmd, \
    question, summary, keyword, term";

#[cfg(test)]
mod tests {
    use super::super::words::singular;

    const SOURCES: [&str; 6] = [
        include_str!("commands.rs"),
        include_str!("locations.rs"),
        include_str!("statements.rs"),
        include_str!("writing.rs"),
        include_str!("../phrase.rs"),
        include_str!("../setting.rs"),
    ];

    #[test]
    fn words_are_compared_as_they_are_made() {
        for source in SOURCES {
            let code: Vec<&str> =
                source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let code = code.join("\n");
            let lists = code.split('"').skip(1).step_by(2).map(|list| list.replace("\\\n", " "));
            let words: Vec<String> = lists
                .flat_map(|list| {
                    list.split(',')
                        .map(|phrase| phrase.split_whitespace().collect::<Vec<_>>().join(" "))
                        .collect::<Vec<_>>()
                })
                .filter(|phrase| phrase.chars().all(|c| c.is_ascii_lowercase() || c == ' '))
                .collect();
            assert!(words.len() > 100);
            for phrase in words {
                let made: Vec<String> = phrase.split(' ').map(singular).collect();
                assert_eq!(made.join(" "), phrase);
            }
        }
    }
}
