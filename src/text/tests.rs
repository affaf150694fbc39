use super::*;
use crate::{Gate, Policy};
use proptest::prelude::*;

#[derive(Debug, PartialEq, Eq)]
struct Found {
    rule: &'static str,
    start: usize,
    end: usize,
}

fn scanned(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    scan(text, |rule, range, _| {
        found.push(Found { rule: rule.id(), start: range.start, end: range.end });
    });
    found
}

fn passing(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    homoglyph(text, |rule, range, _| {
        found.push(Found { rule: rule.id(), start: range.start, end: range.end });
    });
    found
}

/// Writing in many scripts: legal, so nothing is found in it and nothing of it changes.
const WRITING: &[&str] = &[
    "The quick brown fox \u{2014} \u{201C}jumps\u{201D} over 1\u{BD} lazy dogs\u{2026}",
    "Zażółć gęślą jaźń; Příliš žluťoučký kůň; Fußgängerübergänge; l’été à Noël",
    "Съешь же ещё этих мягких французских булок, да выпей чаю",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "Բարեւ ձեզ, ինչպե՞ս եք",
    "გამარჯობა მსოფლიო",
    "דג סקרן שט בים מאוכזב ולפתע מצא חברה \u{200F}(C++\u{200E})",
    "نص حكيم له سر قاطع وذو شأن عظيم",
    "می\u{200C}خواهم کتاب\u{200C}ها را ببینم",
    "ٹھنڈ میں ایک قحط زدہ گاؤں",
    "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा क्\u{200D}ष",
    "আমি বাংলায় গান গাই র\u{200D}্যাম উদ্\u{200C}যাপন",
    "ਪੰਜਾਬੀ ਭਾਸ਼ਾ; ગુજરાતી ભાષા; ଓଡ଼ିଆ ଭାଷା",
    "தமிழ் மொழி; తెలుగు భాష; ಕನ್ನಡ ಭಾಷೆ; മലയാളം ഭാഷ അവന്\u{200D}",
    "ශ්\u{200D}රී ලංකාව සිංහල",
    "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า\u{200B}กว่าบรรดาฝูงสัตว์",
    "ພາສາລາວ\u{200B}ງາມ; မြန်မာ\u{200B}ဘာသာ; ភាសា\u{200B}ខ្មែរ",
    "བོད་སྐད་; ᠮᠣᠩᠭᠣᠯ ᠨ\u{180E}ᠠ; አማርኛ ቋንቋ",
    "視野無限廣，窗外有藍天；こんにちは、世界。ｶﾀｶﾅ ＡＢＣ",
    "키스의 고유조건은 입술끼리 만나야 하고",
    "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ; ᐃᓄᒃᑎᑐᑦ; ⵜⴰⵎⴰⵣⵉⵖⵜ; ߒߞߏ; 𞤀𞤣𞤤𞤢𞤥",
    "👨\u{200D}👩\u{200D}👧\u{200D}👦 👍🏽 1\u{FE0F}\u{20E3} ❤\u{FE0F} 🏳\u{FE0F}\u{200D}🌈 🇫🇷 👁\u{FE0F}\u{200D}🗨\u{FE0F}",
    "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} 🏴\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
    "葛\u{E0100}飾区 \u{795E}\u{FE00} ∑ ∫ ≤ ∀x∈ℝ: ⌈x⌉ = −⌊−x⌋ 0\u{FE00}",
    "line\r\nline\n\ttab [x](https://example.org) `code` - [ ] todo",
];

#[test]
fn writing_stays_byte_for_byte() {
    let gate = Gate::default();
    for text in WRITING.iter().copied().chain([WRITING.join("\n").as_str()]) {
        assert_eq!(scanned(text), [], "{text}");
        let clean = gate.sanitize(text);
        assert_eq!((clean.text.as_str(), clean.removed.as_slice()), (text, &[][..]));
    }
}

#[test]
fn every_character_that_is_found_starts_with_a_byte_that_says_so() {
    for c in '\0'..=char::MAX {
        let text = c.to_string();
        let starts = starts_finding(text.as_bytes()[0]);
        assert!(starts || scanned(&format!("a{text}a")).is_empty(), "{c:?}");
        let may = c.is_control() || !c.is_ascii();
        assert!(may || !starts, "{c:?}");
    }
}

#[test]
fn every_ignorable_character_is_found_between_letters() {
    // Default_Ignorable_Code_Point, less what is reserved in planes 2 and above.
    let ignorable = [
        0xAD..=0xAD,
        0x34F..=0x34F,
        0x61C..=0x61C,
        0x115F..=0x1160,
        0x17B4..=0x17B5,
        0x180B..=0x180F,
        0x200B..=0x200F,
        0x202A..=0x202E,
        0x2060..=0x206F,
        0x3164..=0x3164,
        0xFE00..=0xFE0F,
        0xFEFF..=0xFEFF,
        0xFFA0..=0xFFA0,
        0xFFF0..=0xFFF8,
        0x1BCA0..=0x1BCA3,
        0x1D173..=0x1D17A,
        0xE0000..=0xE0FFF,
    ];
    for c in ignorable.into_iter().flatten().filter_map(char::from_u32) {
        assert_eq!(scanned(&format!("a{c}a")).len(), 1, "{c:?}");
    }
}

/// Parts of texts that meet each other's rules.
fn part() -> impl Strategy<Value = String> {
    let parts: Vec<String> = [
        "\u{200B}",
        "\u{200C}",
        "\u{200D}",
        "\u{200E}",
        "\u{200F}",
        "\u{61C}",
        "\u{202E}",
        "\u{2066}",
        "\u{2060}",
        "\u{FEFF}",
        "\u{FE0F}",
        "\u{FE0E}",
        "\u{FE00}",
        "\u{E0100}",
        "\u{E0101}",
        "\u{E0067}",
        "\u{E007F}",
        "\u{AD}",
        "\u{34F}",
        "\u{3164}",
        "\u{180B}",
        "\u{180E}",
        "\x1B",
        "\x1B[",
        "\x1B]",
        "\x1B\\",
        "\x07",
        "\u{9B}",
        "\u{9C}",
        "\u{9D}",
        "\r",
        "\r\n",
        "\n",
        "\0",
        "[",
        "]",
        "![",
        "](",
        ")",
        "!",
        "`",
        "``",
        "```",
        "~~~",
        "<",
        "<img ",
        "<b ",
        "<",
        "/",
        "'",
        ">",
        "\"",
        "src=",
        "style",
        "https:",
        "//",
        "?",
        "a",
        "m",
        "0",
        ";",
        "\u{5D0}",
        "\u{5B4}",
        "\u{645}",
        "\u{915}",
        "\u{94D}",
        "\u{E01}",
        "\u{1828}",
        "\u{845B}",
        "\u{1F468}",
        "\u{2764}",
        "\u{1F3F4}",
        "\u{1F3FD}",
        "\u{20E3}",
        "\u{430}",
        "\u{FF41}",
        " ",
    ]
    .map(str::to_owned)
    .into();
    prop_oneof![8 => proptest::sample::select(parts), 1 => proptest::sample::select(WRITING).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(part(), 0..24).prop_map(|parts| parts.concat())
}

fn gate(max_chars: u32) -> Gate {
    let mut policy = Policy::default();
    policy.sanitize.max_chars = max_chars;
    Gate::new(policy).expect("a policy")
}

proptest! {
    #[test]
    fn ranges_are_in_order_and_on_characters(text in text()) {
        for found in [scanned(&text), passing(&text)] {
            let mut last = 0;
            for found in found {
                prop_assert!(last <= found.start && found.start < found.end);
                prop_assert!(text.get(found.start..found.end).is_some());
                last = found.end;
            }
        }
    }

    #[test]
    fn sanitising_twice_is_sanitising_once(text in text(), max in prop_oneof![Just(100_000_u32), 0..40_u32]) {
        let gate = gate(max);
        let once = gate.sanitize(&text);
        prop_assert_eq!(scanned(&once.text), [], "left in {:?}", once.text);
        prop_assert!(once.text.chars().count() <= max as usize);
        prop_assert_eq!(once.removed.is_empty(), once.text == text);
        let stays = super::sanitize::stays(&text, gate.policy().sanitize, |_| false);
        prop_assert_eq!(once.removed.is_empty(), stays);
        let twice = gate.sanitize(&once.text);
        prop_assert_eq!((twice.text, twice.removed), (once.text, Vec::new()));
    }

    #[test]
    fn a_clean_text_stays_clean_wherever_writing_is_put(at in 0..WRITING.len(), other in 0..WRITING.len()) {
        let text = format!("{}\n{}", WRITING[at], WRITING[other]);
        prop_assert_eq!(&Gate::default().sanitize(&text).text, &text);
    }

    #[test]
    fn what_cannot_be_seen_is_found_in_any_writing(at in 0..WRITING.len(), hidden in "[\u{E0020}-\u{E007E}]{2,9}") {
        let text = format!("{}{hidden}", WRITING[at]);
        prop_assert_eq!(scanned(&text).len(), 1);
        prop_assert_eq!(&Gate::default().sanitize(&text).text, WRITING[at]);
    }
}
