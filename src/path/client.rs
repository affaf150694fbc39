//! The folders that a client names, inside those that the operator allows.

#![forbid(unsafe_code)]

use super::blocked::Blocked;
use super::roots::Root;
use crate::error::{Error, ErrorKind};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many folders a client may name.
const MAX_FOLDERS: usize = 64;
/// How many different sets of them one gate holds open.
const MAX_SETS: usize = 32;

/// The roots of a gate: those of the operator, or the client's inside them.
///
/// A set is held as long as the gate, so that a look-up under way keeps what it began with.
#[derive(Debug, Default)]
pub(super) struct Narrowed {
    sets: [OnceLock<Vec<Root>>; MAX_SETS],
    /// One more than the place of the set in force; 0 for those of the operator.
    current: AtomicUsize,
}

/// The folder that a `file:` URI or an absolute path names, without links.
fn folder(named: &str) -> Option<PathBuf> {
    let path = match named.split_at_checked(5) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("file:") => {
            let path =
                rest.strip_prefix("//").map_or(rest, |rest| rest.strip_prefix("localhost").unwrap_or(rest));
            let decoded = super::names::decode(path.as_bytes()).unwrap_or_else(|| path.as_bytes().to_vec());
            String::from_utf8(decoded).ok()?
        }
        _ => named.to_owned(),
    };
    let real = fs::canonicalize(Path::new(&path).is_absolute().then_some(path)?).ok()?;
    real.is_dir().then_some(real)
}

impl Narrowed {
    /// The roots in force, where the operator's are these.
    pub(super) fn of<'r>(&'r self, operators: &'r [Root]) -> &'r [Root] {
        let place = self.current.load(Ordering::Acquire);
        let set = place.checked_sub(1).and_then(|place| self.sets.get(place)).and_then(OnceLock::get);
        set.map_or(operators, Vec::as_slice)
    }

    /// Puts the folders of a client in force, as far as they lie in roots of the operator; without those, all of them.
    /// A root that lies in a folder of the client stays whole. `None`: the client names none, and the operator's hold.
    pub(super) fn set(
        &self,
        operators: &[Root],
        blocked: &Blocked,
        named: Option<&[String]>,
    ) -> Result<(), Error> {
        let Some(named) = named else {
            self.current.store(0, Ordering::Release);
            return Ok(());
        };
        let fault = |what| Error::new(ErrorKind::InvalidInput, what);
        if named.len() > MAX_FOLDERS {
            return Err(fault("a client names at most 64 folders"));
        }
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in named.iter().filter_map(|named| folder(named)) {
            let inside: Vec<PathBuf> = if operators.is_empty() {
                vec![folder]
            } else {
                let both = |root: &Root| {
                    let root = Path::new(root.real());
                    if folder.starts_with(root) {
                        Some(folder.clone())
                    } else {
                        root.starts_with(&folder).then(|| root.to_owned())
                    }
                };
                operators.iter().filter_map(both).collect()
            };
            for folder in inside {
                if !folders.contains(&folder) {
                    folders.push(folder);
                }
            }
        }
        let open = |folder: &PathBuf| Root::open(folder, Path::new("/"), blocked).ok();
        let same = |set: &Vec<Root>| {
            set.iter().map(|root| Path::new(root.real())).eq(folders.iter().map(PathBuf::as_path))
        };
        for (place, set) in self.sets.iter().enumerate() {
            if same(set.get_or_init(|| folders.iter().filter_map(open).collect())) {
                self.current.store(place + 1, Ordering::Release);
                return Ok(());
            }
        }
        Err(fault("the client has named too many different sets of folders"))
    }
}
