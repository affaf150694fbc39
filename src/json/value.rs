//! A document as the `jsonschema` crate reads it: straight from its bytes and its tape, no tree built.
//!
//! Every look costs fuel. When it is used up a document has no children any more, so that whoever reads it comes
//! to an end; what was decided then is worth nothing, and [`Document::is_spent`] says so.

mod number;
mod same;

use super::tape::{ESCAPED, Entry, Tape};
use super::text::unescape;
use jsonschema::json::{Array, Json, Node, NodeIdentity, Object};
use jsonschema::types::JsonType;
use jsonschema_value::LazyInstance;
use number::Number;
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

/// The representation, by its name.
pub(crate) struct Indexed;

/// A document that can be read in any order.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    text: &'a str,
    entries: &'a [Entry],
    fuel: Cell<u64>,
    /// How many more errors may be reported.
    errors: Cell<u32>,
}

/// Errors that are reported at most: each holds a few hundred bytes.
const MAX_ERRORS: u32 = 1 << 14;
/// Bytes of a string that cost as much as one look.
const BYTES_A_LOOK: u64 = 16;

impl<'a> Document<'a> {
    /// The document of a pass that found no fault; `None` where the bytes are no UTF-8.
    pub(crate) fn new(bytes: &'a [u8], tape: &'a Tape, fuel: u64) -> Option<Self> {
        let text = simdutf8::basic::from_utf8(bytes).ok()?;
        Some(Self { text, entries: &tape.entries, fuel: Cell::new(fuel), errors: Cell::new(MAX_ERRORS) })
    }

    pub(crate) fn root(&'a self) -> Value<'a> {
        self.at(0)
    }

    /// The value that an error is about, by the number that it holds (see [`Node::lazy_value`]). The name of a
    /// member is no value of the document: the whole stands for it.
    pub(crate) fn numbered(&'a self, number: u64) -> Value<'a> {
        let at = usize::try_from(number).ok().filter(|at| *at < self.entries.len());
        self.at(at.unwrap_or_default())
    }

    #[inline(always)]
    fn at(&'a self, at: usize) -> Value<'a> {
        Value { document: self, at }
    }

    /// Whether the fuel was used up.
    pub(crate) fn is_spent(&self) -> bool {
        self.fuel.get() == 0
    }

    /// Takes the fuel for `looks` looks; false when there is no more.
    #[inline(always)]
    fn spend(&self, looks: u64) -> bool {
        let left = self.fuel.get().saturating_sub(looks);
        self.fuel.set(left);
        left != 0
    }

    #[inline(always)]
    fn entry(&self, at: usize) -> Entry {
        self.entries.get(at).copied().unwrap_or(Entry { start: 0, rest: 0 })
    }

    /// The first byte of the value at `at`.
    #[inline(always)]
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(self.entry(at).start as usize).copied().unwrap_or(0)
    }

    /// The entry behind the value at `at`.
    #[inline(always)]
    fn after(&self, at: usize) -> usize {
        if matches!(self.byte(at), b'{' | b'[') { self.entry(at).rest as usize } else { at + 1 }
    }

    /// What is between the quotes of a string or key, and whether there are escapes in it.
    #[inline(always)]
    fn raw(&self, at: usize) -> (&'a str, bool) {
        let Entry { start, rest } = self.entry(at);
        let start = start as usize + 1;
        let end = start + (rest & !ESCAPED) as usize;
        (self.text.get(start..end).unwrap_or_default(), rest & ESCAPED != 0)
    }

    /// The text that a string or key stands for; half a surrogate pair becomes U+FFFD.
    #[inline(always)]
    fn string(&self, at: usize) -> Cow<'a, str> {
        let (raw, escaped) = self.raw(at);
        if escaped { Cow::Owned(unescaped(raw)) } else { Cow::Borrowed(raw) }
    }

    /// Whether the key at `at` is `name`.
    #[inline(always)]
    fn is_key(&self, at: usize, name: &str) -> bool {
        let (raw, escaped) = self.raw(at);
        if escaped { unescaped(raw) == name } else { raw == name }
    }
}

#[cold]
fn unescaped(raw: &str) -> String {
    let mut text = Vec::with_capacity(raw.len());
    unescape(raw.as_bytes(), &mut text);
    match String::from_utf8(text) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

/// One value of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'a> {
    document: &'a Document<'a>,
    at: usize,
}

/// `at` of a value that is the whole text of its document, as it stands.
const TEXT: usize = usize::MAX;

impl<'a> Value<'a> {
    /// The bytes of the value.
    pub(crate) fn span(self) -> Range<usize> {
        let Entry { start, rest } = self.document.entry(self.at);
        let start = start as usize;
        let end = match self.document.byte(self.at) {
            b'{' | b'[' => self.document.entry(self.at + 1).start as usize,
            b'"' => start + (rest & !ESCAPED) as usize + 2,
            _ => start + self.literal().len(),
        };
        start..end
    }

    /// The member of that name, and the bytes of its key and value together.
    pub(crate) fn member_span(self, name: &str) -> Option<Range<usize>> {
        let Members(mut members) = self.as_object()?;
        while let Some(key) = members.step() {
            if self.document.is_key(key, name) {
                return Some(self.document.entry(key).start as usize..self.document.at(key + 1).span().end);
            }
        }
        None
    }

    /// The name of the member that this is the value of, and the bytes of its key and value together.
    pub(crate) fn member(self) -> (Cow<'a, str>, Range<usize>) {
        let key = self.at.saturating_sub(1);
        (self.document.string(key), self.document.entry(key).start as usize..self.span().end)
    }

    #[inline(always)]
    fn byte(self) -> u8 {
        if self.at == TEXT { b'"' } else { self.document.byte(self.at) }
    }

    /// A number or literal as written.
    #[inline(always)]
    fn literal(self) -> &'a str {
        let rest = self.document.text.get(self.document.entry(self.at).start as usize..).unwrap_or_default();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        rest.get(..rest.bytes().take_while(is_part).count()).unwrap_or_default()
    }

    /// The first entry of a container's children, and how many they are.
    #[inline(always)]
    fn children(self, begin: u8) -> Option<Children<'a>> {
        if self.byte() != begin || !self.document.spend(1) {
            return None;
        }
        let count = self.document.entry(self.at + 1).rest;
        Some(Children { document: self.document, next: self.at + 2, left: count as usize })
    }
}

/// A value by what it is.
enum ValueKind<'a> {
    Null,
    Boolean(bool),
    Number(Number<'a>),
    String(Cow<'a, str>),
    Array(Items<'a>),
    Object(Members<'a>),
}

impl<'a> Value<'a> {
    /// What it is; `null` when the fuel is used up.
    fn kind(self) -> ValueKind<'a> {
        let null = ValueKind::Null;
        match self.byte() {
            b'{' => self.as_object().map_or(null, ValueKind::Object),
            b'[' => self.as_array().map_or(null, ValueKind::Array),
            b'"' => self.as_string().map_or(null, ValueKind::String),
            b't' | b'f' => ValueKind::Boolean(self.byte() == b't'),
            b'n' => null,
            _ => self.as_number().map_or(null, ValueKind::Number),
        }
    }
}

impl Json for Indexed {
    type Node<'a> = Value<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = ();

    /// A look-up reads half the members: one pass over all of them is always the cheaper way.
    const KEYS_PER_LOOKUP: usize = 1 << 24;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Value<'_>) -> T) -> T {
        let fuel = Cell::new(u64::MAX);
        let document = Document { text: string, entries: &[], fuel, errors: Cell::new(MAX_ERRORS) };
        f(document.at(TEXT))
    }
}

impl<'a> Node<'a, Indexed> for Value<'a> {
    type Object = Members<'a>;
    type Array = Items<'a>;
    type Number = Number<'a>;

    #[inline]
    fn as_object(&self) -> Option<Members<'a>> {
        self.children(b'{').map(Members)
    }

    #[inline]
    fn as_array(&self) -> Option<Items<'a>> {
        self.children(b'[').map(Items)
    }

    #[inline]
    fn as_string(&self) -> Option<Cow<'a, str>> {
        if self.byte() != b'"' {
            return None;
        }
        let text =
            if self.at == TEXT { Cow::Borrowed(self.document.text) } else { self.document.string(self.at) };
        self.document.spend(1 + text.len() as u64 / BYTES_A_LOOK).then_some(text)
    }

    #[inline]
    fn as_number(&self) -> Option<Number<'a>> {
        (self.is_number() && self.document.spend(1)).then(|| Number::new(self.literal()))
    }

    #[inline]
    fn as_boolean(&self) -> Option<bool> {
        match self.byte() {
            b't' => Some(true),
            b'f' => Some(false),
            _ => None,
        }
    }

    #[inline]
    fn is_null(&self) -> bool {
        self.byte() == b'n'
    }

    #[inline]
    fn is_number(&self) -> bool {
        matches!(self.byte(), b'-' | b'0'..=b'9')
    }

    #[inline]
    fn is_string(&self) -> bool {
        self.byte() == b'"'
    }

    #[inline]
    fn json_type(&self) -> JsonType {
        self.document.spend(1);
        match self.byte() {
            b'{' => JsonType::Object,
            b'[' => JsonType::Array,
            b'"' => JsonType::String,
            b't' | b'f' => JsonType::Boolean,
            b'n' => JsonType::Null,
            _ => JsonType::Number,
        }
    }

    fn string_length(&self) -> Option<u64> {
        self.as_string().map(|text| text.chars().count() as u64)
    }

    fn equals_value(&self, expected: &serde_json::Value) -> bool {
        same::equals(*self, expected)
    }

    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        Cow::Owned(same::to_value(*self))
    }

    /// Errors hold no part of the document, only the number of the value: see [`Document::numbered`]. An error that
    /// comes when the fuel is used up holds `null`, for what it says may not be so.
    fn lazy_value(&self) -> LazyInstance<'a> {
        let document = self.document;
        if document.errors.replace(document.errors.get().saturating_sub(1)) == 0 {
            document.fuel.set(0);
        }
        let at = if document.is_spent() { serde_json::Value::Null } else { self.at.into() };
        LazyInstance::Ready(Cow::Owned(at))
    }

    #[inline]
    fn identity(&self) -> Option<NodeIdentity> {
        self.document.spend(1);
        // Every entry but those of a text has its number; that one is beyond all others.
        let tag = u32::try_from(self.at).unwrap_or(u32::MAX);
        Some(NodeIdentity::tagged(std::ptr::from_ref(self.document).addr(), tag))
    }
}

/// The children of a container, one after the other.
#[derive(Debug, Clone, Copy)]
struct Children<'a> {
    document: &'a Document<'a>,
    next: usize,
    left: usize,
}

impl Children<'_> {
    /// The next item.
    #[inline(always)]
    fn item(&mut self) -> Option<usize> {
        if self.left == 0 || !self.document.spend(1) {
            return None;
        }
        let at = self.next;
        self.left -= 1;
        self.next = self.document.after(at);
        Some(at)
    }

    /// The next member's key; its value is the entry behind it.
    #[inline(always)]
    fn step(&mut self) -> Option<usize> {
        if self.left == 0 || !self.document.spend(1) {
            return None;
        }
        let at = self.next;
        self.left -= 1;
        self.next = self.document.after(at + 1);
        Some(at)
    }
}

/// The members of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Members<'a>(Children<'a>);

impl<'a> Object<'a, Indexed> for Members<'a> {
    type Node = Value<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = MembersIter<'a>;

    #[inline]
    fn len(&self) -> usize {
        self.0.left
    }

    #[inline]
    fn get(&self, key: &Box<str>) -> Option<Value<'a>> {
        let mut members = self.0;
        while let Some(at) = members.step() {
            if members.document.is_key(at, key) {
                return Some(members.document.at(at + 1));
            }
        }
        None
    }

    #[inline]
    fn members(&self) -> MembersIter<'a> {
        MembersIter(self.0)
    }
}

pub(crate) struct MembersIter<'a>(Children<'a>);

impl<'a> Iterator for MembersIter<'a> {
    type Item = (Cow<'a, str>, Value<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let at = self.0.step()?;
        Some((self.0.document.string(at), self.0.document.at(at + 1)))
    }
}

/// The items of an array.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Items<'a>(Children<'a>);

impl<'a> Array<'a, Indexed> for Items<'a> {
    type Node = Value<'a>;
    type ElementsIter = ItemsIter<'a>;

    #[inline]
    fn len(&self) -> usize {
        self.0.left
    }

    #[inline]
    fn elements(&self) -> ItemsIter<'a> {
        ItemsIter(self.0)
    }

    fn is_unique(&self) -> bool {
        same::are_distinct(self.elements())
    }
}

pub(crate) struct ItemsIter<'a>(Children<'a>);

impl<'a> Iterator for ItemsIter<'a> {
    type Item = Value<'a>;

    #[inline]
    fn next(&mut self) -> Option<Value<'a>> {
        let at = self.0.item()?;
        Some(self.0.document.at(at))
    }
}

#[cfg(test)]
pub(super) mod tests;
