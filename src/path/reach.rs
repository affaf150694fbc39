//! Values that nobody is sure are paths, but that lead to what is there outside of every root: whoever takes one for a
//! path reaches it.

#![forbid(unsafe_code)]

use super::process::ServerProcess;
use super::readings;
use super::resolve::PathGuard;
use super::roots::{self, Root};
use super::text::{climbs, components, fold_path, join};
use std::fs::{canonicalize, symlink_metadata};
use std::path::PathBuf;

/// Parts of a list that are looked at.
const MAX_PARTS: usize = 64;
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
    /// Whether a text leads out of every root, to something that is there or where something can be made. A route of a web
    /// server looks like a path too, but nothing is there.
    #[cold]
    pub(crate) fn reaches_out(&self, text: &str) -> bool {
        if self.is_open() {
            return false;
        }
        let process = self.process();
        let whole = bare(text);
        if self.leads_out(whole, &process) {
            return true;
        }
        // A list of paths has no other text in it.
        let value = whole.split_once('=').filter(|(name, _)| is_name(name)).map_or(whole, |(_, value)| value);
        let parts = || value.split([',', ';', '\n']).map(bare).filter(|part| !part.is_empty());
        (value.len() < whole.len() || parts().nth(1).is_some())
            && parts().all(|part| !part.contains(' '))
            && parts().take(MAX_PARTS).any(|part| self.leads_out(part, &process))
    }

    fn leads_out(&self, text: &str, process: &ServerProcess) -> bool {
        let others = if readings::may_differ(text) { readings::others(text, process) } else { Vec::new() };
        let behind = behind_scheme(text).map(|rest| ["/", rest.trim_start_matches('/')].concat());
        let slashed = text.contains('\\').then(|| text.replace('\\', "/"));
        let others = others.into_iter().filter_map(|reading| reading.path).chain(behind).chain(slashed);
        self.is_outside(text, process) || others.into_iter().any(|path| self.is_outside(&path, process))
    }

    fn is_outside(&self, path: &str, process: &ServerProcess) -> bool {
        if path.starts_with('/') {
            return self.is_there_outside(path);
        }
        if !climbs(components(path)) {
            return self.is_link_out(path);
        }
        self.roots()
            .iter()
            .map(|root| join(root.real(), path))
            .chain(process.absolute(path))
            .any(|path| self.is_there_outside(&path))
    }

    /// Whether a name below a root leads out of all of them by a link; of what is not there yet, its folder.
    fn is_link_out(&self, path: &str) -> bool {
        let real = |root: &Root| {
            let path = PathBuf::from(join(root.real(), path));
            canonicalize(&path).or_else(|_| canonicalize(path.parent().unwrap_or(&path))).ok()
        };
        let is_outside =
            |real: PathBuf| real.to_str().is_none_or(|real| roots::find(self.roots(), real).is_none());
        // One look-up tells of most names that there is no link on the way.
        let through_links = self.roots().iter().filter(|root| self.meets_link(root, path));
        through_links.filter_map(real).any(is_outside)
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
        let may_be_made = WRITABLE.contains(&folder) || folder.matches('/').count() > 1;
        symlink_metadata(&path).is_ok() || (may_be_made && symlink_metadata(folder).is_ok())
    }
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
        ] {
            assert!(fixture.guard.reaches_out(&text), "{text}");
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
            String::new(),
        ] {
            assert!(!fixture.guard.reaches_out(&text), "{text}");
        }
    }
}
