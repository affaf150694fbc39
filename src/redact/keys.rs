//! Keys whose values go: the built-in words, and what the policy adds and takes away.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::policy::Redact;
use crate::secrets::held::Held;
use crate::secrets::keys::{Name, Words, judge};

/// The compiled `redact` member of a policy.
#[derive(Debug, Clone, Default)]
pub(crate) struct SecretKeys {
    added: Vec<Words>,
    spared: Vec<Words>,
}

impl SecretKeys {
    pub(crate) fn new(policy: &Redact) -> Result<Self, Error> {
        Ok(Self { added: words("keys", &policy.keys)?, spared: words("notKeys", &policy.not_keys)? })
    }

    /// What a key says of its value.
    fn held(&self, names: Names, key: &[u8]) -> Held {
        if !self.added.is_empty() || !self.spared.is_empty() {
            let words = Words::of(&String::from_utf8_lossy(key));
            if self.spared.contains(&words) {
                return Held::Nothing;
            }
            if words.hold_any(&self.added) {
                return Held::Any;
            }
        }
        if names != Names::All {
            Held::by(key)
        } else if is_built_in(key) {
            Held::Any
        } else {
            Held::Nothing
        }
    }
}

/// Which names make their values secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// All that say so, and every value: for logs.
    All,
    /// Those that mean a secret, and texts that can be one: for results.
    Likely,
}

fn is_built_in(key: &[u8]) -> bool {
    matches!(judge(key), Name::Secret | Name::AwsSecret)
}

fn words(member: &str, names: &[String]) -> Result<Vec<Words>, Error> {
    names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let words = Words::of(name);
            if words.is_empty() {
                let pointer = format!("/redact/{member}/{at}");
                return Err(Error::policy(&pointer, "a key has at least one letter"));
            }
            Ok(words)
        })
        .collect()
}

/// Slots of the memory for keys, and the longest key that is kept (bytes).
const SLOTS: usize = 256;
const LONGEST: usize = 31;

/// A key that was judged.
#[derive(Debug, Clone, Copy)]
struct Judged {
    key: [u8; LONGEST],
    /// More than any key has, where there is none.
    len: u8,
    held: Held,
}

/// Keys that were judged: most documents have few, many times, and the next one has the same. Used with one set of
/// secret keys and one choice of names only.
#[derive(Debug)]
pub(crate) struct Seen {
    slots: Box<[Judged; SLOTS]>,
}

impl Default for Seen {
    fn default() -> Self {
        Self { slots: Box::new([Judged { key: [0; LONGEST], len: u8::MAX, held: Held::Nothing }; SLOTS]) }
    }
}

impl Seen {
    pub(super) fn held(&mut self, keys: &SecretKeys, names: Names, key: &[u8]) -> Held {
        let start = key.iter().take(8).fold(0, |start, byte| start << 8 | u64::from(*byte));
        let hash = (start ^ key.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56;
        let slot = usize::try_from(hash).ok().and_then(|at| self.slots.get_mut(at));
        let (Some(slot), Ok(len)) = (slot, u8::try_from(key.len())) else { return keys.held(names, key) };
        if slot.len == len && slot.key.get(..key.len()) == Some(key) {
            return slot.held;
        }
        let judged = keys.held(names, key);
        if let Some(room) = slot.key.get_mut(..key.len()) {
            room.copy_from_slice(key);
            (slot.len, slot.held) = (len, judged);
        }
        judged
    }
}
