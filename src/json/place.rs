//! Where a token lies: the open containers, turned into a JSON Pointer only when somebody asks.

use super::text::Text;

/// An open container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// A filter over the keys seen; with a table, how many keys it may hold (see `keys`).
    pub(super) bloom: u64,
    /// Offset of the opening quote of the last key; [`Frame::ARRAY`] and [`Frame::ROOT`] are no offsets.
    pub(super) key: u32,
    /// Items or members begun so far.
    pub(super) count: u32,
    /// Where this object's keys start (see `keys`).
    pub(super) keys_start: u32,
    /// The size of this object's key table; 0 while it is small (see `keys`).
    pub(super) keys_room: u32,
}

impl Frame {
    /// `key` of an array.
    const ARRAY: u32 = u32::MAX;
    /// `key` of the place around the whole document.
    const ROOT: u32 = u32::MAX - 1;
    /// `key` of an object none of whose keys was read. No key is at offset 0: a brace comes before it.
    const NO_KEY: u32 = 0;

    pub(super) const fn root() -> Self {
        Self { bloom: 0, key: Self::ROOT, count: 0, keys_start: 0, keys_room: 0 }
    }

    pub(super) const fn array() -> Self {
        Self { key: Self::ARRAY, ..Self::root() }
    }

    pub(super) const fn object(keys_start: u32) -> Self {
        Self { key: Self::NO_KEY, keys_start, ..Self::root() }
    }

    /// How many keys the table may hold: four fifths of its slots. A table has no use for the filter, so
    /// the number lies there.
    #[inline]
    pub(super) const fn keys_fit(self) -> u64 {
        self.bloom
    }

    /// Notes the size of the key table.
    pub(super) fn set_keys_room(&mut self, room: u32) {
        self.keys_room = room;
        self.bloom = u64::from(room) * 4 / 5;
    }

    #[inline]
    pub(super) const fn is_array(self) -> bool {
        self.key == Self::ARRAY
    }

    #[inline]
    pub(super) const fn is_object(self) -> bool {
        self.key < Self::ROOT
    }

    #[inline]
    pub(super) const fn is_root(self) -> bool {
        self.key == Self::ROOT
    }

    /// The step to the current element; none at the place around the whole document.
    fn step(self, bytes: &[u8]) -> Option<Step<'_>> {
        if self.is_root() {
            None
        } else if self.is_array() {
            Some(Step::Index(self.count.saturating_sub(1)))
        } else {
            Some(Step::Key(key_at(bytes, self.key)))
        }
    }
}

/// Pointers longer than this name the deepest container whose pointer is not (bytes).
const MAX_POINTER: usize = 2048;

/// Where a token lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(super) bytes: &'a [u8],
    /// The containers around `top`, the outermost first.
    pub(super) frames: &'a [Frame],
    /// The innermost open container.
    pub(super) top: Frame,
    /// Whether the current member or item of `top` is meant, not `top` itself.
    pub(super) member: bool,
}

/// One step of a pointer.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    Key(Text<'a>),
    Index(u32),
}

impl<'a> Place<'a> {
    /// How many steps its pointer has.
    pub(crate) fn depth(&self) -> usize {
        // The outermost frame is the place around the document.
        if self.top.is_root() { 0 } else { self.frames.len().saturating_sub(1) + usize::from(self.member) }
    }

    /// The steps from the root to the token.
    pub(crate) fn steps(&self) -> impl Iterator<Item = Step<'a>> {
        let bytes = self.bytes;
        let top = self.member.then_some(self.top);
        self.frames.iter().copied().chain(top).filter_map(move |frame| frame.step(bytes))
    }

    /// The step that leads to the token in its container; none where it is the document. Costs the same at any
    /// depth.
    pub(crate) fn step(&self) -> Option<Step<'a>> {
        self.member.then_some(self.top)?.step(self.bytes)
    }

    /// The step that leads to the innermost container; none where that is the root. Costs the same at
    /// any depth.
    pub(crate) fn step_to_container(&self) -> Option<Step<'a>> {
        self.frames.last()?.step(self.bytes)
    }

    /// Whether the value that starts at `start` is an array or object.
    pub(crate) fn starts_container(&self, start: usize) -> bool {
        matches!(self.bytes.get(start), Some(b'[' | b'{'))
    }

    /// Whether the value that starts at `start` is `null`.
    pub(crate) fn starts_null(&self, start: usize) -> bool {
        self.bytes.get(start) == Some(&b'n')
    }

    /// The JSON Pointer (RFC 6901) of the token.
    pub(crate) fn pointer(&self) -> String {
        self.pointer_below(0)
    }

    /// The same from the container that is so many steps below the root.
    pub(crate) fn pointer_below(&self, base: usize) -> String {
        let mut pointer = String::new();
        for step in self.steps().skip(base) {
            let kept = pointer.len();
            pointer.push('/');
            match step {
                Step::Index(index) => pointer.push_str(&index.to_string()),
                Step::Key(key) => {
                    for c in String::from_utf8_lossy(&key.unescaped()).chars() {
                        match c {
                            '~' => pointer.push_str("~0"),
                            '/' => pointer.push_str("~1"),
                            other => pointer.push(other),
                        }
                        if pointer.len() > MAX_POINTER {
                            break;
                        }
                    }
                }
            }
            if pointer.len() > MAX_POINTER {
                pointer.truncate(kept);
                break;
            }
        }
        pointer
    }
}

/// The key whose opening quote is at `open`.
pub(super) fn key_at(bytes: &[u8], open: u32) -> Text<'_> {
    let open = open as usize;
    let rest = bytes.get(open + 1..).unwrap_or_default();
    let mut at = 0;
    let mut escaped = false;
    // Keys are short; this runs for findings and hash matches alone.
    while let Some(next) = rest.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += next;
        if rest.get(at) == Some(&b'"') {
            break;
        }
        escaped = true;
        at += 2;
    }
    Text { bytes, open, close: open + 1 + at.min(rest.len()), escaped }
}
