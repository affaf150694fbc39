//! Duplicate members, in linear time whoever chose the keys.
//!
//! The keys of all open objects live in two stacks, the innermost object's on top. A small object keeps a
//! list and a 64-bit filter; a key that the filter does not know is new without a look at the list. From
//! [`SMALL`] keys on an object has a hash table. Hashes are keyed with secrets of the process; should
//! look-ups in tables still take long, somebody has found collisions, and the pass is started again with
//! `SipHash`. A match of hashes is never taken for a duplicate: the keys themselves are compared.
//!
//! Both are blind to case, so that keys that differ in nothing else meet. An object in which very many meet is an attack
//! too: it is reported as a whole, and read once more with a hashing that sees case.
//!
//! A table slot is eight bytes: hash above, offset of the key's opening quote below. Tables are filled to
//! four fifths.

use super::fold::{folds_to, plain};
use super::place::{Frame, key_at};
use super::text::Text;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// Objects up to this size have no table.
const SMALL: u32 = 24;
/// The first table has this many slots. Four times as many, and so on, reaches 81,920, which holds 65,536
/// keys: the default limit fits a table of 640 KiB.
const FIRST_ROOM: u32 = 80;
/// From this size on a table only doubles, so that at the worst moment an object costs 30 bytes a key.
const DOUBLE_FROM: usize = 81_920;
/// Steps of look-ups beyond the first after which a table is taken for attacked: so many, and so many more for each
/// key. Linear probing at four fifths takes 12 on average for a key that is not there.
const SIP_PATIENCE: (u64, u64) = (4096, 64);
const FAST_PATIENCE: (u64, u64) = if cfg!(test) { (64, 1) } else { SIP_PATIENCE };
/// The bit that makes no difference between the cases of a letter, in every byte of a word.
const CASE: u64 = 0x2020_2020_2020_2020;

struct Secrets {
    words: [u64; 2],
    sip: RandomState,
}

static SECRETS: LazyLock<Secrets> = LazyLock::new(|| {
    let sip = RandomState::new();
    // Odd, so that a product with it loses nothing.
    Secrets { words: [sip.hash_one(1_u8) | 1, sip.hash_one(2_u8) | 1], sip }
});

/// How keys are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Hashing {
    /// Folded products: a few instructions a key.
    #[default]
    Fast,
    /// `SipHash` of names without case, once somebody has found collisions.
    Sip,
    /// `SipHash` of names as they are, once very many differ in case only.
    Exact,
}

/// The keys of the open objects.
#[derive(Debug)]
pub(super) struct Keys {
    words: [u64; 2],
    hashing: Hashing,
    /// Slots of the small objects.
    list: Vec<u64>,
    /// Slots of the tables; 0 is an empty one (no key is at offset 0).
    tables: Vec<u64>,
    /// Steps that look-ups may still take, and how many more for each key.
    patience: u64,
    patience_a_key: u64,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            words: SECRETS.words,
            hashing: Hashing::Fast,
            list: Vec::new(),
            tables: Vec::new(),
            patience: 0,
            patience_a_key: 0,
        }
    }
}

impl Keys {
    /// Forgets everything and starts with this hashing.
    pub(super) fn reset(&mut self, hashing: Hashing) {
        self.list.clear();
        self.tables.clear();
        self.hashing = hashing;
        (self.patience, self.patience_a_key) = match hashing {
            Hashing::Fast => FAST_PATIENCE,
            Hashing::Sip => SIP_PATIENCE,
            Hashing::Exact => (u64::MAX >> 1, 0),
        };
    }

    /// Bytes that both stacks hold.
    pub(super) fn held(&self) -> usize {
        (self.list.capacity() + self.tables.capacity()) * size_of::<u64>()
    }

    /// A frame for an object that begins now.
    #[inline]
    pub(super) fn begin(&self) -> Frame {
        // Documents are shorter than 4 GiB and a slot stands for a key of at least two bytes.
        Frame::object(u32::try_from(self.list.len()).unwrap_or(u32::MAX))
    }

    /// The object ends: forgets its keys.
    #[inline]
    pub(super) fn end(&mut self, frame: Frame) {
        if frame.keys_room == 0 {
            self.list.truncate(frame.keys_start as usize);
        } else {
            self.tables.truncate(frame.keys_start as usize);
        }
    }

    /// Notes a key of the innermost object, which is counted already; but with [`Hashing::Fast`] every key is to
    /// be taken for escaped.
    // Scalars and not a `Text`: as one it would be written to memory for the calls that are seldom made.
    #[inline(always)]
    pub(super) fn insert(
        &mut self,
        bytes: &[u8],
        frame: &mut Frame,
        (open, close): (usize, usize),
        escaped: bool,
    ) -> Inserted {
        let hash = if escaped {
            self.hash_slowly(bytes, (open, close))
        } else {
            fold(self.words, bytes, open + 1, close - open - 1)
        };
        let slot = slot(hash, open);
        if frame.keys_room != 0 {
            return self.insert_in_table(bytes, frame, slot, (close, escaped));
        }
        let bit = 1 << (hash & 63);
        let mut inserted = Inserted::New;
        if frame.bloom & bit != 0 {
            inserted = self.look_up(bytes, *frame, slot, (close, escaped));
            if inserted == Inserted::Duplicate {
                return inserted;
            }
        }
        frame.bloom |= bit;
        self.list.push(slot);
        if frame.count >= SMALL {
            self.start_table(frame);
        }
        inserted
    }

    /// What a key is to the list, before it is put there.
    #[inline(never)]
    fn look_up(&self, bytes: &[u8], frame: Frame, slot: u64, key: (usize, bool)) -> Inserted {
        let listed = self.list.get(frame.keys_start as usize..).unwrap_or_default();
        let met = listed.iter().filter(|other| same_hash(**other, slot));
        met.map(|other| meets(self.hashing, bytes, *other, slot, key)).max().unwrap_or(Inserted::New)
    }

    /// Moves the innermost object's list into a table.
    #[cold]
    fn start_table(&mut self, frame: &mut Frame) {
        let from = frame.keys_start as usize;
        frame.keys_start = u32::try_from(self.tables.len()).unwrap_or(u32::MAX);
        frame.set_keys_room(FIRST_ROOM);
        self.tables.resize(self.tables.len() + FIRST_ROOM as usize, 0);
        let Some(table) = self.tables.get_mut(frame.keys_start as usize..) else { return };
        for slot in self.list.get(from..).unwrap_or_default() {
            place(table, *slot);
        }
        self.list.truncate(from);
    }

    #[inline(always)]
    fn insert_in_table(
        &mut self,
        bytes: &[u8],
        frame: &mut Frame,
        slot: u64,
        key: (usize, bool),
    ) -> Inserted {
        if u64::from(frame.count) > frame.keys_fit() {
            self.grow(frame);
        }
        let Some(table) = self.tables.get_mut(frame.keys_start as usize..) else { return Inserted::TooSlow };
        let at = home(slot, table.len());
        match table.get_mut(at) {
            Some(free @ 0) => {
                *free = slot;
                Inserted::New
            }
            _ => self.probe(bytes, *frame, at, slot, key),
        }
    }

    /// The slot that the key would like is taken: looks on from there.
    #[inline(never)]
    fn probe(
        &mut self,
        bytes: &[u8],
        frame: Frame,
        mut at: usize,
        slot: u64,
        key: (usize, bool),
    ) -> Inserted {
        let hashing = self.hashing;
        let Some(table) = self.tables.get_mut(frame.keys_start as usize..) else { return Inserted::TooSlow };
        let mut left = self.patience + self.patience_a_key;
        let mut inserted = Inserted::New;
        while left > 0 {
            match table.get_mut(at) {
                Some(free @ 0) => {
                    *free = slot;
                    self.patience = left;
                    return inserted;
                }
                Some(other) => {
                    if same_hash(*other, slot) {
                        inserted = inserted.max(meets(hashing, bytes, *other, slot, key));
                        if inserted == Inserted::Duplicate {
                            return inserted;
                        }
                    }
                    at += 1;
                }
                None => at = 0,
            }
            left -= 1;
        }
        Inserted::TooSlow
    }

    /// Enlarges the innermost object's table. Its slots are on top of the stack.
    #[cold]
    fn grow(&mut self, frame: &mut Frame) {
        let (start, room) = (frame.keys_start as usize, frame.keys_room as usize);
        let more = if room < DOUBLE_FROM { room * 4 } else { room * 2 };
        self.tables.reserve_exact(more);
        self.tables.resize(start + room + more, 0);
        let (old, new) = self.tables.split_at_mut(start + room);
        for slot in old.get(start..).unwrap_or_default().iter().filter(|slot| **slot != 0) {
            place(new, *slot);
        }
        self.tables.copy_within(start + room.., start);
        self.tables.truncate(start + more);
        frame.set_keys_room(u32::try_from(more).unwrap_or(u32::MAX));
    }

    #[cold]
    fn hash_slowly(&self, bytes: &[u8], (open, close): (usize, usize)) -> u64 {
        let text = Text { bytes, open, close, escaped: true }.unescaped();
        match self.hashing {
            Hashing::Fast => {
                let text = plain(text);
                fold(self.words, &text, 0, text.len())
            }
            Hashing::Sip => {
                let mut text = plain(text).into_owned();
                text.make_ascii_lowercase();
                SECRETS.sip.hash_one(text)
            }
            Hashing::Exact => SECRETS.sip.hash_one(&*text),
        }
    }
}

/// What became of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Inserted {
    New,
    /// New, and like another but for case.
    Folded,
    /// There already.
    Duplicate,
    /// Look-ups take longer than chance allows: start again with the next [`Hashing`].
    TooSlow,
}

/// A hash of the `len` bytes at `at`: products of 64 bits folded to their middle (the construction of
/// wyhash), keyed by secrets on both sides.
#[inline(always)]
fn fold(words: [u64; 2], bytes: &[u8], at: usize, len: usize) -> u64 {
    let (a, b) = match len {
        0..=8 => (short_word(bytes, at, len), 0),
        9..=16 => (word_at(bytes, at), word_at(bytes, at + len - 8)),
        _ => long_words(words, bytes.get(at..at + len).unwrap_or_default()),
    };
    fold_product((a | CASE) ^ words[0], (b | CASE) ^ words[1] ^ (len as u64).rotate_left(32))
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the two halves are what is wanted")]
fn fold_product(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}

/// Up to eight bytes as a word, the last one on top: one load where the document goes on for long enough.
#[inline(always)]
fn short_word(bytes: &[u8], at: usize, len: usize) -> u64 {
    match bytes.get(at..at + 8).and_then(|word| <[u8; 8]>::try_from(word).ok()) {
        // A shift by 64 is no shift; two by half as much are, and an empty key has no bits.
        Some(word) => u64::from_le_bytes(word) << (32 - 4 * len) << (32 - 4 * len),
        None => bytes
            .get(at..at + len)
            .unwrap_or_default()
            .iter()
            .fold(0, |word, byte| (word >> 8) | (u64::from(*byte) << 56)),
    }
}

#[inline(always)]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|word| <[u8; 8]>::try_from(word).ok()).map_or(0, u64::from_le_bytes)
}

#[inline(never)]
fn long_words(words: [u64; 2], key: &[u8]) -> (u64, u64) {
    let mut folded = words[1];
    for block in key.chunks_exact(16) {
        folded = fold_product((word_at(block, 0) | CASE) ^ folded, (word_at(block, 8) | CASE) ^ words[1]);
    }
    // The last sixteen bytes, some of them again: what is left over is in them.
    let last = key.len().saturating_sub(16);
    (folded ^ (word_at(key, last + 8) | CASE), words[0] ^ (word_at(key, last) | CASE))
}

/// Hash above, offset below.
#[inline]
fn slot(hash: u64, open: usize) -> u64 {
    (hash & 0xFFFF_FFFF_0000_0000) | (open as u64 & 0xFFFF_FFFF)
}

/// The offset of a slot's key.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn offset(slot: u64) -> u32 {
    slot as u32
}

#[inline]
fn same_hash(a: u64, b: u64) -> bool {
    (a ^ b) >> 32 == 0
}

/// Where a slot would like to lie: its hash, scaled to the table.
#[inline]
fn home(slot: u64, len: usize) -> usize {
    // Below `len`, as a hash is below 2^32.
    usize::try_from(((slot >> 32) * len as u64) >> 32).unwrap_or(0)
}

/// Puts a slot whose key is new into a table that has room.
fn place(table: &mut [u64], slot: u64) {
    let (before, after) = table.split_at_mut(home(slot, table.len()).min(table.len()));
    if let Some(free) = after.iter_mut().chain(before).find(|other| **other == 0) {
        *free = slot;
    }
}

/// What the key of `slot` is to the key of another, however the two are written. Where names are hashed as they are,
/// those that differ in case meet by chance alone.
#[cold]
fn meets(hashing: Hashing, bytes: &[u8], other: u64, slot: u64, (close, escaped): (usize, bool)) -> Inserted {
    let key = Text { bytes, open: offset(slot) as usize, close, escaped };
    let other = key_at(bytes, offset(other));
    let (key, other) = (key.unescaped(), other.unescaped());
    if key == other {
        Inserted::Duplicate
    } else if hashing != Hashing::Exact && folds_to(&key, &other) {
        Inserted::Folded
    } else {
        Inserted::New
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_whose_hashes_are_the_same_are_compared() {
        for (hashing, document, expected) in [
            (Hashing::Fast, r#"{"ab":1,"ab":2}"#, Inserted::Duplicate),
            (Hashing::Fast, r#"{"ab":1,"aB":2}"#, Inserted::Folded),
            (Hashing::Fast, r#"{"ab":1,"cd":2}"#, Inserted::New),
            (Hashing::Sip, r#"{"ab":1,"aB":2}"#, Inserted::Folded),
            (Hashing::Exact, r#"{"ab":1,"ab":2}"#, Inserted::Duplicate),
            (Hashing::Exact, r#"{"ab":1,"aB":2}"#, Inserted::New),
        ] {
            let (first, second) = (slot(7 << 32, 1), slot(7 << 32, 8));
            let found = meets(hashing, document.as_bytes(), first, second, (11, false));
            assert_eq!(found, expected, "{hashing:?}: {document}");
        }
    }
}
