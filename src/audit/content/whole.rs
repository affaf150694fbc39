//! What a value is as a whole where nobody says what it is: a way out of a folder, a file of the system, an option.
//!
//! Prose and code hold the same words; a value that is nothing but a path, or nothing but an option, means it.

use super::affix::{ends, starts};
use crate::rules::Rule;

/// Longer values are texts (bytes).
pub(in crate::audit) const MAX_WHOLE: usize = 4096;

/// How often a path may be encoded.
const ROUNDS: usize = 4;

/// Whether a string as written can be more than a word: what starts as a path, an option or an address does, or has a
/// slash in it.
#[inline]
pub(in crate::audit) fn may_be(written: &[u8]) -> bool {
    let written = written.trim_ascii_end();
    let Some(first) = written.first() else { return false };
    if written.len() > 2 * MAX_WHOLE {
        // A path that is longer has parts that it does not need.
        return matches!(first, b'.' | b'/' | b'~') && !written.iter().any(u8::is_ascii_whitespace);
    }
    first.is_ascii_whitespace()
        || matches!(first, b'-' | b'.' | b'~' | b'/' | b'\\' | b'"' | b'\'' | b'`' | b'<' | b'@' | b'=')
        || memchr::memmem::find(written, b"../").is_some()
        || starts(written, &["ext::", "core.", "alias."])
        || if written.contains(&b' ') {
            lists_a_path(written)
        } else {
            first.is_ascii_digit()
                || memchr::memchr3(b'/', b'\\', b'%', written).is_some()
                || (written.len() < 48 && memchr::memchr2(b':', b'.', written).is_some())
        }
}

/// Whether a path from the root follows what separates the parts of a list, written as in JSON or as it is.
fn lists_a_path(written: &[u8]) -> bool {
    memchr::memchr_iter(b'/', written).any(|at| {
        let (before, rest) = written.split_at(at);
        rest.get(1).is_some_and(|next| !matches!(next, b'/' | b' '))
            && matches!(
                before,
                [.., b' ' | b',' | b';' | b'|' | b'\n' | b'\t'] | [.., b'\\', b'n' | b'r' | b't']
            )
    })
}

/// Whether something is put round a path, or several are listed.
pub(in crate::audit) fn is_wrapped(text: &str) -> bool {
    text.bytes().any(|byte| {
        matches!(
            byte,
            b'"' | b'\'' | b'`'
                | b'<'
                | b'@'
                | b'='
                | b'('
                | b'['
                | b','
                | b';'
                | b':'
                | b'|'
                | b'\\'
                | b'*'
                | b'?'
                | b'{'
                | b'\t'..=b'\r'
                | b'\x1C'..=b'\x1F'
        )
    })
}

/// The path in a text that is the path or URL of a file, and nothing but that.
pub(in crate::audit) fn path_of_file(text: &str) -> Option<&str> {
    let url = text.split_at_checked(5).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("file:"));
    let path = url.map_or(text, |(_, rest)| {
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        rest.strip_prefix("localhost").unwrap_or(rest)
    });
    let bytes = path.as_bytes();
    let is_path = (bytes.first() == Some(&b'.') || memchr::memchr2(b'/', b'\\', bytes).is_some())
        && !bytes.contains(&b':')
        && (starts_as_path(bytes) || !bytes.contains(&b' '))
        && !path.contains(['\n', '\r']);
    is_path.then_some(path)
}

/// What a whole value is; `takes_options` says whether an option may stand here.
pub(in crate::audit) fn whole(
    text: &str,
    takes_options: impl FnOnce() -> bool,
) -> Option<(Rule, &'static str)> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if text.len() > MAX_WHOLE || text.contains(['\n', '\r']) {
        return None;
    }
    if is_option(text.as_bytes()) && !takes_options() {
        return Some((Rule::InjectionArgument, "an option where a value belongs"));
    }
    if is_transport(text.as_bytes()) {
        return Some((Rule::InjectionShell, "a program that git runs to reach a repository"));
    }
    if starts(text.as_bytes(), SETTINGS) || is_alias(text.as_bytes()) {
        return Some((Rule::InjectionArgument, "a setting of git that makes it run a program"));
    }
    // Paths may have spaces in them where they start as one.
    let bytes = text.as_bytes();
    if !starts_as_path(bytes) && bytes.contains(&b' ') && memchr::memmem::find(bytes, b"/../").is_none() {
        return None;
    }
    if is_share(bytes) {
        return Some((
            Rule::PathBlocked,
            "a folder of another machine, which gets the name and password of the user",
        ));
    }
    if !starts_as_path(bytes) && !bytes.contains(&b'%') && memchr::memmem::find(bytes, b"..").is_none() {
        return None;
    }
    let mut room = [0; MAX_WHOLE];
    let mut len = bytes.len();
    room.get_mut(..len)?.copy_from_slice(bytes);
    for _ in 0..ROUNDS {
        len = decode(room.get_mut(..len)?);
    }
    let encoded = len < bytes.len();
    let path = room.get_mut(..len)?;
    path.iter_mut().filter(|byte| **byte == b'\\').for_each(|byte| *byte = b'/');
    path.make_ascii_lowercase();
    let path: &[u8] = path;
    let local = starts(path, &["file:"]);
    let scheme = path.windows(3).position(|part| part == b"://");
    let path = match scheme {
        Some(at) if local => path.get(at + 3..).unwrap_or_default(),
        // The path of an address is its server's.
        Some(_) => return None,
        None => path.strip_prefix(b"file:").unwrap_or(path),
    };
    let path = path.strip_prefix(b"localhost").filter(|_| local).unwrap_or(path);
    if let Some(fault) = climbs(path, encoded) {
        return Some(fault);
    }
    is_of_system(path).then_some((Rule::PathBlocked, "a file of the system or of credentials"))
}

/// Settings of git whose value is a program (`git help config`), as `-c` takes them.
const SETTINGS: &[&str] = &[
    "core.sshcommand=",
    "core.hookspath=",
    "core.fsmonitor=",
    "core.pager=",
    "core.editor=",
    "core.askpass=",
    "core.gitproxy=",
    "credential.helper=",
    "diff.external=",
    "sequence.editor=",
    "gpg.program=",
    "uploadpack.packobjectshook=",
];

/// `alias.x=!id`
fn is_alias(text: &[u8]) -> bool {
    starts(text, &["alias."]) && memchr::memmem::find(text, b"=!").is_some()
}

/// `ext::sh -c x`: git runs that to reach a repository, be it in quotes for a shell before.
pub(super) fn is_transport(text: &[u8]) -> bool {
    let quotes = text.iter().take_while(|byte| matches!(byte, b'\'' | b'"' | b' ' | b'\t')).count();
    text.get(quotes..).is_some_and(|rest| starts(rest, &["ext::"]))
}

/// `--output=x`, `-oProxyCommand=x`, `-c`, and no list of words or negative number.
pub(super) fn is_option(text: &[u8]) -> bool {
    let name = |text: &[u8]| {
        text.iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .count()
    };
    match text {
        [b'-', b'-', rest @ ..] => {
            let len = name(rest);
            rest.first().is_some_and(u8::is_ascii_alphabetic)
                && matches!(rest.get(len), None | Some(b'=' | b' '))
        }
        [b'-', letter, rest @ ..] if letter.is_ascii_alphabetic() => match rest {
            [] => true,
            // A short option and its value: a path, an assignment, a word of its own.
            [b' ', value @ ..] => !value.contains(&b' '),
            rest => {
                let first = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
                let value = rest.get(first.len() + 1..).unwrap_or_default();
                let is_place = matches!(value.first(), Some(b'/' | b'~' | b'.' | b'$'));
                first.contains(&b'=')
                    || (value.is_empty() && first.contains(&b'/'))
                    || (is_place && first.len() < 4 && first.iter().all(u8::is_ascii_alphabetic))
            }
        },
        _ => false,
    }
}

fn starts_as_path(text: &[u8]) -> bool {
    matches!(text, [b'/' | b'\\' | b'~', ..] | [b'.', b'.', b'/' | b'\\', ..])
        || matches!(text, [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic())
        || starts(text, &["file:"])
        || starts(text, HOMES)
}

/// The home as a shell or a server writes it that puts variables in.
const HOMES: &[&str] = &[
    "$home/",
    "${home}/",
    "${home:-",
    "$env:home/",
    "$env:home\\",
    "$env:userprofile/",
    "$env:userprofile\\",
    "${env:home}/",
    "%home%/",
    "%userprofile%/",
    "%userprofile%\\",
    "%homedrive%%homepath%/",
    "%homedrive%%homepath%\\",
];

/// Undoes one round of percent encodings in place, overlong dots and slashes included, and tells how long the text is
/// now.
fn decode(text: &mut [u8]) -> usize {
    let (mut from, mut to) = (0, 0);
    while let Some([first, tail @ ..]) = text.get(from..) {
        let hex = |at: usize| {
            let digits = tail.get(at..at + 2).and_then(|digits| std::str::from_utf8(digits).ok());
            digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())
        };
        let (byte, used) = match (first, hex(0)) {
            // Overlong forms of `.`, `/` and `\`.
            (b'%', Some(0xC0 | 0xC1)) if tail.get(2) == Some(&b'%') => match hex(3) {
                Some(0xAE | 0x2E) => (b'.', 6),
                Some(0xAF | 0x2F | 0x9C | 0x5C) => (b'/', 6),
                _ => (b'%', 1),
            },
            (b'%', Some(byte)) => (byte, 3),
            (b'%', None) if starts(tail, &["u002e", "uff0e"]) => (b'.', 6),
            (b'%', None) if starts(tail, &["u002f", "u2215", "u2216", "uff0f", "u005c"]) => (b'/', 6),
            _ => (*first, 1),
        };
        if let Some(place) = text.get_mut(to) {
            *place = byte;
        }
        (from, to) = (from + used, to + 1);
    }
    to
}

/// A path that leads above where it starts, or that names a place by a way back.
fn climbs(path: &[u8], encoded: bool) -> Option<(Rule, &'static str)> {
    let mut depth = 0_usize;
    let mut above = 0_usize;
    let mut back = 0_usize;
    for part in path.split(|byte| *byte == b'/') {
        // `..;` is `..` to some servers, and `....` is what is left of `../..` where `../` is taken out once.
        let part = part.strip_suffix(b";").unwrap_or(part);
        match part {
            b"" | b"." => {}
            b".." | b"...." => {
                back += 1;
                if depth == 0 {
                    above += 1;
                } else {
                    depth -= 1;
                }
            }
            _ => depth += 1,
        }
    }
    let rooted = matches!(path, [b'/', ..] | [_, b':', ..]);
    let leaves = above > 0 || (rooted && back > 0);
    let has_parts = path.contains(&b'/');
    match (leaves && has_parts, encoded && back > 0) {
        (true, true) => Some((Rule::PathEncoded, "an encoded path that climbs out of its folder")),
        (true, false) => Some((Rule::PathTraversal, "a path that climbs out of its folder")),
        (false, _) => None,
    }
}

/// Files and folders that tell of the system.
const SYSTEM_FILES: &[&str] = &["/etc", "/proc", "/sys", "/boot.ini"];

/// Where others lie, or how their names begin.
const SYSTEM_FOLDERS: &[&str] = &[
    "/etc/",
    // The home of whoever works in a container: only what is hidden there is the system's.
    "/root/.",
    "/proc/",
    "/sys/",
    "/boot/",
    "/run/",
    "/var/run/",
    "/var/lib/",
    "/var/spool/",
    "/var/backups/",
    "/var/log/auth",
    "/var/log/secure",
    "/dev/mem",
    "/dev/kmem",
    "/dev/sd",
    "/dev/vd",
    "/dev/xvd",
    "/dev/dm-",
    "/dev/nvme",
    "/dev/disk/",
    "/dev/tcp/",
    "/dev/udp/",
    "/windows/",
    "/winnt/",
];

/// Under these the system of another machine, or of the one around a container, is mounted.
const MOUNTS: &[&str] = &["/private", "/host", "/hostfs", "/rootfs", "/mnt/c", "/cygdrive/c"];

/// Parts of the names of others.
const SYSTEM_PARTS: &[&[u8]] = &[
    b"/.ssh/id_",
    b"/.ssh/identity",
    b"/.ssh/authorized_keys",
    b"/.aws/credentials",
    b"/.netrc",
    b"/.git-credentials",
    b"/.pgpass",
    b"/.my.cnf",
    b"/.docker/config.json",
    b"/.kube/config",
    b"/.gnupg/",
    b"/.config/gcloud/",
    b"/.azure/",
    b"/.npmrc",
    b"/.pypirc",
    b"/.bash_history",
    b"/.zsh_history",
    b"/.config/gh/hosts.yml",
    b"/.claude/.credentials.json",
    b"/.codex/auth.json",
    b"/.vault-token",
    b"/library/keychains/",
];

/// `\\\\host\\share`, as Windows writes it.
fn is_share(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"\\\\") else { return false };
    let mut names = rest.split(|byte| *byte == b'\\');
    let is_name = |name: Option<&[u8]>| {
        name.is_some_and(|name| {
            !name.is_empty()
                && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._$@:".contains(byte))
        })
    };
    is_name(names.next()) && is_name(names.next())
}

/// Files that tell of the system or open other doors; `path` has small letters and slashes.
fn is_of_system(path: &[u8]) -> bool {
    let path = [&b"//?/"[..], b"//./"].iter().find_map(|start| path.strip_prefix(*start)).unwrap_or(path);
    let drive = matches!(path, [letter, b':', ..] if letter.is_ascii_alphabetic());
    let home = matches!(path, [b'~', ..]) || starts(path, HOMES);
    if !drive && !home && path.first() != Some(&b'/') {
        return false;
    }
    // `//etc/./passwd` is `/etc/passwd`.
    let (mut room, mut len) = ([0; MAX_WHOLE + 1], 0);
    for part in path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".") {
        let Some(place) = room.get_mut(len..len + 1 + part.len()) else { return false };
        if let [slash, name @ ..] = place {
            *slash = b'/';
            name.copy_from_slice(part);
        }
        len += 1 + part.len();
    }
    let plain = room.get(..len).unwrap_or_default();
    let plain = if drive { plain.get(3..).unwrap_or_default() } else { plain };
    let mounted = MOUNTS.iter().find_map(|mount| plain.strip_prefix(mount.as_bytes()));
    let plain = mounted.filter(|rest| rest.first() == Some(&b'/')).unwrap_or(plain);
    // What is open to all, and what is written to be read.
    if ends(plain, &[".pub", ".example", ".md"]) {
        return false;
    }
    SYSTEM_FILES.iter().any(|name| plain == name.as_bytes())
        // Names there have no spaces: with one it is a question about the file.
        || ((drive || !plain.contains(&b' ')) && starts(plain, SYSTEM_FOLDERS))
        || SYSTEM_PARTS.iter().any(|part| memchr::memmem::find(plain, part).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_values_that_leave_their_place() {
        for (text, rule) in [
            ("../../../etc/passwd", Rule::PathTraversal),
            ("../secret.txt", Rule::PathTraversal),
            ("..\\..\\windows\\win.ini", Rule::PathTraversal),
            ("a/../../x", Rule::PathTraversal),
            ("/srv/data/../other/x", Rule::PathTraversal),
            ("/var/www/../../etc/passwd", Rule::PathTraversal),
            ("....//....//etc/passwd", Rule::PathTraversal),
            ("..;/..;/x", Rule::PathTraversal),
            ("../My Documents/x", Rule::PathTraversal),
            ("%2e%2e%2fx", Rule::PathEncoded),
            ("..%2f..%2fx", Rule::PathEncoded),
            ("%252e%252e%252fx", Rule::PathEncoded),
            ("..%c0%af..%c0%afetc", Rule::PathEncoded),
            ("%c0%ae%c0%ae/x", Rule::PathEncoded),
            ("..%5c..%5cx", Rule::PathEncoded),
            ("file:///srv/../../etc/x", Rule::PathTraversal),
            ("/etc/passwd", Rule::PathBlocked),
            ("/etc/shadow", Rule::PathBlocked),
            ("//etc/./passwd", Rule::PathBlocked),
            ("/etc/sudoers.d/x", Rule::PathBlocked),
            ("/proc/self/environ", Rule::PathBlocked),
            ("/proc/1/environ", Rule::PathBlocked),
            ("~/.ssh/id_rsa", Rule::PathBlocked),
            ("~root/.ssh/id_rsa", Rule::PathBlocked),
            ("$HOME/.ssh/id_rsa", Rule::PathBlocked),
            ("${HOME}/.aws/credentials", Rule::PathBlocked),
            ("%USERPROFILE%\\.aws\\credentials", Rule::PathBlocked),
            ("/home/ada/.aws/credentials", Rule::PathBlocked),
            ("/etc", Rule::PathBlocked),
            ("/etc/nginx/nginx.conf", Rule::PathBlocked),
            ("/root/.bashrc", Rule::PathBlocked),
            ("/root/.config/x", Rule::PathBlocked),
            ("/private/etc/passwd", Rule::PathBlocked),
            ("/host/etc/passwd", Rule::PathBlocked),
            ("/run/containerd/containerd.sock", Rule::PathBlocked),
            ("/var/lib/kubelet/config.yaml", Rule::PathBlocked),
            ("/proc/1/task/1/environ", Rule::PathBlocked),
            ("$env:USERPROFILE\\.ssh\\id_rsa", Rule::PathBlocked),
            ("${HOME:-/root}/.ssh/id_rsa", Rule::PathBlocked),
            ("\\\\?\\C:\\Windows\\win.ini", Rule::PathBlocked),
            ("\\\\evil.example\\share\\x", Rule::PathBlocked),
            ("my notes/../../../etc/passwd", Rule::PathTraversal),
            ("%25252e%25252e%25252fx", Rule::PathEncoded),
            ("C:\\Windows\\System32\\config\\SAM", Rule::PathBlocked),
            ("c:/windows/win.ini", Rule::PathBlocked),
            ("file:///etc/passwd", Rule::PathBlocked),
            ("file:/etc/passwd", Rule::PathBlocked),
            ("FILE://localhost/etc/shadow", Rule::PathBlocked),
            ("/etc/%70asswd", Rule::PathBlocked),
            ("/var/run/docker.sock", Rule::PathBlocked),
            ("ext::sh -c id", Rule::InjectionShell),
            ("'ext::sh -c id'", Rule::InjectionShell),
            ("--output=/tmp/x", Rule::InjectionArgument),
            ("--upload-pack=x", Rule::InjectionArgument),
            ("--help", Rule::InjectionArgument),
            ("-oProxyCommand=id", Rule::InjectionArgument),
            ("-o/etc/x", Rule::InjectionArgument),
            ("-c", Rule::InjectionArgument),
            ("core.sshCommand=touch x", Rule::InjectionArgument),
            ("alias.st=!id", Rule::InjectionArgument),
            (" --exec=id ", Rule::InjectionArgument),
        ] {
            assert_eq!(whole(text, || false).map(|(rule, _)| rule), Some(rule), "{text}");
            assert!(may_be(text.as_bytes()) || text.starts_with(' '), "{text}");
        }
    }

    #[test]
    fn paths_of_files() {
        for (text, path) in [
            ("a/.env", Some("a/.env")),
            (".env", Some(".env")),
            ("a\\b", Some("a\\b")),
            ("/a b/.env", Some("/a b/.env")),
            ("file:///a/.env", Some("/a/.env")),
            ("FILE://localhost/a/.env", Some("/a/.env")),
            ("file:/a", Some("/a")),
            ("https://example.com/.env", None),
            ("a", None),
            ("see a/.env", None),
            ("/a\n/b", None),
            ("", None),
        ] {
            assert_eq!(path_of_file(text), path, "{text}");
        }
    }

    #[test]
    fn whole_values_that_do_not() {
        for text in [
            "",
            ".",
            "..",
            "...",
            "src/lib.rs",
            "./src/lib.rs",
            "a/b/../c",
            "/home/ada/notes.txt",
            "/root",
            "/root/notes.txt",
            "/root/report/2026.pdf",
            "/etc/hosts.md",
            "/etc/passwd format",
            "/hosts/etc/passwd",
            "/tmp/etc/passwd",
            "/var/www/index.html",
            "/dev/null",
            "/roots/x",
            "\\\\d+\\\\w",
            "\\\\section{a}",
            "a b/../c",
            "~/notes/todo.md",
            "$HOME/notes/todo.md",
            "$HOMEPAGE/.ssh/id_rsa",
            "${title}/a",
            "C:\\Users\\ada\\notes.txt",
            "file:///home/ada/page.html",
            "https://example.com/a/../../etc/passwd",
            "read ../lib/x.js and /etc/passwd",
            "import x from '../lib/x.js'",
            "See /etc/passwd for more",
            "1.5..2.5",
            "v1..v2",
            "100%",
            "a -- b",
            "-1",
            "-5 degrees",
            "- item",
            "-created_at",
            "--",
            "---",
            "-->",
            "--- a/x",
            "-- comment",
            "-rw-r--r--",
            "~/.ssh/id_rsa.pub",
            "and/or",
            "2026/11/29",
            "text/html",
            "@scope/pkg",
            "std::ext::x",
            "context::x",
        ] {
            assert_eq!(whole(text, || false), None, "{text}");
        }
        assert_eq!(whole("--help", || true), None);
        assert!(!may_be(b"hello world") && !may_be(b""));
    }
}
