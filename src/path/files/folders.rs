//! Making folders.

#![forbid(unsafe_code)]

use super::super::PathOptions;
use super::super::open::{Outcome, settle};
use super::super::resolve::{PathGuard, Target, is_directory};
use super::super::text::components;
use super::MakeDirOptions;
use super::place::{Place, bits, changed_by};
use crate::error::Error;
use crate::policy::{Actions, Intent};
use crate::rules::Rule;
use rustix::fs::mkdirat;
use rustix::io::Errno;

const DEFAULT_MODE: u32 = 0o700;
const EXISTS: Outcome = Outcome::Refused((Rule::PathExists, "something exists at the path"));

impl PathGuard {
    pub(super) fn make_dir(
        &self,
        actions: &Actions,
        path: &str,
        options: &MakeDirOptions,
    ) -> Result<(), Error> {
        settle(|| match self.make_one(actions, path, options) {
            Err(Outcome::Failed(error)) if options.recursive && error.code() == Rule::PathMissing.id() => {
                self.make_parents(actions, path, options)?;
                self.make_one(actions, path, options)
            }
            made => made,
        })
    }

    /// Makes the missing folders that a path goes through; each is judged like the path.
    fn make_parents(&self, actions: &Actions, path: &str, options: &MakeDirOptions) -> Result<(), Outcome> {
        let list = PathOptions { intent: Intent::List, base: options.base.clone() };
        let mut missing = Vec::new();
        let mut folder = parent_of(path);
        // From the end, as what lies above a root cannot be asked for.
        while let Some(prefix) = folder {
            match self.look(actions, prefix, &list) {
                Ok(_) => break,
                Err(Outcome::Failed(error)) if error.code() == Rule::PathMissing.id() => missing.push(prefix),
                Err(outcome) => return Err(outcome),
            }
            folder = parent_of(prefix);
        }
        for prefix in missing.into_iter().rev() {
            // A link to a folder is as good as a folder, and only `list` follows it.
            if self.look(actions, prefix, &list).is_err() {
                self.make_one(actions, prefix, options)?;
            }
        }
        Ok(())
    }

    fn make_one(&self, actions: &Actions, path: &str, options: &MakeDirOptions) -> Result<(), Outcome> {
        let look = PathOptions { intent: Intent::Write, base: options.base.clone() };
        let located = self.look(actions, path, &look)?;
        if let Target::Existing(opened) = &located.target {
            return if options.recursive && is_directory(opened) { Ok(()) } else { Err(EXISTS) };
        }
        let place = Place::of(located)?;
        mkdirat(place.folder(), &*place.name, bits(options.mode.unwrap_or(DEFAULT_MODE)))
            .map_err(|error| changed_by(error, &[Errno::EXIST, Errno::NOENT]))
    }
}

/// The path without its last name; `None` where it has one name only.
fn parent_of(path: &str) -> Option<&str> {
    let (parent, _) = path.trim_end_matches('/').rsplit_once('/')?;
    components(parent).next().map(|_| parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_cut_from_the_end() {
        for (path, parent) in [
            ("a", None),
            ("a/", None),
            ("/a", None),
            ("./a", None),
            ("a/b", Some("a")),
            ("a//b/", Some("a/")),
            ("/a/b", Some("/a")),
            ("a/../b", Some("a/..")),
        ] {
            assert_eq!(parent_of(path), parent, "{path}");
        }
    }
}
