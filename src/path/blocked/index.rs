//! Patterns by their last name, and what they make of a path.

#![forbid(unsafe_code)]

use super::pattern::{Glob, Last, Pattern, folded};
use super::words::{backed_up, is_of_test_data, is_source_or_template};
use super::{Access, Effect};
use crate::path::text::{NAME_MAX, components, fold_name};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ptr;

/// How many suffixes of backups are taken off a name.
const MAX_SUFFIXES: usize = 2;

/// Patterns by their last name.
#[derive(Debug, Default)]
pub(super) struct Index {
    names: HashMap<Box<str>, Vec<Pattern>>,
    globs: Vec<(Glob, Pattern)>,
    /// What most names of a path are told apart by, before they are compared with anything.
    hints: Hints,
    /// Those that match at every name: `**` alone.
    everywhere: Vec<Pattern>,
}

impl Index {
    pub(super) fn add(&mut self, last: Last, pattern: Pattern) {
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

    pub(super) fn all(&self) -> impl Iterator<Item = (Option<&str>, &Pattern)> {
        let named =
            self.names.iter().flat_map(|(name, list)| list.iter().map(|pattern| (Some(&**name), pattern)));
        let globs = self.globs.iter().map(|(_, pattern)| (None, pattern));
        named.chain(globs).chain(self.everywhere.iter().map(|pattern| (None, pattern)))
    }

    fn each_match<'p>(&'p self, name: &str, found: &mut impl FnMut(&'p Pattern)) {
        if self.hints.may_be_name(name) {
            self.names.get(name).into_iter().flatten().for_each(&mut *found);
        }
        if self.hints.may_match_glob(name) {
            self.globs.iter().filter(|(glob, _)| glob.matches(name)).for_each(|(_, pattern)| found(pattern));
        }
        self.everywhere.iter().for_each(found);
    }
}

/// The built-in patterns, and those of a policy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layers<'b> {
    pub(super) built_in: &'b Index,
    pub(super) policy: &'b Index,
    /// Patterns match from the start of the path, and not at any depth.
    pub(super) anchored: bool,
}

/// What the patterns have said of the names of a path so far.
#[derive(Debug, Default)]
struct Judged {
    access: Access,
    /// A pattern of the policy has lifted everything below.
    lifted: bool,
    /// The first name of a built-in pattern that blocks, and of one that blocks writing, unless it was lifted.
    block: Option<usize>,
    steer: Option<usize>,
    /// Blocked for sources and templates too.
    firm: bool,
    /// A folder that was passed holds the data of tests.
    in_test_data: bool,
}

/// What the patterns say of one name.
#[derive(Debug, Default)]
struct Said {
    strongest: Option<Effect>,
    block: Option<usize>,
    steer: Option<usize>,
    unblock: Option<usize>,
    subtree: bool,
    firm: bool,
}

fn earlier(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    a.into_iter().chain(b).min()
}

impl Said {
    /// `from`: where the first name of the pattern stands.
    fn add(&mut self, pattern: &Pattern, from: usize) {
        self.strongest = self.strongest.max(Some(pattern.effect));
        let from = Some(from);
        match pattern.effect {
            Effect::Sample | Effect::Block => {
                self.block = earlier(self.block, from);
                self.firm |= pattern.firm;
            }
            Effect::Steer => self.steer = earlier(self.steer, from),
            Effect::PolicyBlock => self.firm = true,
            Effect::PolicyUnblock => {
                self.unblock = earlier(self.unblock, from);
                self.subtree |= pattern.subtree;
            }
            Effect::PrivateKey => {}
        }
    }
}

impl Judged {
    fn add(&mut self, said: &Said, is_last: bool) {
        self.lifted |= said.subtree;
        if let Some(from) = said.unblock {
            // Of a folder that is blocked by default only by a pattern that names the folder.
            self.block = earlier(self.block, said.block).filter(|at| *at < from);
            self.steer = earlier(self.steer, said.steer).filter(|at| *at < from);
            self.firm &= self.block.is_some();
            self.access = match (self.block, self.steer) {
                (Some(_), _) => Access::Blocked,
                (None, Some(_)) => Access::Steers,
                (None, None) => Access::Open,
            };
            return;
        }
        if self.lifted {
            return;
        }
        self.block = earlier(self.block, said.block);
        self.steer = earlier(self.steer, said.steer);
        self.firm |= said.firm;
        let access = match said.strongest {
            Some(Effect::Sample) if is_last && self.in_test_data => Access::Sample,
            Some(Effect::Sample | Effect::Block | Effect::PolicyBlock) => Access::Blocked,
            Some(Effect::PrivateKey) if is_last => Access::PrivateKey,
            Some(Effect::Steer) => Access::Steers,
            _ if said.steer.is_some() => Access::Steers,
            _ => Access::Open,
        };
        self.access = self.access.max(access);
    }
}

impl Layers<'_> {
    /// Judges a path. `folds`: a name may differ from what it folds to.
    pub(super) fn judge(self, path: &str, folds: bool) -> Access {
        self.judge_and_lift(path, folds).0
    }

    /// Also whether a pattern of a whole folder has lifted everything below the path.
    fn judge_and_lift(self, path: &str, folds: bool) -> (Access, bool) {
        let mut judged = Judged::default();
        let mut matcher = Matcher { path, anchored: self.anchored, folds, all: OnceCell::new(), heads: None };
        let mut buffer = [0; NAME_MAX];
        let mut names = components(path).enumerate().peekable();
        let mut softened = false;
        while let Some((index, written)) = names.next() {
            let name = if folds { fold_name(written, &mut buffer) } else { Cow::Borrowed(written) };
            let mut said = Said::default();
            let mut source = None;
            let mut is_source = || {
                let of_name = |name: &str| {
                    is_source_or_template(name) || backed_up(name).is_some_and(is_source_or_template)
                };
                *source.get_or_insert_with(|| of_name(&name))
            };
            let mut add = |pattern: &Pattern| {
                if pattern.effect.is_of_secrets() && !pattern.firm && is_source() {
                    return;
                }
                if let Some(from) = matcher.first(pattern, written, index) {
                    said.add(pattern, from);
                }
            };
            self.policy.each_match(&name, &mut add);
            self.built_in.each_match(&name, &mut add);
            let mut shorter = backed_up(&name);
            for _ in 0..MAX_SUFFIXES {
                let Some(of) = shorter else { break };
                self.built_in.each_match(of, &mut |pattern| {
                    if !pattern.subtree
                        && (pattern.effect.is_of_secrets() || pattern.effect == Effect::PrivateKey)
                    {
                        add(pattern);
                    }
                });
                shorter = backed_up(of);
            }
            let is_last = names.peek().is_none();
            judged.add(&said, is_last);
            judged.in_test_data |= is_of_test_data(&name);
            // What lies in a folder that has the name of such a file, and is a source.
            softened =
                is_last && judged.access == Access::Blocked && !judged.firm && is_source_or_template(&name);
        }
        let access = match judged.access {
            Access::Blocked if softened && judged.steer.is_some() => Access::Steers,
            Access::Blocked if softened => Access::Open,
            access => access,
        };
        (access, judged.lifted)
    }

    /// Whether two open folders leave the patterns in the same state. `exists`: whether the folder that is to be
    /// moved has something at this path.
    pub(super) fn judges_alike(self, a: &str, b: &str, exists: &mut impl FnMut(&str) -> bool) -> bool {
        let names = |path| components(path).map(folded).collect::<Vec<_>>();
        let (names_a, names_b) = (names(a), names(b));
        let lifted = |path| self.judge_and_lift(path, true).1;
        let alike = |pattern: &Pattern, last: Option<&str>, exists: Option<&mut dyn FnMut(&str) -> bool>| {
            if pattern.is_short() {
                return true;
            }
            let (a, b) = (pattern.states(&names_a, self.anchored), pattern.states(&names_b, self.anchored));
            let mut differing = a.iter().zip(&b).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at);
            match exists {
                None => differing.next().is_none(),
                Some(exists) => !differing.any(|at| pattern.rest(at, last).is_none_or(|rest| exists(&rest))),
            }
        };
        let is_test_data = |names: &[String]| names.iter().any(|name| is_of_test_data(name));
        let is_sample = |(last, pattern): (Option<&str>, &Pattern)| {
            pattern.effect == Effect::Sample && last.is_some_and(&mut *exists)
        };
        if is_test_data(&names_a) != is_test_data(&names_b) && self.built_in.all().any(is_sample) {
            return false;
        }
        lifted(a) == lifted(b)
            && self.policy.all().all(|(last, pattern)| alike(pattern, last, None))
            && self.built_in.all().all(|(last, pattern)| alike(pattern, last, Some(exists)))
    }

    /// Whether a pattern can match at or below this folder.
    pub(super) fn reaches(self, folder: &str) -> bool {
        let folder: Vec<String> = components(folder).map(folded).collect();
        let mut all = self.built_in.all().chain(self.policy.all());
        all.any(|(last, pattern)| pattern.reaches(last, &folder))
    }
}

/// Where patterns of several names are compared with the names in front.
struct Matcher<'p> {
    path: &'p str,
    anchored: bool,
    folds: bool,
    /// Only patterns with `**` between their names look at all of them at once.
    all: OnceCell<Vec<String>>,
    heads: Option<HashMap<*const Pattern, Option<super::pattern::Head>>>,
}

impl Matcher<'_> {
    /// Where the first name of a pattern stands that matches at the name `written`, the one at `index`.
    fn first(&mut self, pattern: &Pattern, written: &str, index: usize) -> Option<usize> {
        if pattern.is_name() && !self.anchored {
            return Some(index);
        }
        if let Some(group) = pattern.only_group() {
            // The names of a path are parts of it.
            let start = (written.as_ptr() as usize).checked_sub(self.path.as_ptr() as usize)?;
            return Pattern::follows(group, self.path.get(..start)?, index, self.anchored, self.folds);
        }
        let all = self.all.get_or_init(|| components(self.path).map(folded).collect());
        let anchored = self.anchored;
        let heads = self.heads.get_or_insert_default();
        let head = heads.entry(ptr::from_ref(pattern)).or_insert_with(|| pattern.head(all, anchored));
        head.as_ref().and_then(|head| pattern.tail_matches(all, head, index, anchored))
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
