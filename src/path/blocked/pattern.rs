//! One pattern: names with `*` in them, and `**` between them.

#![forbid(unsafe_code)]

use super::Effect;
use super::words::is_source_or_template;
use crate::path::text::{NAME_MAX, fold_name};
use unicode_normalization::UnicodeNormalization;

const MAX_PATTERN_BYTES: usize = 4096;

pub(super) fn folded(name: &str) -> String {
    fold_name(name, &mut [0; NAME_MAX]).into_owned()
}

/// The last segment of a pattern.
#[derive(Debug)]
pub(super) enum Last {
    Name(Box<str>),
    Glob(Glob),
    Any,
}

impl Last {
    /// The end of every name that it matches.
    fn literal_end(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Glob(glob) => glob.suffix.as_deref(),
            Self::Any => None,
        }
    }
}

/// A pattern without its last segment.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) effect: Effect,
    /// What stands in front of the last segment, cut at each `**`: one group at least.
    parents: Box<[Box<[Glob]>]>,
    /// It ends in `/**`.
    pub(super) subtree: bool,
    /// It holds for sources and templates too: it is of a folder, or names such a file itself.
    pub(super) firm: bool,
}

#[derive(Debug)]
enum Segment {
    Glob(Glob),
    /// `**`: any number of names.
    Any,
}

/// Where what stands in front of the last `**` matched.
#[derive(Debug)]
pub(super) struct Head {
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
    pub(super) fn parse(text: &str, effect: Effect) -> Result<(Last, Self), &'static str> {
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
        let firm = subtree || last.literal_end().is_some_and(is_source_or_template);
        Ok((last, Self { effect, parents: parents.into_iter().map(Into::into).collect(), subtree, firm }))
    }

    /// Whether a relative one matches whatever stands in front of its last segment.
    pub(super) fn is_name(&self) -> bool {
        self.parents.iter().all(|group| group.is_empty())
    }

    /// What stands in front of the last segment, where no `**` is among it.
    pub(super) fn only_group(&self) -> Option<&[Glob]> {
        match &*self.parents {
            [group] => Some(group),
            _ => None,
        }
    }

    /// The same as [`Pattern::head`] and [`Pattern::tail_matches`] for one group: whether it is the end of the
    /// path in front of the name at `index`.
    pub(super) fn follows(
        group: &[Glob],
        before: &str,
        index: usize,
        anchored: bool,
        folds: bool,
    ) -> Option<usize> {
        let start = index.checked_sub(group.len()).filter(|start| !anchored || *start == 0)?;
        let mut buffer = [0; NAME_MAX];
        let mut names = before.rsplit('/').filter(|name| !matches!(*name, "" | "."));
        let alike = group.iter().rev().all(|glob| {
            names.next().is_some_and(|name| {
                if folds { glob.matches(&fold_name(name, &mut buffer)) } else { glob.matches(name) }
            })
        });
        alike.then_some(if anchored { 0 } else { start + unnamed(group) })
    }

    /// What is still to come when the first `matched` segments have matched, where it is all names.
    pub(super) fn rest(&self, matched: usize, last: Option<&str>) -> Option<String> {
        let group = self.only_group()?;
        let names = group.get(matched..)?.iter().map(|glob| glob.suffix.is_none().then_some(&*glob.prefix));
        let names: Option<Vec<&str>> = names.chain([last]).collect();
        Some(names?.join("/"))
    }

    /// The earliest match of what stands in front of the last `**`; `None` where there is none. Takes time
    /// in the product of both counts, once for a path.
    pub(super) fn head(&self, names: &[String], anchored: bool) -> Option<Head> {
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
    pub(super) fn tail_matches(
        &self,
        names: &[String],
        head: &Head,
        index: usize,
        anchored: bool,
    ) -> Option<usize> {
        let (tail, groups) = self.parents.split_last()?;
        let start = index.checked_sub(tail.len()).filter(|start| *start >= head.end)?;
        let begins = !anchored || !groups.is_empty() || start == 0;
        let from = if anchored { 0 } else { head.from.unwrap_or(start + unnamed(tail)) };
        (begins && matches_at(tail, names, start)).then_some(from)
    }

    /// Whether it has one segment only, and so no state between two names.
    pub(super) fn is_short(&self) -> bool {
        matches!(&*self.parents, [group] if group.is_empty())
    }

    /// How much of what stands in front of the last segment these names can have matched: by number of
    /// segments, in every way at once.
    pub(super) fn states(&self, names: &[String], anchored: bool) -> Vec<bool> {
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
    pub(super) fn reaches(&self, last: Option<&str>, folder: &[String]) -> bool {
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
pub(super) struct Glob {
    pub(super) prefix: Box<str>,
    middle: Box<[Box<str>]>,
    /// `None` where the name has no `*`: it is `prefix` then.
    pub(super) suffix: Option<Box<str>>,
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
    pub(super) fn matches(&self, name: &str) -> bool {
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
