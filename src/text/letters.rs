//! Characters as the ASCII letters that they look like.

#![forbid(unsafe_code)]

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Letters of other alphabets that look like one of ours.
const LOOKALIKES: &[(&str, char)] = &[
    ("аАαΑɑᴀ", 'a'),
    ("ВΒʙ", 'b'),
    ("сСϲϹᴄ", 'c'),
    ("ԁᴅ", 'd'),
    ("еЕΕεᴇ", 'e'),
    ("ꜰ", 'f'),
    ("ɡց", 'g'),
    ("һНΗհʜ", 'h'),
    ("іІιΙıɪ", 'i'),
    ("јЈϳᴊ", 'j'),
    ("кКκΚᴋ", 'k'),
    ("ӏʟ", 'l'),
    ("мМΜᴍ", 'm'),
    ("ոΝɴ", 'n'),
    ("оОοΟօᴏ", 'o'),
    ("рРρΡᴘ", 'p'),
    ("ԛ", 'q'),
    ("ʀг", 'r'),
    ("ѕЅꜱ", 's'),
    ("тТτΤᴛ", 't'),
    ("υսᴜ", 'u'),
    ("νѵᴠ", 'v'),
    ("ԝԜᴡ", 'w'),
    ("хХχΧ", 'x'),
    ("уУγΥʏ", 'y'),
    ("Ζᴢ", 'z'),
];

/// A character as the letter that it looks like; nothing for marks and what is not seen.
pub(crate) fn folded(c: char) -> impl Iterator<Item = char> {
    let plain = c.is_ascii();
    // One step of compatibility takes the widths and the styles off, and the marks apart.
    let wide = (!plain).then(|| c.nfkd().filter(|c| !is_unseen(*c)).map(lookalike));
    plain.then_some(c).into_iter().chain(wide.into_iter().flatten())
}

fn lookalike(c: char) -> char {
    let found = LOOKALIKES.iter().find(|(letters, _)| letters.contains(c));
    match found {
        Some((_, letter)) if c.is_uppercase() => letter.to_ascii_uppercase(),
        Some((_, letter)) => *letter,
        None => c,
    }
}

fn is_unseen(c: char) -> bool {
    canonical_combining_class(c) != 0
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}
