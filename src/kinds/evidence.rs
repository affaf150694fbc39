//! What speaks for each kind, and what speaks against it.
//!
//! Every word and phrase here is in lower case and in the singular, as [`super::facts`] makes them.

#![forbid(unsafe_code)]

use super::facts::{Facts, words_of_name};
use super::pattern::Shape;
use crate::policy::Kind;

/// What the names beside a value tell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Siblings {
    port: bool,
    table: bool,
    repository: bool,
    hosted: bool,
    file_call: bool,
    web_call: bool,
}

impl Siblings {
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n String>) -> Self {
        let mut siblings = Self::default();
        for name in names {
            let name = words_of_name(name).join(" ");
            match name.as_str() {
                "port" => siblings.port = true,
                "table" | "table name" | "column" | "where" => siblings.table = true,
                "repo path" | "repository path" => siblings.repository = true,
                "repo" | "repository" | "owner" | "repo name" | "project id" => {
                    siblings.repository = true;
                    siblings.hosted = true;
                }
                "recursive" | "overwrite" | "exclude pattern" | "edit" | "create parent" => {
                    siblings.file_call = true;
                }
                "method" | "header" | "url" | "base url" | "endpoint" | "bucket" => siblings.web_call = true,
                _ => {}
            }
        }
        siblings
    }
}

/// The kind of a string, where it is known.
pub(super) fn kind(facts: &Facts<'_>) -> Option<Kind> {
    if facts.has("enum") || facts.has("const") {
        return Some(Kind::Opaque);
    }
    if let Some(told) = by_encoding(facts) {
        return told;
    }
    if let Some(told) = by_format(facts) {
        return told;
    }
    let shape = facts.keyword("pattern").map(Shape::of);
    let fits = |kind: &Kind| match (kind, shape) {
        (Kind::Word, Some(shape)) => shape.is_some_and(Shape::is_word),
        (Kind::Identifier, Some(shape)) => shape.is_some_and(Shape::is_identifier),
        (Kind::Text | Kind::Code | Kind::Sql, Some(_)) => false,
        _ => true,
    };
    let by_name = [
        (Kind::Path, is_path as fn(&Facts<'_>) -> bool),
        (Kind::Url, is_url),
        (Kind::Host, is_host),
        (Kind::Sql, is_sql),
        (Kind::Identifier, is_identifier),
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

/// What the keywords for embedded content say; the inner `None` where the kind is surely none of ours.
fn by_encoding(facts: &Facts<'_>) -> Option<Option<Kind>> {
    if let Some(encoding) = facts.keyword("contentEncoding") {
        let is_opaque = ["base64", "base64url", "base32", "base16"].iter().any(|known| encoding.eq_ignore_ascii_case(known));
        return Some(is_opaque.then_some(Kind::Opaque));
    }
    let media = facts.keyword("contentMediaType")?.to_ascii_lowercase();
    let media = media.split(';').next().unwrap_or_default().trim();
    let is_code = matches!(
        media,
        "text/html" | "text/css" | "text/javascript" | "application/javascript" | "application/x-sh"
    ) || media.starts_with("text/x-");
    Some(match media {
        "text/plain" | "text/markdown" => Some(Kind::Text),
        "application/sql" => Some(Kind::Sql),
        _ => is_code.then_some(Kind::Code),
    })
}

/// What `format` says; the inner `None` where the kind is none of ours.
fn by_format(facts: &Facts<'_>) -> Option<Option<Kind>> {
    let kind = match facts.keyword("format")? {
        "uri" | "iri" | "url" | "http-url" => is_web_address(facts).then_some(Kind::Url),
        "hostname" | "idn-hostname" | "ipv4" | "ipv6" | "ip" | "ipvanyaddress" => {
            (!facts.says(NO_HOST)).then_some(Kind::Host)
        }
        // As pydantic writes its types.
        "path" | "file-path" | "directory-path" if !facts.says(REMOTE) && !facts.says(NO_PATH) => Some(Kind::Path),
        "byte" | "base64" => Some(Kind::Opaque),
        "date-time" | "date" | "time" | "duration" | "uuid" | "email" | "idn-email" | "regex" | "json-pointer"
        | "relative-json-pointer" | "uri-reference" | "iri-reference" | "uri-template" | "password" | "binary"
        | "phone" => return Some(facts.keyword("pattern").and_then(|pattern| by_shape(Shape::of(pattern)))),
        _ => return None,
    };
    Some(kind.filter(|kind| shows(facts, *kind)))
}

/// Whether the values that the schema shows can be of this kind.
fn shows(facts: &Facts<'_>, kind: Kind) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "._/:@=+,-".contains(c);
    facts.examples.iter().all(|value| match kind {
        Kind::Path => {
            let lower = value.to_lowercase();
            let route = ["/api", "/v1", "/v2", "/users", "$.", "//"].iter().any(|start| lower.starts_with(start));
            !route && !value.contains("://") && !value.contains(['*', '{', '[', '<', '\n'])
        }
        Kind::Url => {
            let is_place = value.contains(['.', '/', ':']) || value.is_empty();
            let lower = value.to_lowercase();
            !is_place || lower.starts_with("http://") || lower.starts_with("https://") || is_scheme(&lower)
        }
        Kind::Host => {
            let host = |c: char| c.is_alphanumeric() || ".:-_[]".contains(c);
            !value.is_empty() && value.chars().all(host) && !value.starts_with('.')
        }
        Kind::Word => !value.is_empty() && value.chars().all(plain) && !value.starts_with('-'),
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

/// Names of what is said about a thing, not of the thing.
const ABOUT: &[&str] = &[
    "type", "format", "extension", "ext", "size", "id", "uuid", "content", "data", "count", "mode", "encoding", "prefix",
    "suffix", "pattern", "filter", "regex", "regexp", "glob", "hash", "checksum", "key", "token", "text", "body", "message",
    "value", "label", "status", "kind", "category", "version", "date", "time", "slug", "param", "parameter", "method", "title",
    "description", "query", "template", "scheme", "protocol", "port", "list", "string", "json", "base64", "delimiter",
    "separator", "language", "reason", "note", "comment", "instruction", "prompt", "context", "name", "expression", "condition",
    "code", "script", "command", "cmd", "question", "summary", "keyword", "term",
];

/// Places that are not in the file system of the tool.
const REMOTE: &[&str] = &[
    "s3", "bucket", "blob", "gcs", "azure", "ftp", "sftp", "ssh", "remote", "google drive", "dropbox", "sharepoint",
    "onedrive", "github", "gitlab", "bitbucket", "container", "docker", "pod", "kubernete", "registry", "email", "mail",
    "inbox", "mailbox", "gmail", "imap", "attachment", "notion", "confluence", "jenkin", "figma", "vault", "memory",
];

const NO_PATH: &[&str] = &[
    "url", "uri", "http", "route", "endpoint", "api", "xpath", "jsonpath", "json path", "json pointer", "dot notation",
    "jq", "key path", "object path", "property path", "field path", "svg", "learning path", "career path", "breadcrumb",
    "active directory", "phone", "employee", "ldap", "base64", "wildcard", "glob", "regex", "regular expression", "html",
    "selector", "css", "dom", "classpath", "menu", "scene", "node path", "asset path", "graph", "shortest", "hiking", "id",
    "identifier", "or content", "or text", "bookmark", "clickable", "xml path", "import path", "module path", "package path",
];

const FILES: &[&str] =
    &["file", "filename", "directory", "folder", "filesystem", "file system", "disk", "working directory", "subdirectory"];

/// What a path leads to.
const KEPT: &[&str] = &[
    "file", "directory", "dir", "folder", "image", "img", "picture", "video", "audio", "input", "output", "config", "log", "local",
    "working", "work", "save", "download", "document", "doc", "pdf", "csv", "excel", "workbook", "spreadsheet", "script", "font",
    "screenshot", "project", "repo", "repository", "workspace", "source", "src", "destination", "dest", "target", "absolute",
    "notebook", "archive", "zip", "executable", "binary", "dataset", "model", "checkpoint", "cert", "certificate", "template", "root",
];

fn is_path(facts: &Facts<'_>) -> bool {
    let head = facts.head();
    if facts.says(NO_PATH) || facts.says(REMOTE) || facts.raw.contains("://") || facts.siblings.web_call || facts.siblings.hosted {
        return false;
    }
    let name: Vec<&str> = facts.name.iter().map(String::as_str).collect();
    match name.as_slice() {
        ["filepath" | "filename" | "dirname" | "dirpath" | "cwd" | "workdir" | "directory" | "dir"] => true,
        [.., "file" | "directory" | "dir" | "folder", "path" | "name"] | ["path", "to", "file"] => true,
        [.., "working" | "output" | "input" | "root" | "base" | "source" | "src" | "target", "directory" | "dir" | "folder"] => true,
        // A folder may be one of mails, a file its content.
        [.., "folder" | "directory" | "dir"] => facts.is_bare() || facts.says(&["path", "file", "disk", "filesystem", "file system", "working directory", "local"]),
        [.., "file" | "filename"] => {
            facts.says(&["path", "filepath", "filename", "file name", "name of the file", "location of the file"])
                && !facts.says(&["content", "upload"])
        }
        [.., before, "path"] if KEPT.contains(before) => facts.is_bare() || facts.says(FILES) || facts.says(&["path to", "path of", "path where"]),
        [.., "path"] => (facts.is_bare() && facts.siblings.file_call) || facts.says(FILES),
        _ => {
            let paths = &[
                "file path", "filepath", "path to the file", "path of the file", "path to a file", "directory path", "folder path",
                "path to the directory", "path to the folder", "path of the directory", "path of the folder", "path to a directory",
                "path to a folder", "path to the image", "path to the output", "path to the input", "path to an image", "file system path",
            ];
            !ABOUT.contains(&head) && facts.opens_with(paths, 7)
        }
    }
}

/// What a name says of a URL that is not one of the web, or not a whole one.
const NO_WEB_NAME: &[&str] = &[
    "database", "db", "connection", "redi", "redis", "mongo", "mongodb", "postgre", "postgres", "mysql", "jdbc", "amqp", "broker",
    "proxy", "repo", "repository", "git", "clone", "remote", "ssh", "relative", "path", "ws", "wss", "websocket", "socket", "rtsp",
    "rtmp", "s3", "data", "slug", "file", "short", "encoded", "partial", "pattern", "match", "exclude", "include", "filter", "dsn",
];

const NO_WEB: &[&str] = &[
    "or path", "or file", "or local", "file path", "local file", "local path", "relative", "url path", "path of the url", "slug",
    "or domain", "or hostname", "or host", "or ip", "or id", "or name", "or title", "or username", "or keyword", "or search", "base64",
    "data url", "data uri", "pattern", "wildcard", "regex", "regular expression", "connection string", "connection url",
    "database url", "jdbc", "redi", "mongodb", "amqp", "websocket", "rtsp", "rtmp", "ssh", "without", "not include", "excluding",
    "url encoded", "prefix", "query string", "part of the url", "url fragment", "comma separated", "handle", "friendly",
    "scp", "urn", "spotify uri", "spotify", "magnet", "deep link", "s3 uri", "gs", "ipfs", "id or url", "path or url", "file or url",
    "name or url", "text or url", "username or url", "uri reference", "custom scheme", "resource uri", "document uri", "if any",
];

fn is_web_address(facts: &Facts<'_>) -> bool {
    if facts.named(NO_WEB_NAME) || facts.says(NO_WEB) || other_scheme(&facts.raw) {
        return false;
    }
    // A URI may have any scheme.
    !facts.named(&["uri", "iri", "urn", "resource"]) || facts.says(&["url", "http", "web", "website", "webpage"])
}

/// Whether a scheme other than those of the web is shown.
fn other_scheme(raw: &str) -> bool {
    raw.match_indices("://").any(|(at, _)| {
        let before = raw.get(..at).unwrap_or_default();
        !(before.ends_with("http") || before.ends_with("https") || before.ends_with("(s)") || before.ends_with("[s]"))
    })
}

fn is_url(facts: &Facts<'_>) -> bool {
    let web = ["url", "http", "web address", "webpage", "web page"];
    let is_place = match facts.name.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [.., "url"] | ["url", "to", ..] => true,
        [.., "uri" | "href" | "link" | "hyperlink" | "webhook" | "website" | "endpoint" | "site" | "webpage" | "homepage"] => {
            facts.opens_with(&web, 12) || facts.raw.contains("http://") || facts.raw.contains("https://")
        }
        [.., head] if !ABOUT.contains(head) => {
            facts.opens_with(&["url of", "url to", "url for", "url where", "url that", "url pointing"], 4)
        }
        _ => false,
    };
    let anchored = |pattern: &str| pattern.starts_with("^http") || pattern.starts_with("^(http");
    (is_place || facts.keyword("pattern").is_some_and(anchored)) && is_web_address(facts)
}

const NO_HOST: &[&str] = &[
    "range", "cidr", "subnet", "mask", "netmask", "url", "uri", "http", "protocol", "scheme", "wildcard", "pattern", "regex",
    "comma separated", "mac", "email", "street", "party", "event", "podcast", "math", "mathematical", "knowledge", "function",
    "or id", "or name", "path", "socket", "identifier", "id", "group", "tag", "username", "user name",
];

fn is_host(facts: &Facts<'_>) -> bool {
    if facts.says(NO_HOST) {
        return false;
    }
    let address = ["ip address", "ipv4", "ipv6", "hostname", "host name", "fqdn", "fully qualified domain"];
    match facts.name.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [.., "hostname" | "fqdn"] | [.., "ip", "address" | "addr"] | [.., "ipv4" | "ipv6", "address"] | ["ip"] => true,
        [.., "ip"] => facts.is_bare() || facts.says(&["ip", "ip address"]),
        [.., "host"] => {
            facts.says(&address) || facts.says(&["domain name", "network address", "server address", "dn", "dns", "localhost", "ip"])
                || (facts.siblings.port && facts.is_bare())
        }
        [.., "domain"] | [.., "domain", "name"] => {
            facts.says(&["domain name", "dns", "whois", "whoi", "registrar", "subdomain", "hostname", "example com", "website"])
                || facts.name.len() == 2 && facts.is_bare() && facts.head() == "name"
        }
        [.., "server" | "target" | "address" | "node" | "machine"] | [.., "server", "address"] => facts.opens_with(&address, 8),
        _ => false,
    }
}

fn is_sql(facts: &Facts<'_>) -> bool {
    let no = [
        "where clause", "fragment", "clause", "condition", "nosql", "mongodb", "natural language", "injection", "dialect", "path",
        "filename", "table name", "column name", "expression",
    ];
    let whole = ["sql query", "sql statement", "sql select", "select query", "select statement", "sql to", "sql command", "sql code"];
    if facts.says(&no) {
        return false;
    }
    match facts.name.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["sql"] | [.., "sql", "query" | "statement" | "command"] | ["query", "sql"] => true,
        [.., "query" | "statement" | "sql"] => facts.says(&whole),
        _ => false,
    }
}

fn is_identifier(facts: &Facts<'_>) -> bool {
    let no = [
        "csv", "excel", "spreadsheet", "sheet", "dataframe", "data frame", "furniture", "restaurant", "markdown", "html", "airtable", "id",
        "identifier", "dynamodb", "bigquery", "notion", "header", "kanban", "board", "number", "letter", "index", "comma separated",
        "expression", "alia", "connect", "connection", "server", "mongodb", "file", "space", "dining", "game", "periodic", "wildcard", "all column",
        "elasticsearch", "project",
    ];
    if facts.says(&no) || facts.examples.iter().any(|value| value.contains('*')) {
        return false;
    }
    let database = ["database", "sql", "db", "row", "record", "schema", "postgre", "mysql", "sqlite", "sql server", "query", "snowflake", "relational", "describe"];
    match facts.name.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [.., "table", "name"] => facts.is_bare() || facts.says(&database),
        [.., "table"] => facts.says(&database),
        [.., "column", "name"] | [.., "column"] => {
            facts.says(&["database", "sql", "db", "table", "sqlite", "postgre", "mysql"]) && !facts.says(&["select", "return", "retrieve", "fetch"])
        }
        ["database" | "db" | "schema"] | [.., "database" | "db" | "schema", "name"] => {
            facts.siblings.table && facts.says(&["database", "schema", "db"])
        }
        _ => false,
    }
}

fn is_word(facts: &Facts<'_>) -> bool {
    if facts.says(&["pattern", "wildcard", "glob", "regex", "comma separated", "space separated", "optional version", "version specifier", "expression", "or path", "or url", "url", "message"]) {
        return false;
    }
    let git = ["git", "repo", "repository", "commit", "committed", "merge", "merged", "push", "pushed", "checkout", "pull request", "github", "gitlab"];
    let about = |words: &[&str]| facts.says(words);
    match facts.name.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [.., "branch"] | [.., "branch", "name"] => {
            let no = ["bank", "store", "office", "library", "company", "business", "tree", "ref", "reference", "revision", "or commit", "or tag", "sha"];
            (about(&git) || (facts.siblings.repository && (facts.is_bare() || about(&["branch"])))) && !about(&no)
        }
        [.., "commit", "sha" | "hash"] => !about(&["ref", "reference", "revision", "range", "relative", "head", "branch"]),
        [.., "sha"] => about(&["commit", "blob", "git", "file"]) && !about(&["ref", "reference", "branch"]),
        [.., "tag"] | [.., "tag", "name"] => {
            about(&["git tag", "release tag", "tag of the release", "docker tag", "image tag", "tag for the release"]) && !about(&["ref", "branch", "label"])
        }
        [.., "container"] | [.., "container", "name" | "id"] => {
            about(&["docker", "podman", "container id", "name or id of the container", "kubernete"]) && !about(&["blob", "storage", "azure", "shipping", "html", "css", "image"])
        }
        [.., "image"] | [.., "image", "name"] => about(&["docker image", "container image"]) && !about(&["file"]),
        [.., "package"] | [.., "package", "name"] => {
            about(&["npm", "pypi", "package name", "crate", "rubygem", "npm package", "python package"])
                && !about(&["travel", "delivery", "shipping", "subscription", "tour", "version", "tracking"])
        }
        [.., "namespace"] | [.., "pod" | "deployment"] | [.., "pod" | "deployment" | "namespace", "name"] => about(&["kubernete", "k8"]),
        _ => false,
    }
}

fn is_code(facts: &Facts<'_>) -> bool {
    let no = [
        "country", "currency", "airport", "postal", "zip", "promo", "promotional", "coupon", "discount", "error code", "status", "language code", "area",
        "iso", "product", "verification", "otp", "authentication", "authorization", "oauth", "qr", "barcode", "stock", "ticker", "exchange",
        "state", "region", "dress", "sku", "diagnosis", "icd", "course", "booking", "reservation", "confirmation", "path", "filename",
        "identifier", "id", "url", "two letter", "three letter", "digit", "file name", "name of the script", "movie",
    ];
    let languages = [
        "python", "javascript", "typescript", "java", "lua", "rust", "ruby", "golang", "php", "kotlin", "swift", "bash", "shell",
        "powershell", "c", "r", "matlab", "html", "css",
    ];
    let use_of_code = ["source code", "code to", "code snippet", "snippet", "code that", "code block", "code for", "code you", "code which"];
    let script = ["script to", "script content", "source code", "script that", "script source", "content of the script", "script code"];
    if facts.says(&no) {
        return false;
    }
    match facts.name.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [.., "source", "code"] | [.., "code", "snippet"] | [.., "python" | "js" | "javascript" | "typescript" | "html" | "cs" | "css", "code"] => true,
        [.., "code" | "snippet"] => facts.says(&use_of_code) || (facts.says(&languages) && facts.says(&["code"])),
        [.., "script"] => facts.says(&script) || facts.says(&languages),
        _ => facts.opens_with(&["source code to", "source code of", "source code as", "python code", "javascript code", "lua source code"], 4) && !ABOUT.contains(&facts.head()),
    }
}

fn is_text(facts: &Facts<'_>) -> bool {
    let no = [
        "json", "xml", "html tag", "sql", "regex", "regular expression", "pattern", "id", "identifier", "uuid", "url", "path", "file", "filename",
        "base64", "encoded", "hash", "hex", "command", "shell", "script", "enum", "template", "latex", "formula", "expression", "pitch", "melody",
        "music", "musical", "chord", "key", "yaml", "serialized", "code", "mime", "header", "one of", "comma separated", "format", "number",
        "pointer", "type of", "cipher", "encrypted", "binary", "digit", "encrypt", "decrypt", "decode", "encode", "query language",
    ];
    if facts.says(&no) || facts.named(&["id", "type", "format", "key", "template", "json", "sql", "raw", "html", "xml"]) {
        return false;
    }
    let told = |words: &[&str]| facts.says(words);
    match facts.name.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [.., "message" | "comment" | "feedback" | "prompt" | "instruction" | "summary" | "caption" | "bio" | "biography" | "question"
        | "explanation" | "greeting" | "announcement" | "reply" | "tweet" | "memo" | "reason" | "description" | "complaint"] => true,
        ["note" | "notes"] | ["additional" | "special" | "release", "note"] => !facts.is_bare() && !told(&["title", "name"]),
        [.., "text"] => told(&["translate", "translated", "analyze", "analyse", "analyzed", "summarize", "summarized", "summarise", "speech", "sentiment", "classify", "text content", "text of the", "prose", "paragraph", "article", "essay", "message"]),
        [.., "body"] => told(&["email", "message", "issue", "comment", "post", "pull request", "article", "note", "mail"]) && !told(&["request", "http"]),
        [.., "content"] => told(&["post", "message", "note", "email", "memory", "article", "comment", "page", "tweet", "review", "blog", "content item"]) && !told(&["markup", "request"]),
        [.., "subject"] => told(&["email", "mail", "message"]),
        [.., "title"] => told(&["issue", "ticket", "pull request", "post", "blog", "article", "task", "todo", "meeting", "page"]) && !told(&["exact", "search", "slug"]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::singular;

    #[test]
    fn words_are_compared_as_they_are_made() {
        let source = include_str!("evidence.rs");
        let ours = source.split("#[cfg(test)]").next().unwrap_or_default();
        let known = ["redis", "postgres", "whois", "notes", "s3", "k8"];
        let phrases = ours.split('"').skip(1).step_by(2).filter(|text| text.chars().all(|c| c.is_ascii_lowercase() || c == ' '));
        for phrase in phrases {
            let made: Vec<String> = phrase.split(' ').map(singular).collect();
            assert!(made.join(" ") == phrase || known.contains(&phrase), "{phrase}: {}", made.join(" "));
        }
    }
}
