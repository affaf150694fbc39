//! Texts that can be secrets where their name says that they are: what is left when words, references, cursors and
//! handles are gone.
//!
//! For results that a program goes on with. A log loses every value under such a name; here one that is taken by
//! mistake breaks paging, a schema or a file that is written back.

#![forbid(unsafe_code)]

use super::chars::{self, ALNUM, CAPS, DIGIT, HEX, LETTER};
use super::dictionary::IS_PASSED;
use super::keys::{self, Name, Words};
use super::placeholder::{is_drawn, is_placeholder, is_random};
use super::shape::base64;

/// What a name says of a text beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Held {
    /// Nothing.
    #[default]
    Nothing,
    /// The policy names it: any text.
    Any,
    /// A key or token; `sure` where the name stands for nothing else.
    Token { sure: bool },
    /// A password.
    Password,
    /// A password of several words.
    Phrase,
    /// A code that is used once.
    Code,
    /// Cookies.
    Cookie,
}

/// Fewer bytes are no secret.
const LEAST: usize = 4;
/// More are data.
const MOST: usize = 4096;

impl Held {
    /// What a name says, by the built-in words.
    pub(crate) fn by(name: &[u8]) -> Self {
        match keys::judge(name) {
            Name::AwsSecret => Self::Token { sure: true },
            Name::Secret => Self::of(&Words::of(&String::from_utf8_lossy(name))),
            Name::Plain | Name::AwsAccount => Self::Nothing,
        }
    }

    fn of(words: &Words) -> Self {
        if words.end_about() {
            return Self::Nothing;
        }
        let any = |list: &[&str]| list.iter().any(|word| words.hold(&[word]));
        if any(&["mnemonic", "mnemonics", "passphrase", "passphrases", "seed"])
            || words.hold(&["pass", "phrase"])
            || words.hold(&["recovery", "phrase"])
        {
            return Self::Phrase;
        }
        if any(&["otp", "totp", "passcode", "passcodes", "codes", "code"]) {
            return Self::Code;
        }
        if any(&["password", "passwords", "passwd", "pwd", "pw", "pass", "htpasswd"]) {
            return Self::Password;
        }
        if any(&[
            "secret",
            "secrets",
            "private",
            "privkey",
            "apikey",
            "apikeys",
            "api",
            "credential",
            "bearer",
        ]) || any(&[
            "access",
            "refresh",
            "auth",
            "bot",
            "oauth",
            "personal",
            "jwt",
            "encryption",
            "signing",
        ]) {
            return Self::Token { sure: true };
        }
        // A host's key is one that everybody knows.
        if words.any_of(IS_PASSED) || any(&["csrf", "xsrf", "host", "public"]) || Self::is_session_id(words) {
            return Self::Nothing;
        }
        if any(&["cookie", "cookies"]) {
            return Self::Cookie;
        }
        Self::Token { sure: false }
    }

    /// Protocols hand the id of a session back and forth; a server that trusts it alone says so of its token.
    fn is_session_id(words: &Words) -> bool {
        words.hold(&["session", "id"]) || words.hold(&["session", "ids"])
    }

    /// Whether a text can be what the name says.
    pub(crate) fn fits(self, text: &[u8]) -> bool {
        if self == Self::Any {
            return !text.is_empty();
        }
        if !(LEAST..=MOST).contains(&text.len()) || is_reference(text) || is_placeholder(behind_sign(text)) {
            return false;
        }
        match self {
            Self::Nothing | Self::Any => false,
            Self::Token { sure } => is_token(text, sure),
            Self::Password => is_password(text),
            Self::Phrase => is_phrase(text) || is_password(text),
            Self::Code => is_code(text) || is_token(text, true),
            Self::Cookie => is_cookie(text),
        }
    }
}

/// A password without a first sign that no variable has: `$tr0ng!` and the hashes of `crypt`.
fn behind_sign(text: &[u8]) -> &[u8] {
    match text {
        [b'$' | b'%', rest @ ..]
            if !rest.iter().all(|byte| chars::is(*byte, chars::WORD) || b"%(){}".contains(byte)) =>
        {
            rest
        }
        [b'@' | b'*', rest @ ..] => rest,
        _ => text,
    }
}

/// Whether a text says where a thing is, and not what it is: a URL, a path, a name of a cloud or store.
pub(super) fn is_reference(text: &[u8]) -> bool {
    let starts: &[&[u8]] = &[
        b"/",
        b"./",
        b"../",
        b"~/",
        b"arn:",
        b"urn:",
        b"did:",
        b"projects/",
        b"env:",
        b"file:",
        b"vault:",
        b"ssm:",
        b"secret/",
        b"secrets/",
        b"kv/",
        b"ssh-",
        b"ecdsa-",
        b"AAAAB3NzaC1",
        b"AAAAC3NzaC1",
        b"AAAAE2VjZHNh",
        b"^",
        b"-----BEGIN PUBLIC",
        b"-----BEGIN CERT",
        b"data:",
        b"mailto:",
        b"sha256:",
        b"sha512:",
        b"sha1:",
        b"sha384:",
        b"md5:",
    ];
    starts.iter().any(|start| text.starts_with(start))
        || memchr::memmem::find(text, b"://").is_some()
        || is_account_of_a_chain(text)
        || is_mail(text)
}

/// An address of Ethereum and those like it.
fn is_account_of_a_chain(text: &[u8]) -> bool {
    text.strip_prefix(b"0x").is_some_and(|digits| digits.len() == 40 && chars::all(digits, HEX))
}

fn is_mail(text: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', text) else { return false };
    let (user, host) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
    let plain = |part: &[u8], also: &[u8]| {
        !part.is_empty() && part.iter().all(|byte| byte.is_ascii_alphanumeric() || also.contains(byte))
    };
    let top = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    plain(user, b"._+-") && plain(host, b".-") && host.contains(&b'.') && chars::all(top, LETTER)
}

fn is_uuid_shaped(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(at, byte)| {
            if [8, 13, 18, 23].contains(&at) { *byte == b'-' } else { chars::is(*byte, HEX) }
        })
}

/// A text of one piece that looks drawn at random.
fn is_token(text: &[u8], sure: bool) -> bool {
    if text.iter().any(|byte| *byte <= b' ' || *byte >= 0x7F) {
        return false;
    }
    if is_uuid_shaped(text) {
        return sure && is_random(text);
    }
    if is_made_of_words(text) || is_time(text) {
        return false;
    }
    is_drawn_at_length(text, sure) || is_login(text)
}

fn is_drawn_at_length(text: &[u8], sure: bool) -> bool {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let changes = changes(text);
    match text.len() {
        0..8 => false,
        8..20 => digits >= 2 && letters >= 2 && changes >= 3 && is_random(text),
        20..32 => {
            is_drawn(text) || sure && digits >= 1 && changes * 4 >= text.len() && chars::entropy(text) >= 350
        }
        // Long ones may have few digits, and are drawn where their capitals stand anywhere.
        _ => is_drawn(text) || letters >= 20 && changes * 5 >= text.len() && chars::entropy(text) >= 400,
    }
}

/// How often letters, digits and signs, or small letters and capitals, follow each other.
fn changes(text: &[u8]) -> usize {
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => 1,
        b'a'..=b'z' => 2,
        b'A'..=b'Z' => 3,
        b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'+' | b'=' | b'?' | b'@' | b'^' => 4,
        _ => 0,
    };
    // A capital before small letters begins a word.
    text.windows(2)
        .filter(|pair| {
            let [one, next] = [pair.first(), pair.last()].map(|byte| byte.map_or(0, |byte| kind(*byte)));
            one != next && one != 0 && next != 0 && (one, next) != (3, 2)
        })
        .count()
}

/// A name and password in base64, as clients of registries keep them.
fn is_login(text: &[u8]) -> bool {
    text.len() >= 8
        && text.len().is_multiple_of(4)
        && base64(text).is_some_and(|plain| {
            let printable = plain.iter().all(|byte| (b' '..0x7F).contains(byte));
            printable && memchr::memchr(b':', &plain).is_some_and(|at| at > 0 && at + 3 < plain.len())
        })
}

/// Words, numbers and versions, joined by signs: names of things.
fn is_made_of_words(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| !byte.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.all(|part| {
        let letters = chars::span(part, 0, LETTER, part.len());
        let digits = chars::span(part, letters, DIGIT, part.len());
        // Small letters, capitals, or small ones behind a capital, and a number of few digits behind them.
        let word = part.get(..letters).unwrap_or_default();
        let upper = word.iter().skip(1).filter(|byte| byte.is_ascii_uppercase()).count();
        let cased = upper == 0 || upper + 1 >= word.len() || (word.len() >= 8 && upper * 4 <= word.len());
        letters + digits == part.len()
            && (letters == 0 || cased && digits <= 4 && letters <= 24 || letters >= 3 && cased && digits <= 2)
    })
}

/// Digits and what stands between those of a time.
fn is_time(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_digit() || b"-:.TZ+ /".contains(byte))
}

/// Words of forms, types and code: a text of nothing but words that holds one of these is no password.
const ABOUT: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pass",
    "pwd",
    "secret",
    "user",
    "username",
    "name",
    "db",
    "database",
    "token",
    "key",
    "hash",
    "field",
    "input",
    "value",
    "text",
    "label",
    "type",
    "form",
    "only",
    "not",
    "no",
    "required",
    "optional",
    "none",
    "hidden",
    "masked",
    "unset",
    "changed",
    "disabled",
    "enabled",
    "expired",
    "reset",
    "protected",
    "policy",
    "based",
    "auth",
    "login",
    "sign",
    "in",
    "min",
    "max",
    "string",
    "confirmed",
    "prompt",
    "env",
    "file",
    "ref",
    "store",
    "manager",
    "time",
    "set",
    "is",
    "new",
    "old",
    "the",
    "your",
    "enter",
    "for",
    "a",
    "to",
    "of",
    "and",
    "or",
    "with",
    "this",
    "please",
    "must",
    "be",
    "on",
    "it",
    "account",
    "settings",
    "page",
    "modal",
    "error",
    "success",
    "invalid",
];

/// Names of algorithms, without their sizes.
const ALGORITHMS: &[&str] = &[
    "sha", "md", "argon", "argon2id", "argon2i", "bcrypt", "scrypt", "pbkdf", "aes", "hs", "rs", "es", "rsa",
];

/// A text of one piece that is more than one word.
fn is_password(text: &[u8]) -> bool {
    if text.iter().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()) {
        return false;
    }
    if is_hash(text) || is_uuid_shaped(text) || is_padded(text) {
        return true;
    }
    let letters = |part: &[u8]| part.iter().all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
    let inner = unsigned(text);
    if letters(inner) || is_declared(inner) || is_variable(inner) || is_algorithm(inner) || is_date(inner) {
        return false;
    }
    if inner.iter().all(u8::is_ascii_digit) {
        return inner.len() >= 6;
    }
    let mut parts =
        inner.split(|byte| b"-_.:/|,;+".contains(byte)).filter(|part| !part.is_empty()).peekable();
    if parts.peek().is_none() {
        return false;
    }
    let words: Vec<&[u8]> = parts.collect();
    let number = |word: &[u8]| word.iter().all(u8::is_ascii_digit);
    if !words.iter().all(|word| letters(word) || number(word)) {
        return true;
    }
    let about = |word: &[u8]| ABOUT.iter().any(|about| about.as_bytes().eq_ignore_ascii_case(word));
    // Members of objects and keys of translations are joined by dots.
    !(words.iter().any(|word| about(word)) || inner.contains(&b'.') || inner.len() < 8)
}

/// A text without the signs that stand around a label or a type.
fn unsigned(text: &[u8]) -> &[u8] {
    let sign = |byte: &u8| b"?!*:;.,()[]'\"`-_=+#".contains(byte);
    let start = text.iter().take_while(|byte| sign(byte)).count();
    let end = text.len() - text.iter().rev().take_while(|byte| sign(byte)).count();
    text.get(start..end.max(start)).unwrap_or_default()
}

/// Base64 with its padding.
fn is_padded(text: &[u8]) -> bool {
    text.len() >= 8
        && text.len().is_multiple_of(4)
        && text.ends_with(b"=")
        && text.iter().all(|byte| chars::is(*byte, chars::BASE64 | chars::EQUALS))
}

/// What `crypt` makes of a password: `$6$salt$hash`.
fn is_hash(text: &[u8]) -> bool {
    text.starts_with(b"$") && text.len() >= 30 && memchr::memchr_iter(b'$', text).count() >= 3
}

/// A type with its size, `varchar(255)`, or a call.
fn is_declared(text: &[u8]) -> bool {
    let name = chars::span(text, 0, chars::DOTTED, text.len());
    name > 0 && text.get(name) == Some(&b'(')
}

/// The name of a variable: capitals and `_`.
fn is_variable(text: &[u8]) -> bool {
    text.contains(&b'_') && text.iter().all(|byte| chars::is(*byte, CAPS) || *byte == b'_')
}

fn is_algorithm(text: &[u8]) -> bool {
    let letters = chars::span(text, 0, LETTER, text.len());
    let name = text.get(..letters).unwrap_or_default();
    let rest = text.get(letters..).unwrap_or_default();
    let known = |name: &[u8]| ALGORITHMS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name));
    known(text) || known(name) && rest.iter().all(|byte| byte.is_ascii_digit() || b"-_/".contains(byte))
}

fn is_date(text: &[u8]) -> bool {
    text.len() >= 10 && is_time(text) && text.contains(&b'-')
}

/// Several words in small letters, which no sentence is.
fn is_phrase(text: &[u8]) -> bool {
    let words: Vec<&[u8]> = text.split(|byte| b" -".contains(byte)).collect();
    let stops = |word: &[u8]| ABOUT.iter().any(|about| about.as_bytes() == word);
    (4..=24).contains(&words.len())
        && words
            .iter()
            .all(|word| (3..=10).contains(&word.len()) && chars::all(word, chars::LOWER) && !stops(word))
}

/// A few digits, or a key in base 32.
fn is_code(text: &[u8]) -> bool {
    let plain: Vec<u8> = text.iter().copied().filter(|byte| !b" -".contains(byte)).collect();
    let digits = plain.iter().filter(|byte| byte.is_ascii_digit()).count();
    let all = chars::all(&plain, ALNUM);
    all && (digits == plain.len() && (4..=10).contains(&digits)
        || plain.len() >= 16 && chars::all(&plain, CAPS) && is_random(&plain)
        || (8..=32).contains(&plain.len()) && digits >= 2 && digits < plain.len())
}

/// A cookie of which one value looks drawn.
fn is_cookie(text: &[u8]) -> bool {
    text.split(|byte| *byte == b';').any(|pair| {
        let pair = pair.trim_ascii();
        let value = memchr::memchr(b'=', pair).map_or(pair, |at| pair.get(at + 1..).unwrap_or_default());
        value.len() >= 12 && is_token(value, true)
    })
}

#[cfg(test)]
mod tests;
