//! Where characters that do not show have a use: next to which others they stay legal.

#![forbid(unsafe_code)]

/// Pictures and symbols that have emoji forms: every character with Unicode's property `Extended_Pictographic`,
/// and its neighbours in the same blocks, so that new versions of Unicode change nothing here.
pub(super) fn is_pictographic(c: char) -> bool {
    matches!(
        c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21FF}'
            | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{297F}'
            | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
            | '\u{1F000}'..='\u{1FAFF}' | '\u{1FC00}'..='\u{1FFFD}'
    )
}

/// `#`, `*` and the digits, which a keycap (`U+20E3`) may enclose.
pub(super) fn is_keycap_base(c: char) -> bool {
    matches!(c, '#' | '*' | '0'..='9')
}

/// Whether a variation selector may follow this character. `next` is what follows the selector.
pub(super) fn takes_selector(base: char, selector: char, next: Option<char>) -> bool {
    match selector {
        '\u{FE0E}' | '\u{FE0F}' => {
            is_pictographic(base) || (is_keycap_base(base) && next == Some('\u{20E3}'))
        }
        // Standardized variants: a slashed zero, forms of operators, full-width punctuation, Myanmar and Phags-pa.
        '\u{FE00}'..='\u{FE02}' if is_han(base) => true,
        '\u{FE00}' | '\u{FE01}'
            if matches!(
                base,
                '\u{3001}'
                    | '\u{3002}'
                    | '\u{FF01}'
                    | '\u{FF0C}'
                    | '\u{FF0E}'
                    | '\u{FF1A}'
                    | '\u{FF1B}'
                    | '\u{FF1F}'
            ) =>
        {
            true
        }
        '\u{FE00}' => matches!(
            base,
            '0' | '\u{2200}'..='\u{22FF}' | '\u{2A00}'..='\u{2AFF}' | '\u{1000}'..='\u{109F}'
                | '\u{AA60}'..='\u{AA7F}' | '\u{A840}'..='\u{A877}'
        ),
        // Ideographic variants: the forms of names in Japanese registers.
        '\u{E0100}'..='\u{E01EF}' => is_han(base),
        '\u{180B}'..='\u{180D}' | '\u{180F}' => is_mongolian(base),
        _ => false,
    }
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

pub(super) fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1820}'..='\u{1878}' | '\u{1880}'..='\u{18AA}')
}

/// A letter or mark of a script in which joiners shape what is written: the cursive scripts and those of India,
/// Tibet and South-East Asia. Goes by blocks; none of them holds a character that this module may refuse,
/// but for those taken out.
pub(super) fn takes_joiner(c: char) -> bool {
    match c {
        '\u{61C}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' => false,
        '\u{600}'..='\u{77F}'
        | '\u{7C0}'..='\u{7FF}'
        | '\u{840}'..='\u{DFF}'
        | '\u{F00}'..='\u{109F}'
        | '\u{1700}'..='\u{18AF}'
        | '\u{1900}'..='\u{1CFF}'
        | '\u{A800}'..='\u{AAFF}'
        | '\u{ABC0}'..='\u{ABFF}'
        | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}'
        | '\u{10A00}'..='\u{10A5F}'
        | '\u{10AC0}'..='\u{10BAF}'
        | '\u{10D00}'..='\u{10D3F}'
        | '\u{10F30}'..='\u{10FDF}'
        | '\u{11000}'..='\u{11FFF}'
        | '\u{1E900}'..='\u{1E95F}' => true,
        _ => false,
    }
}

/// Letters that are written without spaces between words, where `U+200B` says where a line may break: Thai, Lao,
/// Myanmar, Khmer, Tai Le, New Tai Lue and Tai Tham, and Tibetan.
pub(super) fn takes_break(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17B3}' | '\u{17B6}'..='\u{17FF}'
        | '\u{1950}'..='\u{19FF}' | '\u{1A20}'..='\u{1AAD}' | '\u{AA60}'..='\u{AADF}')
}

/// A Hebrew point, which `U+034F` may keep apart from the next.
pub(super) fn is_hebrew_point(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5C7}')
}

/// Whether anything in the text is written from right to left.
pub(super) fn has_right_to_left(text: &str) -> bool {
    // None of these letters is shorter than two bytes, the first of which is above any of Latin's.
    text.bytes().any(|byte| byte >= 0xD6)
        && text.chars().any(|c| {
            matches!(c, '\u{5BE}'..='\u{61B}' | '\u{61D}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
                | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
        })
}
