//! Markup that a renderer or a prompt would act on: code fences, wiki links, remote images and links that carry
//! data out.
//!
//! Each change only adds or replaces ASCII punctuation, and none makes what another would change, so that a second
//! run finds nothing.

#![forbid(unsafe_code)]

use super::sanitize::{Counts, RemovedKind};
use crate::policy::{Sanitize, Treatment};
use memchr::memmem;
use std::borrow::Cow;

/// The text with its markup made harmless; `None` where nothing was changed.
pub(super) fn neutralise(text: &str, policy: Sanitize, counts: &mut Counts) -> Option<String> {
    let mut text = Cow::Borrowed(text);
    // Images look for remote addresses, which the next step takes away; wiki links come after all that leaves
    // brackets.
    if policy.remote_images == Treatment::Neutralise {
        edit(&mut text, |text| images(text, counts));
        edit(&mut text, |text| elements(text, counts));
    }
    if policy.data_links == Treatment::Neutralise {
        edit(&mut text, |text| links(text, counts));
    }
    if policy.wiki_links == Treatment::Neutralise {
        edit(&mut text, |text| wiki_links(text, counts));
    }
    if policy.code_fences == Treatment::Neutralise {
        edit(&mut text, |text| fences(text, counts));
    }
    match text {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

fn edit(text: &mut Cow<'_, str>, step: impl FnOnce(&str) -> Option<String>) {
    if let Some(changed) = step(text) {
        *text = Cow::Owned(changed);
    }
}

/// Builds a changed copy of a text, and only where there is something to change.
struct Copy<'a> {
    text: &'a str,
    out: String,
    from: usize,
}

impl<'a> Copy<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, out: String::new(), from: 0 }
    }

    /// Puts `new` in place of the bytes from `start` to `end`.
    fn replace(&mut self, start: usize, end: usize, new: &str) {
        self.out.push_str(self.text.get(self.from..start).unwrap_or_default());
        self.out.push_str(new);
        self.from = end;
    }

    fn done(mut self) -> Option<String> {
        if self.from == 0 {
            return None;
        }
        self.out.push_str(self.text.get(self.from..).unwrap_or_default());
        Some(self.out)
    }
}

/// No more of a destination is looked at (bytes), so that many of them in one word cost no more than others.
const MAX_DESTINATION: usize = 512;

/// Whether the destination at the start of `rest` may lead to another machine. Goes by the few bytes that all such
/// destinations need, so that no spelling of a scheme gets past.
fn is_remote(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '<').as_bytes();
    let rest = rest.get(..MAX_DESTINATION).unwrap_or(rest);
    let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b')' | b'>'));
    let destination = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
    let embedded = destination.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"data:image/"));
    let leads_away = memchr::memchr3(b':', b'\\', b'&', destination).is_some();
    !embedded && (leads_away || memmem::find(destination, b"//").is_some())
}

/// `![alt](https://...)` becomes `! [alt](https://...)`: a link, which nobody follows unasked. References
/// count as remote where any destination of the text is.
fn images(text: &str, counts: &mut Counts) -> Option<String> {
    let bytes = text.as_bytes();
    let mut marks = memmem::find_iter(bytes, "![").peekable();
    marks.peek()?;
    let remote_somewhere = ["](", "]:"]
        .iter()
        .any(|mark| memmem::find_iter(bytes, mark).any(|at| text.get(at + 2..).is_some_and(is_remote)));
    if !remote_somewhere {
        return None;
    }
    let mut copy = Copy::new(text);
    for at in marks {
        if !is_local_image(text.get(at + 2..).unwrap_or_default()) {
            counts.add(RemovedKind::RemoteImage, 1);
            copy.replace(at, at + 2, "! [");
        }
    }
    copy.done()
}

/// Whether what follows `![` is a plain description and a local destination. Anything more elaborate counts as remote.
fn is_local_image(rest: &str) -> bool {
    let end = rest.find(['[', ']', '\n', '\\', '`', '<', '&']);
    let after = end.and_then(|end| rest.get(end..)).and_then(|rest| rest.strip_prefix("]("));
    after.is_some_and(|destination| !is_remote(destination))
}

/// Elements of HTML that load or run something whatever they say.
const ALWAYS: [&str; 9] =
    ["script", "style", "iframe", "frame", "object", "embed", "applet", "base", "portal"];

/// Elements that load what an attribute names.
const LOADING: [&str; 14] = [
    "img", "image", "picture", "source", "video", "audio", "track", "link", "meta", "input", "body", "svg",
    "use", "bgsound",
];

/// Attributes with which any element loads something.
const LOADING_ATTRIBUTES: [&str; 3] = ["style", "background", "poster"];

/// `<img src="https://...">` becomes `&lt;img src="https://...">`, and so do other elements that load
/// something by themselves.
///
/// A tag reaches to the next `>`, past any `<`: goes from the end to the start, so that each part is read
/// once and what is changed behind a tag does not change what is made of it.
fn elements(text: &str, counts: &mut Counts) -> Option<String> {
    let mut loading = Vec::new();
    let mut rest = text;
    let mut behind: Option<Tag> = None;
    while let Some((before, part)) = rest.rsplit_once('<') {
        let tag = Tag::of(part, behind.as_ref());
        if tag.loads(part) {
            loading.push(before.len());
        }
        (rest, behind) = (before, Some(tag));
    }
    let mut copy = Copy::new(text);
    for at in loading.into_iter().rev() {
        counts.add(RemovedKind::RemoteImage, 1);
        copy.replace(at, at + 1, "&lt;");
    }
    copy.done()
}

/// What is in a tag, up to its `>` or the end of the text.
struct Tag {
    /// A byte that every address of another machine needs.
    leads_away: bool,
    /// A quote is open at the end: the tag goes on somewhere else.
    is_cut: bool,
    has_loading_attribute: bool,
}

impl Tag {
    /// `part` is the text from behind the `<` up to the next; `behind` is the tag that starts there.
    fn of(part: &str, behind: Option<&Self>) -> Self {
        let (own, is_closed) = match part.split_once('>') {
            Some((own, _)) => (own.trim_end_matches('/'), true),
            None => (part, false),
        };
        let lower = own.to_ascii_lowercase();
        let own = Self {
            leads_away: own.contains(['/', '\\', ':', '&']),
            is_cut: own.matches(['"', '\'']).count() % 2 != 0,
            has_loading_attribute: LOADING_ATTRIBUTES.iter().any(|attribute| lower.contains(attribute)),
        };
        let Some(behind) = behind.filter(|_| !is_closed) else { return own };
        Self {
            // Its `<` may become `&lt;`.
            leads_away: true,
            is_cut: own.is_cut != behind.is_cut,
            has_loading_attribute: own.has_loading_attribute || behind.has_loading_attribute,
        }
    }

    /// Whether this tag, whose text starts with its name, loads something from elsewhere.
    fn loads(&self, part: &str) -> bool {
        let name_end = part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len());
        let name = part.get(..name_end).unwrap_or_default();
        let is_one_of = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        is_one_of(&ALWAYS)
            || ((self.leads_away || self.is_cut)
                && (is_one_of(&LOADING) || (self.has_loading_attribute && starts_element(part))))
    }
}

/// Whether this is how Markdown starts an element with attributes, and not a comparison.
fn starts_element(part: &str) -> bool {
    let name_end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(part.len());
    let after = part.get(name_end..).unwrap_or_default();
    part.starts_with(|c: char| c.is_ascii_alphabetic())
        && after.starts_with(|c: char| c.is_ascii_whitespace() || c == '/')
}

/// `https://host/?query` becomes `https[:]//host/?query` where the address carries data.
fn links(text: &str, counts: &mut Counts) -> Option<String> {
    let bytes = text.as_bytes();
    let mut copy = Copy::new(text);
    for at in memmem::find_iter(bytes, "//") {
        let address = text.get(at + 2..).unwrap_or_default();
        let before = text.get(..at).unwrap_or_default();
        let scheme = before
            .strip_suffix(':')
            .is_some_and(|scheme| scheme.ends_with(|c: char| c.is_ascii_alphanumeric()));
        // Without a scheme only where an address stands: in code `//` starts a comment.
        let relative = before.ends_with(['(', '"', '\'', '=', '<']);
        if (scheme || relative) && carries_data(address) {
            counts.add(RemovedKind::DataLink, 1);
            if scheme {
                copy.replace(at - 1, at, "[:]");
            } else {
                copy.replace(at, at, "[:]");
            }
        }
    }
    copy.done()
}

/// An address is looked at as far as here (bytes); a longer one carries data.
const MAX_ADDRESS: usize = 256;
/// A longer query carries data (bytes).
const MAX_QUERY: usize = 32;
/// A longer piece between separators carries data (bytes): longer than a SHA-256 in hexadecimal.
const MAX_PIECE: usize = 64;
/// A longer label of a host carries data (bytes).
const MAX_LABEL: usize = 40;

/// Whether an address, given without its scheme, has room for data of the conversation: a user name, a long
/// query, a long unbroken piece, or great length.
fn carries_data(address: &str) -> bool {
    let bytes = address.as_bytes();
    let window = bytes.get(..=MAX_ADDRESS).unwrap_or(bytes);
    let end = window.iter().position(|byte| *byte <= b' ' || matches!(byte, b'<' | b'>' | b'"'));
    let address = end.and_then(|end| window.get(..end)).unwrap_or(window);
    let host_end = address.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'));
    let (host, rest) = address.split_at_checked(host_end.unwrap_or(address.len())).unwrap_or((address, &[]));
    let query = rest.iter().position(|byte| *byte == b'?').map_or(0, |at| rest.len() - at - 1);
    let separates =
        |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'%' | b'+' | b'=' | 0x80..));
    address.len() > MAX_ADDRESS
        || host.contains(&b'@')
        || query > MAX_QUERY
        || host.split(|byte| *byte == b'.').any(|label| label.len() > MAX_LABEL)
        || rest.split(separates).any(|piece| piece.len() > MAX_PIECE)
}

/// `[[page]]` becomes `[ [page]]`.
fn wiki_links(text: &str, counts: &mut Counts) -> Option<String> {
    let mut copy = Copy::new(text);
    let bytes = text.as_bytes();
    // Brackets one by one: `[[[` has two places.
    for at in memchr::memchr_iter(b'[', bytes).filter(|at| bytes.get(at + 1) == Some(&b'[')) {
        counts.add(RemovedKind::WikiLink, 1);
        copy.replace(at, at + 1, "[ ");
    }
    copy.done()
}

/// Three backticks or more become as many apostrophes, anywhere; so do three tildes that a line starts with.
fn fences(text: &str, counts: &mut Counts) -> Option<String> {
    let mut copy = Copy::new(text);
    let bytes = text.as_bytes();
    let mut end = 0;
    for at in memchr::memchr2_iter(b'`', b'~', bytes) {
        let Some(rest) = bytes.get(at..).filter(|_| at >= end) else { continue };
        let mark = rest.first().copied().unwrap_or(0);
        let count = rest.iter().take_while(|byte| **byte == mark).count();
        end = at + count;
        if count >= 3 && (mark == b'`' || starts_line(bytes.get(..at).unwrap_or_default())) {
            counts.add(RemovedKind::CodeFence, 1);
            copy.replace(at, end, &"'".repeat(count));
        }
    }
    copy.done()
}

/// Whether a line starts here, but for what Markdown puts in front: indentation, quotes, list marks.
fn starts_line(before: &[u8]) -> bool {
    /// No more of the line is looked at (bytes).
    const MAX_MARKS: usize = 64;
    let marks = before.iter().rev().take_while(|byte| **byte != b'\n').take(MAX_MARKS);
    marks.clone().all(|byte| {
        matches!(byte, b' ' | b'\t' | b'\r' | b'>' | b'-' | b'*' | b'+' | b'.' | b')' | b'0'..=b'9')
    })
}
