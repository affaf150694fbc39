//! What a server may make of a path before it asks the system: homes, variables, URLs and encodings are expanded.
//!
//! Shells, `os.path.expanduser` and `expandvars` of Python, `os.ExpandEnv` of Go, `fileURLToPath` of Node and
//! their kin differ in what they expand, and a server may use several of them. Every path that one of them can make is a
//! reading; the gate lets a path through only where it would let all of them through.

#![forbid(unsafe_code)]

use super::names::{decode, separators};
use super::process::ServerProcess;
use super::text::PATH_LIMIT;
use std::borrow::Cow;

/// Readings that are looked at; a path with more of them is taken for one that nobody can tell.
const MAX_READINGS: usize = 32;

/// What is left to be looked at of the readings of one call's values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach(usize);

impl Default for Reach {
    fn default() -> Self {
        Self(1 << 15)
    }
}

impl Reach {
    /// Whether one more may be looked at.
    pub(super) fn take(&mut self) -> bool {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// Another reading of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// `None` where nobody can tell what it is.
    pub(super) path: Option<String>,
    /// How it comes about.
    pub(super) why: &'static str,
}

const HOME: &str =
    "`~` is the home folder to a server that expands it; a name that starts so is written `./~`";
const VARIABLE: &str = "a server that expands variables reads another path, which is refused";
const URL: &str = "a server that takes `file:` for a URL reads another path, which is refused";
const TRIMMED: &str = "a server that takes white space off the ends reads another path, which is refused";
const WIDE: &str = "a server that normalizes letters reads another path, which is refused";
const ENCODED: &str = "a server that decodes `%` reads another path, which is refused";

/// Whether there may be another reading at all.
pub(super) fn may_differ(path: &str) -> bool {
    path.starts_with('~')
        || memchr::memchr3(b'$', b'%', b':', path.as_bytes()).is_some()
        || trimmed(path).len() < path.len()
        || !path.is_ascii()
}

/// The other readings of a path.
pub(super) fn others(path: &str, process: &ServerProcess) -> Vec<Reading> {
    let mut found: Vec<Reading> = Vec::new();
    let mut next = 0;
    let mut current = path.to_owned();
    loop {
        for reading in one_step(&current, process) {
            let too_long = reading.path.as_ref().is_some_and(|path| path.len() >= PATH_LIMIT);
            let reading = if too_long { Reading { path: None, ..reading } } else { reading };
            let known =
                reading.path.as_deref() == Some(path) || found.iter().any(|other| other.path == reading.path);
            if known {
                continue;
            }
            if found.len() >= MAX_READINGS {
                found.push(Reading { path: None, why: reading.why });
                return found;
            }
            found.push(reading);
        }
        let Some(path) = found.iter().skip(next).find_map(|reading| reading.path.clone()) else {
            return found;
        };
        next += found.iter().skip(next).take_while(|reading| reading.path.is_none()).count() + 1;
        current = path;
    }
}

/// The paths that a URL of a file may stand for.
pub(super) fn of_file_url(url: &str, process: &ServerProcess) -> Vec<String> {
    let mut paths = file_url(&without_localhost(url));
    let others: Vec<_> = paths.iter().flat_map(|path| others(path, process)).collect();
    paths.extend(others.into_iter().filter_map(|reading| reading.path));
    paths
}

/// The name of this machine leads nowhere else.
fn without_localhost(url: &str) -> Cow<'_, str> {
    let behind = url.split_once("//").filter(|(before, _)| before.len() == "file:".len());
    match behind.and_then(|(_, rest)| rest.split_at_checked("localhost".len())) {
        Some((host, path)) if host.eq_ignore_ascii_case("localhost") && path.starts_with('/') => {
            Cow::Owned(["file://", path].concat())
        }
        _ => Cow::Borrowed(url),
    }
}

/// What each kind of server makes of a path.
fn one_step(path: &str, process: &ServerProcess) -> Vec<Reading> {
    let mut found = Vec::new();
    let mut add = |path: Option<String>, why| found.push(Reading { path, why });
    if path.starts_with('~') {
        match home(path, process) {
            Home::Name => {}
            Home::Path(path) => add(Some(path), HOME),
            Home::Unknown => add(None, HOME),
        }
    }
    if path.contains('$') {
        for unset in [Unset::Stays, Unset::Empty] {
            add(variables(path, process, unset), VARIABLE);
        }
    }
    if path.contains('%') {
        add(batch_variables(path, process), VARIABLE);
        if let Some(decoded) = decode(path.as_bytes()) {
            add(Some(String::from_utf8_lossy(&decoded).into_owned()), ENCODED);
        }
    }
    for path in file_url(path) {
        add(Some(path), URL);
    }
    if trimmed(path).len() < path.len() {
        add(Some(trimmed(path).to_owned()), TRIMMED);
    }
    if let Some(path) = separators(path) {
        add(Some(path), WIDE);
    }
    found
}

/// A path without what some languages take off the ends of a text.
fn trimmed(path: &str) -> &str {
    path.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{FEFF}')
}

/// What `~` stands for at the start of a path.
enum Home {
    Path(String),
    /// There is no such user, so that it is a name.
    Name,
    Unknown,
}

fn home(path: &str, process: &ServerProcess) -> Home {
    let end = path.find(['/', '\\']).unwrap_or(path.len());
    let (user, rest) = (path.get(1..end).unwrap_or_default(), path.get(end..).unwrap_or_default());
    let rest = rest.replace('\\', "/");
    let known = |home: Option<String>| match home {
        Some(home) => Home::Path([home.trim_end_matches('/'), &*rest].concat()),
        None => Home::Unknown,
    };
    match user {
        "" => known(process.own_home()),
        // As shells name the working directory and the one before.
        "+" | "0" | "+0" | "-0" => known(process.absolute("").filter(|_| !process.joins)),
        "-" => known(process.variable("OLDPWD")),
        user => match process.home_of(user) {
            Some(home) => known(Some(home)),
            None => Home::Name,
        },
    }
}

/// What becomes of a variable that is not set.
#[derive(Clone, Copy, PartialEq)]
enum Unset {
    /// It stays as it is written, as in Python.
    Stays,
    /// It is nothing, as in shells and Go.
    Empty,
}

/// A path with `$NAME` and `${NAME}` expanded; `None` for what only a shell can tell.
fn variables(path: &str, process: &ServerProcess, unset: Unset) -> Option<String> {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (name, used) = match variable_name(after) {
            Variable::None => {
                out.push('$');
                rest = after;
                continue;
            }
            Variable::Shell => return None,
            Variable::Name(name, used) => (name, used),
        };
        match process.variable(name) {
            Some(value) => out.push_str(&value),
            None if unset == Unset::Stays => {
                out.push('$');
                out.push_str(after.get(..used).unwrap_or_default());
            }
            None => {}
        }
        rest = after.get(used..).unwrap_or_default();
        if out.len() >= PATH_LIMIT {
            return None;
        }
    }
    out.push_str(rest);
    Some(out)
}

enum Variable<'p> {
    /// Its name, and how many bytes behind the `$` it takes.
    Name(&'p str, usize),
    /// An expansion with an operator.
    Shell,
    None,
}

/// The variable that a `$` in front of this text names.
fn variable_name(after: &str) -> Variable<'_> {
    if let Some(inner) = after.strip_prefix('{') {
        let Some(end) = inner.find('}') else { return Variable::None };
        let name = inner.get(..end).unwrap_or_default();
        let plain = plain_name(name);
        let operator = name.as_bytes().get(plain);
        if plain > 0 && operator.is_some_and(|byte| b":-=?+#%/^,@[".contains(byte)) {
            return Variable::Shell;
        }
        return Variable::Name(name, end + 2);
    }
    // PowerShell writes `$env:NAME`.
    if let Some((space, name)) = after.split_at_checked(4)
        && space.eq_ignore_ascii_case("env:")
        && plain_name(name) > 0
    {
        let end = plain_name(name);
        return Variable::Name(name.get(..end).unwrap_or_default(), 4 + end);
    }
    match plain_name(after) {
        // Arguments of a script, which has none.
        0 if after.starts_with(['@', '*', '!']) => Variable::Name(after.get(..1).unwrap_or_default(), 1),
        0 => Variable::None,
        end => Variable::Name(after.get(..end).unwrap_or_default(), end),
    }
}

/// How many bytes at the start can be a name.
fn plain_name(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// Variables that are set wherever `%NAME%` is expanded.
const OF_WINDOWS: [&str; 16] = [
    "allusersprofile",
    "appdata",
    "commonprogramfiles",
    "comspec",
    "homedrive",
    "homepath",
    "localappdata",
    "programdata",
    "programfiles",
    "public",
    "systemdrive",
    "systemroot",
    "temp",
    "tmp",
    "userprofile",
    "windir",
];

/// A path with `%NAME%` expanded; `None` where the value is not known.
fn batch_variables(path: &str, process: &ServerProcess) -> Option<String> {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let name = after.split_once('%').map(|(name, _)| name).unwrap_or_default();
        let is_name = !name.is_empty()
            && plain_name(name) == name.len()
            && !name.starts_with(|c: char| c.is_ascii_digit());
        let value = if is_name { process.variable_in_any_case(name) } else { None };
        match value {
            Some(value) => out.push_str(&value),
            None if is_name && OF_WINDOWS.iter().any(|known| known.eq_ignore_ascii_case(name)) => {
                return None;
            }
            None => {
                out.push('%');
                rest = after;
                continue;
            }
        }
        rest = after.get(name.len() + 1..).unwrap_or_default();
        if out.len() >= PATH_LIMIT {
            return None;
        }
    }
    out.push_str(rest);
    Some(out)
}

/// The paths that a `file:` URL stands for: with a query or fragment and without, with a host or without, and what is
/// left when only the scheme is cut off.
fn file_url(path: &str) -> Vec<String> {
    let url = crate::url::file(path);
    let Some(rest) = url.as_deref().and_then(|url| url.strip_prefix("file:")) else { return Vec::new() };
    let rest = rest.replace('\\', "/");
    let cut = rest.split(['?', '#']).next().unwrap_or_default();
    let mut found = Vec::new();
    for rest in [&*rest, cut] {
        if let Some(with_host) = rest.strip_prefix("//") {
            let path = with_host.find('/').and_then(|at| with_host.get(at..)).unwrap_or("/");
            found.push(path.to_owned());
            if !with_host.starts_with('/') {
                found.push(with_host.to_owned());
            }
        } else if rest.starts_with('/') {
            found.push(rest.to_owned());
        } else {
            found.extend([rest.to_owned(), ["/", rest].concat()]);
        }
    }
    found.retain(|path| !path.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process() -> ServerProcess {
        let env = [("HOME", "/home/ada"), ("EMPTY", ""), ("SUB", "sub"), ("OLDPWD", "/old"), ("Up", "../..")];
        ServerProcess {
            cwd: Some("/srv/project".into()),
            home: Some("/home/ada".into()),
            env: Some(env.map(|(name, value)| (name.to_owned(), value.to_owned())).into()),
            joins: false,
        }
    }

    fn readings(path: &str) -> Vec<Option<String>> {
        assert!(may_differ(path) || others(path, &process()).is_empty(), "{path}");
        others(path, &process()).into_iter().map(|reading| reading.path).collect()
    }

    #[test]
    fn what_servers_expand_is_expanded() {
        for (path, expected) in [
            ("~", "/home/ada"),
            ("~/x", "/home/ada/x"),
            ("~\\x", "/home/ada/x"),
            ("~root/x", "/root/x"),
            ("~+/x", "/srv/project/x"),
            ("~-/x", "/old/x"),
            ("$HOME/x", "/home/ada/x"),
            ("${HOME}/x", "/home/ada/x"),
            ("a/$SUB/b", "a/sub/b"),
            ("$NOTHING/etc/passwd", "/etc/passwd"),
            ("${NOTHING}/etc/passwd", "/etc/passwd"),
            ("$@/etc/passwd", "/etc/passwd"),
            ("$EMPTY/etc/passwd", "/etc/passwd"),
            ("$env:HOME/x", "/home/ada/x"),
            ("%HOME%/x", "/home/ada/x"),
            ("%home%/x", "/home/ada/x"),
            ("%7E/x", "/home/ada/x"),
            ("%24HOME/x", "/home/ada/x"),
            ("file:///etc/x", "/etc/x"),
            ("FILE:/etc/x", "/etc/x"),
            (" file:///etc/x", "/etc/x"),
            ("file://localhost/etc/x", "/etc/x"),
            ("file://host/etc/x", "/etc/x"),
            ("file://~/x", "/home/ada/x"),
            ("file:x", "/x"),
            ("file:x", "x"),
            ("file:\\\\\\etc\\x", "/etc/x"),
            ("file:///etc/x?y#z", "/etc/x"),
            ("file:///a%20b", "/a b"),
            ("file:$HOME/x", "/home/ada/x"),
        ] {
            assert!(readings(path).contains(&Some(expected.to_owned())), "{path}: {:?}", readings(path));
        }
    }

    #[test]
    fn what_nobody_can_tell_is_said() {
        for path in ["%USERPROFILE%\\x", "%AppData%/x", "${HOME:-/etc}/x", "${HOME%/*}/x", "${A:=/etc}"] {
            assert!(readings(path).contains(&None), "{path}: {:?}", readings(path));
        }
        let unknown = ServerProcess { env: Some([].into()), ..ServerProcess::default() };
        assert_eq!(others("~/x", &unknown).first().map(|reading| reading.path.clone()), Some(None));
        let many = (0..40).map(|n| format!("%25{n}")).collect::<Vec<_>>().concat();
        assert!(others(&many, &process()).len() <= MAX_READINGS + 1);
        let long = "$HOME".repeat(1000);
        assert!(readings(&long).contains(&None));
    }

    #[test]
    fn ordinary_names_have_no_other_reading() {
        for path in [
            "a",
            "./~/x",
            "a~",
            "a/~/x",
            "~no-such-user/x",
            "100%",
            "%zz",
            "%Y-%m",
            "a$",
            "$",
            "$/x",
            "filename",
            "profile:x",
            "a/file:x",
            "$$",
            "{a}",
            "${",
            "C$",
        ] {
            assert_eq!(readings(path), [], "{path}");
        }
        // What is not set stays, or goes: a route of a web framework is the same folder's.
        assert_eq!(readings("routes/$id.tsx"), [Some("routes/.tsx".to_owned())]);
        assert_eq!(readings("src/${name}.ts"), [Some("src/.ts".to_owned())]);
        assert_eq!(readings("~$report.docx"), [Some("~.docx".to_owned())]);
    }
}
