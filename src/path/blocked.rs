//! Files that hold credentials or steer tools, and what a policy adds to and takes from them.
//!
//! A relative pattern matches whole names below the root at any depth, an absolute one the resolved path
//! from its start. The deepest name of a path that any pattern matches decides, so that a blocked folder
//! blocks what lies in it, and `unblocked` can lift a part of it; of a folder that is blocked by default,
//! only by a pattern that names the folder.

#![forbid(unsafe_code)]

use super::text::{NAME_MAX, components, fold_name};
use crate::error::Error;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ptr;
use unicode_normalization::UnicodeNormalization;

/// Blocked by default.
const BUILT_IN: &[&str] = &[
    ".env",
    ".env.*",
    ".git/**",
    ".ssh/**",
    ".aws/**",
    ".gnupg/**",
    ".kube/config",
    ".docker/config.json",
    // Private keys by the names that OpenSSH gives them.
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ecdsa_sk",
    "id_ed25519",
    "id_ed25519_sk",
    "id_xmss",
    "ssh_host_rsa_key",
    "ssh_host_dsa_key",
    "ssh_host_ecdsa_key",
    "ssh_host_ed25519_key",
    "*.p12",
    "*.pfx",
    "*.kdbx",
    ".npmrc",
    ".netrc",
    "_netrc",
    ".pypirc",
    "credentials",
    "credentials.json",
    "credentials.yml",
    "credentials.yaml",
    "credentials.ini",
    "credentials.toml",
    "credentials.xml",
    "credentials.csv",
    "credentials.enc",
    "*service-account*.json",
    "application_default_credentials.json",
    // Shell histories: bash, zsh, ksh, and the interpreters that follow their habit; fish; csh; PowerShell.
    ".*_history",
    "fish_history",
    ".histfile",
    ".history",
    "consolehost_history.txt",
    "/etc/passwd",
    "/etc/shadow",
    "/proc/**",
];

/// Examples that are made to be read, although a built-in pattern matches them.
const BUILT_IN_EXAMPLES: &[&str] = &[".env.example", ".env.sample", ".env.template", ".env.dist"];

/// Private keys or public certificates: the content tells.
const BUILT_IN_KEYS: &[&str] = &["*.pem", "*.key"];

const MAX_PATTERNS: usize = 4096;
const MAX_PATTERN_BYTES: usize = 4096;

/// What the patterns make of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Open,
    /// The last name is one of a private key or certificate: only its content tells which.
    PrivateKey,
    Blocked,
}

/// What a pattern does to the name that it matches. The greatest that matches a name holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    PrivateKey,
    Block,
    /// Keeps `Block` off this name, not off a folder that it lies in.
    Example,
    PolicyBlock,
    PolicyUnblock,
}

/// The patterns of one gate.
#[derive(Debug)]
pub(super) struct Blocked {
    relative: Index,
    absolute: Index,
}

impl Default for Blocked {
    fn default() -> Self {
        let mut blocked = Self { relative: Index::default(), absolute: Index::default() };
        for (patterns, effect) in [
            (BUILT_IN, Effect::Block),
            (BUILT_IN_EXAMPLES, Effect::Example),
            (BUILT_IN_KEYS, Effect::PrivateKey),
        ] {
            for pattern in patterns {
                // Each of them is valid: the tests say so.
                let _ = blocked.add(pattern, effect);
            }
        }
        blocked
    }
}

impl Blocked {
    /// The built-in patterns with those of a policy.
    pub(super) fn new(blocked: &[String], unblocked: &[String]) -> Result<Self, Error> {
        let mut all = Self::default();
        for (member, patterns, effect) in
            [("blocked", blocked, Effect::PolicyBlock), ("unblocked", unblocked, Effect::PolicyUnblock)]
        {
            if patterns.len() > MAX_PATTERNS {
                return Err(Error::policy(
                    &format!("/paths/{member}"),
                    format_args!("at most {MAX_PATTERNS} patterns"),
                ));
            }
            for (index, pattern) in patterns.iter().enumerate() {
                all.add(pattern, effect)
                    .map_err(|what| Error::policy(&format!("/paths/{member}/{index}"), what))?;
            }
        }
        Ok(all)
    }

    fn add(&mut self, text: &str, effect: Effect) -> Result<(), &'static str> {
        let absolute = text.starts_with('/');
        let (last, pattern) = Pattern::parse(text, effect)?;
        if absolute { &mut self.absolute } else { &mut self.relative }.add(last, pattern);
        Ok(())
    }

    /// Judges a path below a root by the relative patterns. `..` counts as a name. `folds`: a name may
    /// differ from what it folds to.
    pub(super) fn below_root(&self, path: &str, folds: bool) -> Access {
        self.relative.judge(path, false, folds)
    }

    /// Whether an absolute pattern can match at or below this folder.
    pub(super) fn reaches(&self, folder: &str) -> bool {
        let folder: Vec<String> = components(folder).map(folded).collect();
        self.absolute.all().any(|(last, pattern)| pattern.reaches(last, &folder))
    }

    /// Whether what lies below a folder is judged alike before and after the folder is moved, whatever lies
    /// there: no pattern of several names has matched more of one place than of the other. Both folders are
    /// open themselves.
    pub(super) fn moves_alike(&self, from: &str, to: &str) -> bool {
        self.relative.judges_alike(from, to, false)
    }

    /// The same by the absolute patterns.
    pub(super) fn moves_alike_absolute(&self, from: &str, to: &str) -> bool {
        self.absolute.judges_alike(from, to, true)
    }

    /// Judges the absolute path of a file by the absolute patterns.
    pub(super) fn absolute(&self, path: &str) -> Access {
        self.absolute.judge(path, true, true)
    }
}

fn folded(name: &str) -> String {
    fold_name(name, &mut [0; NAME_MAX]).into_owned()
}

/// Patterns by their last segment.
#[derive(Debug, Default)]
struct Index {
    names: HashMap<Box<str>, Vec<Pattern>>,
    globs: Vec<(Glob, Pattern)>,
    /// What most names of a path are told apart by, before they are compared with anything.
    hints: Hints,
    /// Those that match at every name: `**` alone.
    everywhere: Vec<Pattern>,
}

/// The last segment of a pattern.
#[derive(Debug)]
enum Last {
    Name(Box<str>),
    Glob(Glob),
    Any,
}

impl Index {
    fn add(&mut self, last: Last, pattern: Pattern) {
        match last {
            Last::Name(name) => {
                self.hints.add_name(&name);
                self.names.entry(name).or_default().push(pattern);
            }
            Last::Glob(glob) => {
                self.hints.add_glob(&glob);
                self.globs.push((glob, pattern));
            }
            Last::Any => self.everywhere.push(pattern),
        }
    }

    fn all(&self) -> impl Iterator<Item = (Option<&str>, &Pattern)> {
        let named =
            self.names.iter().flat_map(|(name, list)| list.iter().map(|pattern| (Some(&**name), pattern)));
        let globs = self.globs.iter().map(|(_, pattern)| (None, pattern));
        named.chain(globs).chain(self.everywhere.iter().map(|pattern| (None, pattern)))
    }

    /// Whether two open folders leave the patterns in the same state.
    fn judges_alike(&self, a: &str, b: &str, anchored: bool) -> bool {
        let names = |path| components(path).map(folded).collect::<Vec<_>>();
        let (names_a, names_b) = (names(a), names(b));
        let lifted = |path| self.judge_and_lift(path, anchored, true).1;
        lifted(a) == lifted(b)
            && self.all().all(|(_, pattern)| {
                pattern.is_short() || pattern.states(&names_a, anchored) == pattern.states(&names_b, anchored)
            })
    }

    fn judge(&self, path: &str, anchored: bool, folds: bool) -> Access {
        self.judge_and_lift(path, anchored, folds).0
    }

    /// Also whether a pattern of a whole folder has lifted everything below the path. `anchored`: patterns
    /// match from the start of the path, and not at any depth.
    fn judge_and_lift(&self, path: &str, anchored: bool, folds: bool) -> (Access, bool) {
        // Only patterns of several names look back.
        let all = OnceCell::new();
        let mut access = Access::Open;
        let mut lifted = false;
        // The first name that a built-in pattern blocks, and that nothing has lifted.
        let mut built_in = None;
        let mut buffer = [0; NAME_MAX];
        let mut heads = HashMap::new();
        let mut names = components(path).enumerate().peekable();
        while let Some((index, name)) = names.next() {
            let name = if folds { fold_name(name, &mut buffer) } else { Cow::Borrowed(name) };
            let mut strongest = None;
            let (mut is_built_in, mut unblocked_from) = (false, index);
            self.each_match(&name, |pattern| {
                let from = if pattern.is_name() && !anchored {
                    Some(index)
                } else {
                    let all: &Vec<String> = all.get_or_init(|| components(path).map(folded).collect());
                    let head =
                        heads.entry(ptr::from_ref(pattern)).or_insert_with(|| pattern.head(all, anchored));
                    head.as_ref().and_then(|head| pattern.tail_matches(all, head, index, anchored))
                };
                let Some(from) = from else {
                    return;
                };
                strongest = strongest.max(Some(pattern.effect));
                is_built_in |= pattern.effect == Effect::Block;
                if pattern.effect == Effect::PolicyUnblock {
                    lifted |= pattern.subtree;
                    unblocked_from = unblocked_from.min(from);
                }
            });
            match strongest {
                Some(Effect::PolicyUnblock) => {
                    built_in = built_in.filter(|at| *at < unblocked_from);
                    access = if built_in.is_none() { Access::Open } else { Access::Blocked };
                }
                _ if lifted => {}
                Some(Effect::Block | Effect::PolicyBlock) => {
                    access = Access::Blocked;
                    built_in = built_in.or(is_built_in.then_some(index));
                }
                Some(Effect::PrivateKey) if names.peek().is_none() && access == Access::Open => {
                    access = Access::PrivateKey;
                }
                Some(Effect::Example | Effect::PrivateKey) | None => {}
            }
        }
        (access, lifted)
    }

    fn each_match<'p>(&'p self, name: &str, mut found: impl FnMut(&'p Pattern)) {
        if self.hints.may_be_name(name) {
            self.names.get(name).into_iter().flatten().for_each(&mut found);
        }
        if self.hints.may_match_glob(name) {
            self.globs.iter().filter(|(glob, _)| glob.matches(name)).for_each(|(_, pattern)| found(pattern));
        }
        self.everywhere.iter().for_each(found);
    }
}

/// Sets of bytes and lengths; a name in none of them is in no pattern.
#[derive(Debug)]
struct Hints {
    /// By the first byte of a name: its lengths, a bit each, the last for all from 63 up.
    lengths: Box<[u64; 256]>,
    /// By a byte: whether a glob starts with it, has it at its end, or fits any name.
    starts: Box<[bool; 256]>,
    ends: Box<[bool; 256]>,
    any_glob: bool,
}

impl Default for Hints {
    fn default() -> Self {
        Self {
            lengths: Box::new([0; 256]),
            starts: Box::new([false; 256]),
            ends: Box::new([false; 256]),
            any_glob: false,
        }
    }
}

fn first_byte(name: &str) -> usize {
    name.as_bytes().first().copied().unwrap_or_default().into()
}

fn last_byte(name: &str) -> usize {
    name.as_bytes().last().copied().unwrap_or_default().into()
}

impl Hints {
    fn add_name(&mut self, name: &str) {
        if let Some(lengths) = self.lengths.get_mut(first_byte(name)) {
            *lengths |= 1 << name.len().min(63);
        }
    }

    fn add_glob(&mut self, glob: &Glob) {
        let suffix = glob.suffix.as_deref().unwrap_or_default();
        let slot = match (&*glob.prefix, suffix) {
            ("", "") => Some(&mut self.any_glob),
            (prefix, "") => self.starts.get_mut(first_byte(prefix)),
            (_, suffix) => self.ends.get_mut(last_byte(suffix)),
        };
        if let Some(slot) = slot {
            *slot = true;
        }
    }

    fn may_be_name(&self, name: &str) -> bool {
        self.lengths.get(first_byte(name)).is_some_and(|lengths| lengths >> name.len().min(63) & 1 == 1)
    }

    fn may_match_glob(&self, name: &str) -> bool {
        let has = |set: &[bool; 256], byte: usize| set.get(byte).copied().unwrap_or_default();
        self.any_glob || has(&self.starts, first_byte(name)) || has(&self.ends, last_byte(name))
    }
}

/// A pattern without its last segment.
#[derive(Debug)]
struct Pattern {
    effect: Effect,
    /// What stands in front of the last segment, cut at each `**`: one group at least.
    parents: Box<[Box<[Glob]>]>,
    /// It ends in `/**`.
    subtree: bool,
}

#[derive(Debug)]
enum Segment {
    Glob(Glob),
    /// `**`: any number of names.
    Any,
}

/// Where what stands in front of the last `**` matched.
#[derive(Debug)]
struct Head {
    /// Its first name; none for a `**` alone.
    from: Option<usize>,
    end: usize,
}

/// How many globs at the start of the group are `*` alone, which names no folder.
fn unnamed(group: &[Glob]) -> usize {
    group.iter().take_while(|glob| glob.is_any()).count()
}

/// Whether the folded names from `start` on are those of the group.
fn matches_at(group: &[Glob], names: &[String], start: usize) -> bool {
    let names = names.get(start..start + group.len());
    names.is_some_and(|names| group.iter().zip(names).all(|(glob, name)| glob.matches(name)))
}

impl Pattern {
    fn parse(text: &str, effect: Effect) -> Result<(Last, Self), &'static str> {
        if text.len() > MAX_PATTERN_BYTES {
            return Err("a pattern has at most 4096 bytes");
        }
        if text.contains(['?', '[', ']', '{', '}', '\\', '!', '\0']) {
            return Err("of the special characters of patterns there are only `*` and `**`");
        }
        let relative = text.strip_prefix('/').unwrap_or(text);
        let mut segments = Vec::new();
        for name in relative.split('/') {
            segments.push(match name {
                "" => {
                    return Err(
                        "a pattern has a name between its slashes; what lies in a folder is `folder/**`",
                    );
                }
                "." | ".." => return Err("a pattern has no `.` and `..`"),
                "**" => Segment::Any,
                name if name.contains("**") => return Err("`**` stands for whole names"),
                name => Segment::Glob(Glob::new(name)?),
            });
        }
        let subtree = matches!(segments.last(), Some(Segment::Any));
        if subtree {
            segments.pop();
        }
        let last = match segments.pop() {
            None => Last::Any,
            Some(Segment::Any) => return Err("`**` follows `**`"),
            Some(Segment::Glob(glob)) => glob.into_last(),
        };
        let mut parents = vec![Vec::new()];
        for segment in segments {
            match (segment, parents.last_mut()) {
                (Segment::Glob(glob), Some(group)) => group.push(glob),
                _ => parents.push(Vec::new()),
            }
        }
        Ok((last, Self { effect, parents: parents.into_iter().map(Into::into).collect(), subtree }))
    }

    /// Whether a relative one matches whatever stands in front of its last segment.
    fn is_name(&self) -> bool {
        self.parents.iter().all(|group| group.is_empty())
    }

    /// The earliest match of what stands in front of the last `**`; `None` where there is none. Takes time
    /// in the product of both counts, once for a path.
    fn head(&self, names: &[String], anchored: bool) -> Option<Head> {
        let (_, groups) = self.parents.split_last()?;
        let mut head = Head { from: None, end: 0 };
        for (nth, group) in groups.iter().enumerate() {
            let last = if anchored && nth == 0 { 0 } else { names.len().checked_sub(group.len())? };
            let start = (head.end..=last).find(|start| matches_at(group, names, *start))?;
            if !group.is_empty() {
                head.from.get_or_insert(start + unnamed(group));
            }
            head.end = start + group.len();
        }
        Some(head)
    }

    /// Whether what stands behind the last `**` matches right in front of the name at `index` and behind
    /// the head; and the first name that the whole pattern speaks of.
    fn tail_matches(&self, names: &[String], head: &Head, index: usize, anchored: bool) -> Option<usize> {
        let (tail, groups) = self.parents.split_last()?;
        let start = index.checked_sub(tail.len()).filter(|start| *start >= head.end)?;
        let begins = !anchored || !groups.is_empty() || start == 0;
        let from = if anchored { 0 } else { head.from.unwrap_or(start + unnamed(tail)) };
        (begins && matches_at(tail, names, start)).then_some(from)
    }

    /// Whether it has one segment only, and so no state between two names.
    fn is_short(&self) -> bool {
        matches!(&*self.parents, [group] if group.is_empty())
    }

    /// How much of what stands in front of the last segment these names can have matched: by number of
    /// segments, in every way at once.
    fn states(&self, names: &[String], anchored: bool) -> Vec<bool> {
        // A `**` between the groups is `None`.
        let mut segments = Vec::new();
        for (nth, group) in self.parents.iter().enumerate() {
            segments.extend((nth > 0).then_some(None));
            segments.extend(group.iter().map(Some));
        }
        let start = |states: &mut Vec<bool>| {
            if let Some(first) = states.first_mut() {
                *first = true;
            }
        };
        // A `**` may stand for no name at all.
        let skip = |states: &mut Vec<bool>| {
            for (at, segment) in segments.iter().enumerate() {
                if segment.is_none()
                    && let Some([here, next]) = states.get_mut(at..at + 2)
                {
                    *next |= *here;
                }
            }
        };
        let mut states = vec![false; segments.len() + 1];
        start(&mut states);
        skip(&mut states);
        for name in names {
            let mut after = vec![false; states.len()];
            for (at, (segment, _)) in segments.iter().zip(&states).enumerate().filter(|(_, (_, on))| **on) {
                let to = match segment {
                    None => at,
                    Some(glob) if glob.matches(name) => at + 1,
                    Some(_) => continue,
                };
                if let Some(state) = after.get_mut(to) {
                    *state = true;
                }
            }
            if !anchored {
                start(&mut after);
            }
            skip(&mut after);
            states = after;
        }
        states
    }

    /// Whether the pattern, read from its start, is at odds with this folder already.
    fn reaches(&self, last: Option<&str>, folder: &[String]) -> bool {
        let mut names = folder.iter();
        for glob in self.parents.first().into_iter().flatten() {
            match names.next() {
                None => return true,
                Some(name) if glob.matches(name) => {}
                Some(_) => return false,
            }
        }
        match (last, names.next()) {
            (Some(last), Some(name)) if self.parents.len() == 1 => last == name,
            _ => true,
        }
    }
}

/// A name with `*` in it, folded.
#[derive(Debug)]
struct Glob {
    prefix: Box<str>,
    middle: Box<[Box<str>]>,
    /// `None` where the name has no `*`: it is `prefix` then.
    suffix: Option<Box<str>>,
}

impl Glob {
    fn new(name: &str) -> Result<Self, &'static str> {
        // A fold cuts a name there, so that more than what is written would match.
        if name.nfkc().skip(1).any(|c| c == ':') {
            return Err("a name is compared up to its first `:`, so that a pattern has none");
        }
        // As a whole: what a fold strips from an end must stay between two `*`.
        let name = folded(name);
        let mut pieces = name.split('*');
        let prefix: Box<str> = pieces.next().unwrap_or_default().into();
        let mut rest: Vec<Box<str>> = pieces.map(Into::into).collect();
        let suffix = rest.pop();
        if prefix.is_empty() && suffix.is_none() {
            return Err("a name has more than dots and spaces");
        }
        rest.retain(|piece| !piece.is_empty());
        Ok(Self { prefix, middle: rest.into_boxed_slice(), suffix })
    }

    fn into_last(self) -> Last {
        if self.suffix.is_none() { Last::Name(self.prefix) } else { Last::Glob(self) }
    }

    /// `*` alone, or several of them.
    fn is_any(&self) -> bool {
        self.prefix.is_empty() && self.middle.is_empty() && self.suffix.as_deref() == Some("")
    }

    /// Takes each piece at its first place, which is right as only `*` stands between them.
    fn matches(&self, name: &str) -> bool {
        let Some(suffix) = &self.suffix else {
            return *self.prefix == *name;
        };
        let inner = name.strip_suffix(&**suffix).and_then(|name| name.strip_prefix(&*self.prefix));
        let Some(mut inner) = inner else {
            return false;
        };
        for piece in &self.middle {
            match inner.split_once(&**piece) {
                Some((_, after)) => inner = after,
                None => return false,
            }
        }
        true
    }
}

/// Whether the start of a file is that of a private key: PEM (PKCS#1, PKCS#8, SEC1, OpenSSH, PGP), DER, SSH2
/// and `PuTTY` forms.
pub(super) fn holds_private_key(start: &[u8]) -> bool {
    if is_der_key(start) {
        return true;
    }
    // UTF-16 is the same text with a NUL beside each byte.
    let text: Cow<'_, [u8]> = if start.contains(&0) {
        start.iter().copied().filter(|byte| *byte != 0).collect()
    } else {
        Cow::Borrowed(start)
    };
    let start = &*text;
    let armoured = start.split(|byte| matches!(byte, b'\n' | b'\r')).any(|line| {
        let begin = memchr::memmem::find(line, b"BEGIN").and_then(|at| line.get(at..));
        begin.is_some_and(|text| memchr::memmem::find(text, b"PRIVATE KEY").is_some())
    });
    armoured || memchr::memmem::find(start, b"PuTTY-User-Key-File-").is_some()
}

/// Keys in DER are a SEQUENCE that starts with a version of one byte (PKCS#8, PKCS#1, SEC1, PKCS#12) or with
/// the algorithm of an encryption by password (PKCS#8). Certificates, requests and public keys start otherwise.
fn is_der_key(start: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = start else { return false };
    let more = if *length < 0x80 { 0 } else { usize::from(*length - 0x80) };
    matches!(
        rest.get(more..),
        Some(
            [0x02, 0x01, 0..=3, 0x02 | 0x04 | 0x30, ..]
                | [0x30, _, 0x06, _, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05 | 0x0C, ..]
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter;

    fn policy(blocked: &[&str], unblocked: &[&str]) -> Blocked {
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        Blocked::new(&owned(blocked), &owned(unblocked)).expect("valid patterns")
    }

    #[test]
    fn built_in_patterns_are_valid() {
        for pattern in BUILT_IN.iter().chain(BUILT_IN_EXAMPLES).chain(BUILT_IN_KEYS) {
            Pattern::parse(pattern, Effect::Block).expect(pattern);
        }
    }

    #[test]
    fn secrets_are_blocked_however_they_are_written() {
        let blocked = Blocked::default();
        for path in [
            ".env",
            "a/.env",
            ".env.local",
            ".env.production",
            ".ENV",
            ".Env.Local",
            ".env.",
            ".env ",
            ".env::$DATA",
            ".env:x",
            "\u{FF0E}env",
            ".e\u{200B}nv",
            ".env/x",
            ".env.example.local",
            ".env.examples",
            ".git",
            ".git/config",
            ".git/hooks/pre-commit",
            "a/.git/HEAD",
            ".GIT/config",
            ".git./config",
            ".git::$INDEX_ALLOCATION/config",
            ".gi\u{200C}t/config",
            "a//.git",
            "./.git/",
            ".ssh",
            ".ssh/config",
            ".ssh/known_hosts",
            ".\u{DF}h/config",
            ".\u{1E9E}H/config",
            "home/.ssh/x",
            "id_rsa",
            "id_ed25519",
            "id_ecdsa_sk",
            "keys/ID_RSA",
            "ssh_host_ed25519_key",
            "a.p12",
            "b/a.PFX",
            "vault.kdbx",
            ".aws/credentials",
            ".aws/config",
            ".gnupg/secring.gpg",
            ".kube/config",
            "x/.kube/config",
            ".docker/config.json",
            ".npmrc",
            ".netrc",
            ".pypirc",
            "credentials",
            "a/credentials",
            "credentials/prod",
            "credentials.json",
            "credentials.yml",
            "credentials.yaml",
            "credentials.ini",
            "credentials.toml",
            "credentials.xml",
            "credentials.csv",
            "credentials.enc",
            "service-account.json",
            "my-service-account-prod.json",
            "application_default_credentials.json",
            ".bash_history",
            ".zsh_history",
            ".python_history",
            "fish_history",
        ] {
            assert_eq!(blocked.below_root(path, true), Access::Blocked, "{path:?}");
        }
    }

    #[test]
    fn what_only_looks_alike_stays_open() {
        let blocked = Blocked::default();
        for path in [
            ".",
            "",
            "a",
            ".env.example",
            ".env.sample",
            ".env.template",
            ".env.dist",
            "env",
            ".envrc",
            "my.env",
            ".environment",
            "a.env.txt",
            ".gitignore",
            ".github/workflows/ci.yml",
            ".gitattributes",
            ".gitmodules",
            "git",
            "x.git/y",
            "id_rsa.pub",
            "id_ed25519.pub",
            "id_rsa.md",
            "credentials.py",
            "credentials.rs",
            "credentials.ts",
            "credentials.md",
            "aws_credentials",
            "credentialsjson",
            "kube/config",
            ".kube/cache",
            ".docker/Dockerfile",
            "docker/config.json",
            "config.json",
            "service_account.py",
            "service-account.ts",
            "p12",
            "a.p12.md",
            "history",
            "command_history",
            "ssh/config",
            "etc/passwd",
            "a.pem/b",
            "server.key.md",
            "keyboard",
            "monkey",
            "...",
        ] {
            assert_eq!(blocked.below_root(path, true), Access::Open, "{path:?}");
        }
        for path in ["a.pem", "certs/ca.PEM", "server.key", "a.key."] {
            assert_eq!(blocked.below_root(path, true), Access::PrivateKey, "{path:?}");
        }
        assert_eq!(blocked.below_root(".ssh/a.pem", true), Access::Blocked);
    }

    #[test]
    fn absolute_patterns_match_from_the_start() {
        let blocked =
            policy(&["/srv/app/secrets/**", "/var/**/private", "/opt/*.db"], &["/srv/app/secrets/public"]);
        for (path, access) in [
            ("/etc/passwd", Access::Blocked),
            ("/etc/PASSWD", Access::Blocked),
            ("/etc/shadow", Access::Blocked),
            ("/etc/passwd-", Access::Open),
            ("/proc", Access::Blocked),
            ("/proc/self/environ", Access::Blocked),
            ("/home/proc/x", Access::Open),
            ("/chroot/etc/passwd", Access::Open),
            ("/srv/app/secrets/x/y", Access::Blocked),
            ("/srv/app/secrets/public/y", Access::Open),
            ("/srv/app/secret", Access::Open),
            ("/var/private", Access::Blocked),
            ("/var/a/b/private/c", Access::Blocked),
            ("/opt/a.db", Access::Blocked),
            ("/opt/x/a.db", Access::Open),
        ] {
            assert_eq!(blocked.absolute(path), access, "{path}");
        }
        for (root, reached) in [
            ("/", true),
            ("/etc", true),
            ("/etc/passwd", true),
            ("/etc/ssl", false),
            ("/home/me", false),
            ("/proc/1", true),
            ("/srv/app", true),
            ("/srv/app/secrets/x", true),
            ("/srv/web", false),
            ("/var/www", true),
            ("/opt", true),
        ] {
            assert_eq!(blocked.reaches(root), reached, "{root}");
        }
    }

    #[test]
    fn the_deepest_match_decides_and_unblocked_wins() {
        for (blocked, unblocked, path, access) in [
            (&["secret"][..], &[][..], "a/secret/b", Access::Blocked),
            (&["secret*.txt"], &[], "Secret-1.TXT", Access::Blocked),
            (&["secret*.txt"], &[], "secret/a.txt", Access::Open),
            (&["a/**/z"], &[], "x/a/z", Access::Blocked),
            (&["a/**/z"], &[], "a/b/c/z/y", Access::Blocked),
            (&["a/**/z"], &[], "b/z", Access::Open),
            (&["a/*/z"], &[], "a/b/z", Access::Blocked),
            (&["a/*/z"], &[], "a/b/c/z", Access::Open),
            (&["**/a/z"], &[], "q/a/z", Access::Blocked),
            (&["a/**/b/*/z"], &[], "a/x/b/y/z", Access::Blocked),
            (&["a/**/b/*/z"], &[], "a/b/y/z", Access::Blocked),
            (&["a/**/b/*/z"], &[], "b/y/a/z", Access::Open),
            (&["a/**/b/**/z"], &[], "b/a/c/b/z", Access::Blocked),
            (&["a/**/b/**/z"], &[], "b/a/z", Access::Open),
            (&["a/b/**/b/z"], &[], "a/b/z", Access::Open),
            (&["**"], &[], "a", Access::Blocked),
            (&["**"], &["docs/**"], "docs/a/b", Access::Open),
            (&["**"], &["docs/**"], "src/a", Access::Blocked),
            (&[], &[".env"], ".env", Access::Open),
            (&[], &[".ENV"], ".env", Access::Open),
            (&[], &[".env"], ".env.local", Access::Blocked),
            (&[], &[".git/config"], ".git/config", Access::Open),
            (&[], &[".git/config"], ".git/HEAD", Access::Blocked),
            (&[], &["credentials"], "src/credentials/mod.rs", Access::Open),
            (&[], &["credentials"], "credentials/.env", Access::Blocked),
            (&[], &["credentials/**"], "credentials/.env", Access::Open),
            // A name is no word on a folder that is blocked by default.
            (&[], &["credentials"], ".aws/credentials", Access::Blocked),
            (&[], &["*.key"], ".gnupg/private-keys-v1.d/a.key", Access::Blocked),
            (&[], &["**/*.key"], ".gnupg/private-keys-v1.d/a.key", Access::Blocked),
            (&[], &["docs/**"], ".git/docs/a", Access::Blocked),
            (&[], &["docs/**"], "docs/.git/a", Access::Open),
            (&[], &["docs/**/a"], "docs/.git/a", Access::Open),
            (&[], &["docs/**/a"], ".ssh/docs/x/a", Access::Blocked),
            (&[], &[".gnupg/**/*.key"], ".gnupg/private-keys-v1.d/a.key", Access::Open),
            (&[], &[".aws/*"], "x/.aws/credentials", Access::Open),
            (&[], &["*/config"], ".git/config", Access::Blocked),
            (&[], &["*/*/config"], ".git/x/config", Access::Blocked),
            (&[], &["*/**/config"], ".git/x/config", Access::Blocked),
            (&[], &["*/.git/config"], "a/.git/config", Access::Open),
            (&["*/config"], &["*/config"], "docs/config", Access::Open),
            (&[], &["*"], ".git/config", Access::Open),
            (&["**"], &["*.md"], "a/b.md", Access::Open),
            (&["**"], &["*.md"], ".ssh/b.md", Access::Blocked),
            (&[".aws/**"], &["credentials"], ".aws/credentials", Access::Blocked),
            (&[], &["*.pem"], "a.pem", Access::Open),
            (&["*.pem"], &[], "a.pem", Access::Blocked),
            (&[".env.example"], &[], ".env.example", Access::Blocked),
            (&[], &[], ".git/.env.example", Access::Blocked),
        ] {
            assert_eq!(
                policy(blocked, unblocked).below_root(path, true),
                access,
                "{blocked:?} {unblocked:?} {path}"
            );
        }
    }

    #[test]
    fn a_folder_moves_where_what_lies_in_it_is_judged_alike() {
        for (blocked, unblocked, from, to, alike) in [
            (&[][..], &[][..], "a", "b/c", true),
            (&[], &[], "x", ".kube", false),
            (&[], &[], ".kube", "x", false),
            (&[], &[], "x", "a/.KUBE", false),
            (&[], &[], "a/.kube", "b/.kube", true),
            (&[], &[], ".kube/x", "y", true),
            (&["drafts/secret.txt"], &[], "drafts", "plain", false),
            (&["drafts/secret.txt"], &[], "drafts/a", "plain", true),
            (&["a/b/c/d"], &[], "a/b", "x/b", false),
            (&["a/b/c/d"], &[], "x/a/b", "a/b", true),
            (&["a/b/c/d"], &[], "a", "a/b", false),
            (&["a/**/z"], &[], "a/b", "c/b", false),
            (&["a/**/z"], &[], "a/b", "x/a/c", true),
            (&["a/**/b/z"], &[], "a/x", "a/b", false),
            (&["**/a/z"], &[], "x", "a", false),
            (&["**/a/z"], &[], "x", "y", true),
            (&["*/z"], &[], "a", "b/c", true),
            (&["a*/z"], &[], "b", "abc", false),
            // What a pattern lifts is lifted at one place only.
            (&[], &["docs/**"], "docs", "x", false),
            (&[], &["docs/**"], "x", "docs/x", false),
            (&[], &["docs/**"], "docs/a", "docs/b", true),
            (&["**"], &["docs/**"], "docs/a", "docs/b", true),
            (&["**"], &["docs/**", "src/**"], "docs/a", "src/a", true),
            (&[], &["docs/.env"], "docs", "x", false),
            (&[], &[".env"], "docs", "x", true),
        ] {
            let patterns = policy(blocked, unblocked);
            for (from, to) in [(from, to), (to, from)] {
                assert_eq!(patterns.moves_alike(from, to), alike, "{blocked:?} {unblocked:?} {from} {to}");
            }
        }
        let patterns = policy(&["/srv/app/secrets/**", "/srv/*/b/**/x"], &[]);
        for (from, to, alike) in [
            ("/srv/app/a", "/srv/app/c", true),
            ("/srv/app", "/srv/other", false),
            ("/srv/a/b/c", "/srv/a/c/c", false),
            ("/srv/a/b/c", "/srv/z/b/d/e", true),
            ("/x/srv/app", "/x/y", true),
        ] {
            assert_eq!(patterns.moves_alike_absolute(from, to), alike, "{from} {to}");
        }
    }

    #[test]
    fn bad_patterns_name_their_place() {
        for pattern in [
            "", "/", "a//b", "a/", "./a", "a/../b", "a**", "**a/b", "a?", "[ab]", "{a,b}", "a\\b", "!a",
            ".env:x", "*:x", "...", " ", "a/**/**", "\0",
        ] {
            let patterns = ["ok".to_owned(), pattern.to_owned()];
            let error = Blocked::new(&[], &patterns).expect_err(pattern);
            assert_eq!(error.code(), "policy.invalid");
            assert!(error.to_string().starts_with("/paths/unblocked/1: "), "{error}");
        }
        assert!(Blocked::new(&vec!["a".to_owned(); MAX_PATTERNS + 1], &[]).is_err());
        assert!(Blocked::new(&["a".repeat(MAX_PATTERN_BYTES + 1)], &[]).is_err());
    }

    #[test]
    fn many_stars_take_linear_time() {
        // All but match: a matcher that went back would not end.
        let (stars, folders) = (&*"*a".repeat(64), &*format!("b/{}a", "**/a/".repeat(60)));
        let blocked = policy(&[stars, folders], &[]);
        assert_eq!(blocked.below_root(&("a".repeat(60) + "/" + &"a/".repeat(1900)), true), Access::Open);
        // Each matches every name but for its first folder, which must not be sought anew at each.
        let everywhere: Vec<String> = (0..MAX_PATTERNS).map(|n| format!("b{n}/**/*")).collect();
        let blocked = Blocked::new(&everywhere, &[]).expect("valid patterns");
        assert_eq!(blocked.below_root(&"a/".repeat(1900), true), Access::Open);
    }

    #[test]
    fn private_keys_are_told_from_certificates() {
        for (start, key) in [
            ("-----BEGIN PRIVATE KEY-----\n", true),
            ("-----BEGIN RSA PRIVATE KEY-----\n", true),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----", true),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", true),
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----", true),
            ("Bag Attributes\n    x\n-----BEGIN EC PRIVATE KEY-----", true),
            ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", true),
            ("PuTTY-User-Key-File-3: ssh-ed25519", true),
            ("-----BEGIN CERTIFICATE-----\n", false),
            ("-----BEGIN PUBLIC KEY-----\n", false),
            ("# put your PRIVATE KEY here\n", false),
            ("BEGIN\nPRIVATE KEY", false),
            ("PRIVATE KEY BEGIN", false),
            ("", false),
            ("\u{FEFF}\n\n-----BEGIN PRIVATE KEY-----\n", true),
        ] {
            assert_eq!(holds_private_key(start.as_bytes()), key, "{start}");
            // As some shells redirect text.
            let units = || iter::once(0xFEFF).chain(start.encode_utf16());
            for utf16 in [
                units().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
                units().flat_map(u16::to_be_bytes).collect(),
            ] {
                assert_eq!(holds_private_key(&utf16), key, "{start} in UTF-16");
            }
        }
    }
    #[test]
    fn private_keys_in_der_are_told_from_what_else_is_in_der() {
        for (what, start, key) in [
            ("PKCS#8, RSA", &b"\x30\x82\x04\xBD\x02\x01\x00\x30\x0D\x06\x09"[..], true),
            ("PKCS#8, Ed25519", b"\x30\x2E\x02\x01\x00\x30\x05\x06\x03\x2B\x65\x70", true),
            ("PKCS#8 with its public key", b"\x30\x51\x02\x01\x01\x30\x05\x06\x03", true),
            ("PKCS#8, encrypted", b"\x30\x81\xEC\x30\x57\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0D", true),
            (
                "PKCS#8, encrypted as in PKCS#12",
                b"\x30\x81\xEC\x30\x1C\x06\x0A\x2A\x86\x48\x86\xF7\x0D\x01\x0C\x01\x03",
                true,
            ),
            ("PKCS#1", b"\x30\x82\x04\xA4\x02\x01\x00\x02\x82\x01\x01\x00", true),
            ("SEC1", b"\x30\x77\x02\x01\x01\x04\x20", true),
            ("PKCS#12", b"\x30\x82\x0A\x3F\x02\x01\x03\x30\x82", true),
            ("a certificate", b"\x30\x82\x03\x05\x30\x82\x01\xED\xA0\x03\x02\x01\x02", false),
            ("a certificate, version 1", b"\x30\x82\x03\x05\x30\x82\x01\xED\x02\x09\x00", false),
            ("a request", b"\x30\x81\xF0\x30\x81\x9A\x02\x01\x00\x30", false),
            ("a public key", b"\x30\x82\x01\x22\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01", false),
            ("a public key, PKCS#1", b"\x30\x82\x01\x0A\x02\x82\x01\x01\x00", false),
            ("cut off", b"\x30\x82\x04", false),
            ("a length of lengths", b"\x30\xFF\x02\x01\x00\x30", false),
            ("text", b"0\n", false),
        ] {
            assert_eq!(holds_private_key(start), key, "{what}");
        }
    }
}
