//! Values that nobody is sure are paths, but that lead to what is there outside of every root: whoever takes one for a
//! path reaches it.

#![forbid(unsafe_code)]

use super::process::ServerProcess;
use super::readings::{self, Reach};
use super::resolve::PathGuard;
use super::roots::{self, Root};
use super::text::{PATH_LIMIT, climbs, components, fold_path, join};
use crate::rules::Rule;
use std::borrow::Cow;
use std::fs::{canonicalize, read_link, symlink_metadata};
use std::path::Path;

/// Links behind one another that are followed where the last one leads to nothing.
const MAX_LINKS: usize = 64;
const OUTSIDE: &str = "it leads to a place outside of every root; expected a path below a root";
const TOO_MANY: &str = "more values with several readings than are looked at; expected fewer, or plain paths";
/// What is put round a path, or in front of it.
const AROUND: &[char] = &['"', '\'', '`', '<', '>', '@', '=', '(', ')', '[', ']'];
/// Programs and devices without data, which calls name for good reasons.
const SOFTWARE: &[&str] = &[
    "/usr/",
    "/bin/",
    "/sbin/",
    "/lib/",
    "/lib64/",
    "/nix/",
    "/dev/null",
    "/dev/zero",
    "/dev/std",
    "/dev/tty",
    "/dev/urandom",
];
/// Schemes of files of this machine: `host:/path` is one of another.
const LOCAL: &[&str] =
    &["sandbox", "local", "fs", "disk", "path", "sqlite", "sqlite3", "unix", "note", "resource", "vscode"];
/// Below these, asking for a name mounts a folder of another machine.
const MOUNTED: &[&str] = &["/net/", "/afs/", "/misc/"];
/// Folders of one name in which files are made.
const WRITABLE: &[&str] = &["/tmp", "/etc", "/root"];

impl PathGuard {
    /// What is wrong with a text that leads to a file of callgate itself, or out of every root: to something that is there,
    /// or where something can be made. A route of a web server looks like a path too, but nothing is there.
    #[cold]
    pub(crate) fn reaches(&self, text: &str, left: &mut Reach) -> Option<(Rule, &'static str)> {
        let guards_own = self.guards_own();
        if self.is_open() && !guards_own {
            return None;
        }
        let process = self.process();
        let text = shortened(text);
        let whole = bare(&text);
        if whole == "~" {
            // What stands for a number, or for nothing, far more often.
            return None;
        }
        let mut judge = |path: &str| {
            if guards_own && let Some(what) = self.is_own(path, &process) {
                return Some((Rule::PathProtected, what));
            }
            (!self.is_open() && self.is_outside(path, &process)).then_some((Rule::PathOutsideRoot, OUTSIDE))
        };
        // A program that reads a URL or a line drops these.
        let dropped = ['\t', '\n', '\r'];
        let joined = (whole.contains(dropped) && !whole.contains(' ')).then(|| whole.replace(dropped, ""));
        let named = whole.split_once('=').filter(|(name, _)| is_name(name)).map(|(_, value)| value);
        let texts = std::iter::once(whole).chain(joined.as_deref()).chain(named.map(bare));
        let found = texts
            .chain(items(named.unwrap_or(whole)))
            .find_map(|text| each_reading(text, &process, left, &mut judge));
        found.or_else(|| {
            let folder = folder_of_glob(whole).filter(|_| !self.is_open())?;
            self.is_folder_outside(folder, &process).then_some((Rule::PathOutsideRoot, OUTSIDE))
        })
    }

    fn is_own(&self, path: &str, process: &ServerProcess) -> Option<&'static str> {
        if path.starts_with('/') {
            return self.own_file(path);
        }
        let below = self.roots().iter().map(|root| join(root.real(), path));
        below.chain(process.absolute(path)).find_map(|path| self.own_file(&path))
    }

    fn is_outside(&self, path: &str, process: &ServerProcess) -> bool {
        let goes_back = components(path).any(|name| name == "..");
        let is_out = |absolute: &str| {
            // The kernel follows a link before it goes back.
            self.is_there_outside(absolute)
                || (goes_back && real(absolute).is_some_and(|real| self.is_there_outside(&real)))
        };
        if path.starts_with('/') {
            let folded = ["/", &*fold_path(path)].concat();
            return is_out(path)
                || roots::find(self.roots(), &folded)
                    .is_some_and(|(root, below)| self.is_link_out_of(root, below));
        }
        if !climbs(components(path)) {
            let folded = goes_back.then(|| fold_path(path));
            let mut ways = std::iter::once(path).chain(folded.as_deref());
            return ways.any(|path| self.roots().iter().any(|root| self.is_link_out_of(root, path)));
        }
        self.roots()
            .iter()
            .map(|root| join(root.real(), path))
            .chain(process.absolute(path))
            .any(|path| is_out(&path))
    }

    /// Whether a name below a root leads out of all of them by a link; of what is not there yet, what it would be made in.
    fn is_link_out_of(&self, root: &Root, below: &str) -> bool {
        // One look-up tells of most names that there is no link on the way.
        self.meets_link(root, below)
            && real(&join(root.real(), below)).is_none_or(|real| roots::find(self.roots(), &real).is_none())
    }

    /// Whether a folder outside of every root is there, whose entries a pattern names.
    fn is_folder_outside(&self, folder: &str, process: &ServerProcess) -> bool {
        let is_out = |absolute: String| {
            let path = ["/", &*fold_path(&absolute), "/"].concat();
            roots::find(self.roots(), path.trim_end_matches('/')).is_none()
                && !SOFTWARE.iter().any(|start| path.starts_with(start))
                && Path::new(&path).is_dir()
        };
        if folder.starts_with('/') {
            return is_out(folder.to_owned());
        }
        climbs(components(folder))
            && self
                .roots()
                .iter()
                .map(|root| join(root.real(), folder))
                .chain(process.absolute(folder))
                .any(is_out)
    }

    fn is_there_outside(&self, absolute: &str) -> bool {
        let path = ["/", &*fold_path(absolute)].concat();
        if roots::find(self.roots(), &path).is_some() || SOFTWARE.iter().any(|start| path.starts_with(start))
        {
            return false;
        }
        let Some((folder, name)) = path.rsplit_once('/') else { return false };
        // One name below `/` is what routes are called too.
        if folder.is_empty() || name.is_empty() {
            return false;
        }
        if MOUNTED.iter().any(|start| path.starts_with(start)) {
            return true;
        }
        // An expression for names is none.
        let is_plain = !name.contains(['*', '?', '|', '\\', '^', '$']);
        let may_be_made = is_plain && (WRITABLE.contains(&folder) || folder.matches('/').count() > 1);
        symlink_metadata(&path).is_ok() || (may_be_made && symlink_metadata(folder).is_ok())
    }
}

/// Tells `judge` each way to read a text as a path, up to the first with which something is wrong.
fn each_reading(
    text: &str,
    process: &ServerProcess,
    left: &mut Reach,
    judge: &mut dyn FnMut(&str) -> Option<(Rule, &'static str)>,
) -> Option<(Rule, &'static str)> {
    let found = judge(text);
    if found.is_some() {
        return found;
    }
    let others = if readings::may_differ(text) { readings::others(text, process) } else { Vec::new() };
    let behind = behind_scheme(text).map(|rest| ["/", rest.trim_start_matches('/')].concat());
    let slashed = text.contains('\\').then(|| text.replace('\\', "/"));
    let others = others.into_iter().filter_map(|reading| reading.path).chain(behind).chain(slashed);
    for path in others {
        if !left.take() {
            return Some((Rule::PathOutsideRoot, TOO_MANY));
        }
        let found = judge(&path);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// A text that is longer than a path can be, without what a path does not need.
fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= PATH_LIMIT || text.contains(|c: char| c.is_whitespace()) {
        return Cow::Borrowed(text);
    }
    let mut names: Vec<&str> = Vec::new();
    for name in components(text) {
        if name == ".." && names.last().is_some_and(|last| *last != "..") {
            names.pop();
        } else {
            names.push(name);
        }
    }
    Cow::Owned([if text.starts_with('/') { "/" } else { "" }, &*names.join("/")].concat())
}

/// Where a path leads when its links are followed; what is not there yet stays as it is written.
fn real(path: &str) -> Option<String> {
    let (mut known, mut missing) = (Cow::Borrowed(path), Vec::new());
    for _ in 0..MAX_LINKS {
        if let Ok(real) = canonicalize(&*known) {
            missing.reverse();
            let below = missing.join("/");
            return Some(["/", &*fold_path(&[real.to_str()?, "/", &below].concat())].concat());
        }
        let (folder, name) = known.trim_end_matches('/').rsplit_once('/')?;
        let folder = if folder.is_empty() { "/" } else { folder };
        known = if let Ok(target) = read_link(&*known) {
            Cow::Owned(Path::new(folder).join(target).to_str()?.to_owned())
        } else {
            missing.push(name.to_owned());
            Cow::Owned(folder.to_owned())
        };
    }
    None
}

/// The folder in which a pattern for names looks, where that is one; none for what reads like an expression.
fn folder_of_glob(text: &str) -> Option<&str> {
    let first = text.find(['*', '?', '[', '{'])?;
    let is_expression = text.contains(['\\', '(', ')', '|', '$', '^', '+', '\n'])
        || text.contains(".*")
        || text.contains("://");
    let (folder, _) = text.get(..first)?.rsplit_once('/')?;
    (!is_expression && !folder.is_empty()).then_some(folder)
}

/// The paths of a list. A list has no other text in it: what has spaces looks like the name of a file.
fn items(text: &str) -> impl Iterator<Item = &str> {
    const SEPARATORS: &[char] = &[
        ',', ';', '|', '\n', '\r', '\t', '\u{B}', '\u{C}', '\u{1C}', '\u{1D}', '\u{1E}', '\u{1F}', '\u{85}',
        '\u{2028}', '\u{2029}',
    ];
    let split = |by: fn(char) -> bool| text.split(by).map(bare).filter(|part| !part.is_empty());
    let parts = || split(|c| SEPARATORS.contains(&c));
    let words = || split(char::is_whitespace);
    let lists = parts().nth(1).is_some() && parts().all(|part| !part.contains(' ') || is_like_file(part));
    let lists_words = !lists && words().nth(1).is_some() && words().all(is_like_file);
    let parts = if lists { Some(parts()) } else { None };
    let words = if lists_words { Some(words()) } else { None };
    parts.into_iter().flatten().chain(words.into_iter().flatten())
}

/// Whether a text starts as a path does, or ends as the name of a file.
fn is_like_file(text: &str) -> bool {
    let starts = text.starts_with(['/', '~']) || text.starts_with("./") || text.starts_with("../");
    let ends = || {
        let end = text.rsplit_once('.').filter(|(name, _)| !name.is_empty()).map(|(_, end)| end);
        end.is_some_and(|end| {
            (1..=5).contains(&end.len())
                && end.starts_with(|c: char| c.is_ascii_alphabetic())
                && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    };
    starts || ends() || (!text.contains(' ') && text.contains('/'))
}

/// Whether a text is what something is called that is given a value.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || AROUND.contains(&c) || c == '\u{FEFF}')
}

/// What follows a scheme of files of this machine, where that is an absolute path.
fn behind_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let is_local = LOCAL.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let is_remote = rest.starts_with("//") && !rest.starts_with("///");
    (is_local && rest.starts_with('/') && !is_remote).then_some(rest)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::super::fixture::{Fixture, MEANS};
    use crate::path::Reach;

    #[test]
    fn what_is_there_outside_of_the_roots_and_what_is_not() {
        let fixture = Fixture::new("{}", MEANS[0]);
        fixture.put("inside/a.txt", "a");
        let above = fixture.root.parent().expect("a folder");
        std::fs::write(above.join("secret.txt"), "b").expect("a file");
        let above = above.to_str().expect("UTF-8");
        let (outside, new, gone) =
            (format!("{above}/secret.txt"), format!("{above}/new.txt"), format!("{above}/no/such.txt"));
        fixture.link(&outside, "link.txt");
        fixture.link("inside", "again");
        fixture.link("..", "up");
        let lost = format!("{above}/lost.txt");
        fixture.link(&lost, "lost");
        let inside_of = |name: &str| format!("{}/{name}", fixture.root.to_str().expect("UTF-8"));
        let inside = fixture.root.join("inside/a.txt").to_str().expect("UTF-8").to_owned();
        for text in [
            outside.clone(),
            new,
            "link.txt".to_owned(),
            "up/new.txt".to_owned(),
            "../secret.txt".to_owned(),
            "inside/../../secret.txt".to_owned(),
            "..\\secret.txt".to_owned(),
            "%2e%2e/secret.txt".to_owned(),
            "/etc/passwd".to_owned(),
            "/etc/cron.d/planted".to_owned(),
            "/tmp/planted".to_owned(),
            "/proc/self/environ".to_owned(),
            "file:///etc/passwd".to_owned(),
            "URL:file:///etc/passwd".to_owned(),
            "sandbox:/etc/passwd".to_owned(),
            "sqlite:////etc/passwd".to_owned(),
            " /etc/passwd".to_owned(),
            "\u{FEFF}/etc/passwd\n".to_owned(),
            "'/etc/passwd'".to_owned(),
            "@/etc/passwd".to_owned(),
            "inside/a.txt,/etc/passwd".to_owned(),
            "inside/a.txt, ../secret.txt".to_owned(),
            "inside/a.txt\n/etc/passwd".to_owned(),
            "name=/etc/passwd".to_owned(),
            // Links, by an absolute path, of what is not there, that lead to nothing.
            inside_of("up/secret.txt"),
            inside_of("link.txt"),
            inside_of("inside/../up/secret.txt"),
            "up/no/such/folder.txt".to_owned(),
            "lost".to_owned(),
            "lost/new.txt".to_owned(),
            // The kernel follows a link before it goes back, and a text is folded before it is asked.
            inside_of("again/../../secret.txt"),
            "x./../up/secret.txt".to_owned(),
            "../x./../secret.txt".to_owned(),
            // Longer than a path can be.
            format!("{}../secret.txt", "./".repeat(4000)),
            format!("{}../secret.txt", "a/../".repeat(2000)),
            // Lists, however they are separated.
            "my notes.txt,/etc/passwd".to_owned(),
            "inside/a.txt|/etc/passwd".to_owned(),
            "inside/a.txt\t/etc/passwd".to_owned(),
            "inside/a.txt\u{2028}/etc/passwd".to_owned(),
            "inside/a.txt /etc/passwd".to_owned(),
            format!("{}/etc/passwd", "a,".repeat(100)),
            // Patterns.
            "/etc/*".to_owned(),
            format!("{above}/sec*"),
            "../*.txt".to_owned(),
            "/tmp/{a,b}".to_owned(),
            // What is dropped before a URL is read.
            ".\t./secret.txt".to_owned(),
        ] {
            assert!(fixture.guard.reaches(&text, &mut Reach::default()).is_some(), "{text}");
        }
        for text in [
            inside.clone(),
            format!("file://{inside}"),
            gone,
            "inside/a.txt".to_owned(),
            "again/a.txt".to_owned(),
            "again/new.txt".to_owned(),
            "no/such/folder.txt".to_owned(),
            "inside/../inside/a.txt".to_owned(),
            "/".to_owned(),
            "/etc".to_owned(),
            "/home".to_owned(),
            "/api/v1/users".to_owned(),
            "/search?q=/etc/passwd".to_owned(),
            "/usr/bin/python3".to_owned(),
            "/dev/null".to_owned(),
            "https://example.com/etc/passwd".to_owned(),
            "see /etc/passwd, and more".to_owned(),
            "10:30, 11:45".to_owned(),
            "alpine:/etc/hosts".to_owned(),
            "web1:/etc/passwd".to_owned(),
            "/etc/localtime:/etc/localtime:ro".to_owned(),
            "GET:/etc/hosts".to_owned(),
            "and/or".to_owned(),
            inside_of("again/a.txt"),
            "inside/*.txt".to_owned(),
            "**/*.ts".to_owned(),
            "/api/*".to_owned(),
            "/*".to_owned(),
            r"/tmp/.*\.log".to_owned(),
            "^/etc/.*".to_owned(),
            "either and/or /etc both".to_owned(),
            "a.txt, see /etc/passwd".to_owned(),
            String::new(),
        ] {
            assert!(fixture.guard.reaches(&text, &mut Reach::default()).is_none(), "{text}");
        }
    }

    #[test]
    fn readings_of_one_call_are_looked_at_up_to_a_limit() {
        let fixture = Fixture::new("{}", MEANS[0]);
        let mut left = Reach::default();
        let calls = (0..1_000_000).take_while(|_| fixture.guard.reaches("$A/x", &mut left).is_none()).count();
        assert!((1_000..1_000_000).contains(&calls), "{calls}");
        assert!(
            fixture.guard.reaches("inside/a.txt", &mut left).is_none(),
            "what is read in one way needs none"
        );
    }
}
