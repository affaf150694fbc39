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
const SLOTS: usize = 64;

/// Keys of this document that were judged: most documents have few, many times.
#[derive(Debug)]
pub(super) struct Seen([(u32, u32, bool); SLOTS]);

impl Default for Seen {
    fn default() -> Self {
        Self([(0, 0, false); SLOTS])
    }
}

impl Seen {
    pub(super) fn is_secret(&mut self, keys: &SecretKeys, key: Text<'_>) -> bool {
        let raw = key.raw();
        let (Ok(open), Ok(len)) = (u32::try_from(key.open), u32::try_from(raw.len())) else {
            return keys.is_secret(&key.unescaped());
        };
        let byte = |at: usize| raw.get(at).copied().map_or(0, usize::from);
        let slot =
            (raw.len() + byte(0) * 7 + byte(raw.len() / 2) * 31 + byte(raw.len().saturating_sub(1)) * 13)
                % SLOTS;
        let Some(slot) = self.0.get_mut(slot) else { return keys.is_secret(&key.unescaped()) };
        if slot.1 == len && slot.0 != 0 && key.is_same_at(slot.0 as usize) {
            return slot.2;
        }
        *slot = (open, len, keys.is_secret(&key.unescaped()));
        slot.2
    }
}
