//! Keys whose values go: the built-in words, and what the policy adds and takes away.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::json::Text;
use crate::policy::Redact;
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

    fn is_secret(&self, key: &[u8]) -> bool {
        if self.added.is_empty() && self.spared.is_empty() {
            return is_built_in(key);
        }
        let words = Words::of(&String::from_utf8_lossy(key));
        !self.spared.contains(&words) && (words.hold_any(&self.added) || is_built_in(key))
    }
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

/// Slots of the memory for keys.
const SLOTS: usize = 256;

/// A key that was judged.
#[derive(Debug, Clone, Copy)]
struct Judged {
    /// Its first eight bytes.
    head: u64,
    len: u32,
    open: u32,
    /// The document that it stands in, where it is longer than that.
    document: u32,
    secret: bool,
}

/// Keys that were judged: most documents have few, many times, and the next one has the same. Used with one set of
/// secret keys only.
#[derive(Debug)]
pub(crate) struct Seen {
    slots: [Judged; SLOTS],
    /// Counts documents.
    document: u32,
}

impl Default for Seen {
    fn default() -> Self {
        // No key is empty in a slot that was never written: its length says so.
        let never = Judged { head: 0, len: u32::MAX, open: 0, document: 0, secret: false };
        Self { slots: [never; SLOTS], document: 0 }
    }
}

impl Seen {
    /// Another document begins.
    pub(super) fn begin(&mut self) {
        match self.document.checked_add(1) {
            Some(next) => self.document = next,
            None => *self = Self::default(),
        }
    }

    pub(super) fn is_secret(&mut self, keys: &SecretKeys, key: Text<'_>) -> bool {
        let raw = key.raw();
        let head = raw.iter().take(8).fold(0, |head, byte| head << 8 | u64::from(*byte));
        let judge = || keys.is_secret(&key.unescaped());
        let (Ok(open), Ok(len)) = (u32::try_from(key.open), u32::try_from(raw.len())) else { return judge() };
        let hash = (head ^ u64::from(len)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56;
        let Some(slot) = usize::try_from(hash).ok().and_then(|at| self.slots.get_mut(at)) else {
            return judge();
        };
        let same = slot.head == head
            && slot.len == len
            && (len <= 8 || (slot.document == self.document && key.is_same_at(slot.open as usize)));
        if !same {
            *slot = Judged { head, len, open, document: self.document, secret: judge() };
        }
        slot.secret
    }
}
