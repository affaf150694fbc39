//! What stands where a secret will be: words of documentation, variables, stars.

#![forbid(unsafe_code)]

use super::chars::{self, Class, DIGIT, HEX, LETTER, LOWER, UPPER};

/// Words that are part of no secret drawn at random, in lower case.
const WORDS: [&[u8]; 20] = [
    b"xxxx",
    b"your",
    b"example",
    b"placeholder",
    b"replace",
    b"change",
    b"dummy",
    b"insert",
    b"redacted",
    b"sample",
    b"notreal",
    b"not_real",
    b"not-real",
    b"secret_key",
    b"secret-key",
    b"access_token",
    b"access-token",
    b"api_key",
    b"apikey",
    b"token_here",
];

/// What opens a variable, or stands for what was left out, anywhere in a value.
const SIGNS: [&[u8]; 8] = [b"${", b"$(", b"{{", b"#{", b"<%", b"***", b"%s", b"..."];

/// Passwords of examples, whole and in lower case.
const PASSWORDS: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "passphrase",
    "pwd",
    "pw",
    "secret",
    "user",
    "username",
    "test",
    "testing",
    "foo",
    "bar",
    "baz",
    "root",
    "admin",
    "guest",
    "credentials",
    "token",
    "key",
    "apikey",
    "mypass",
    "mypassword",
    "my_password",
    "my-password",
    "userpass",
    "db_password",
    "dbpassword",
    "hunter2",
    "example",
    "auth",
    "login",
    "default",
    "none",
    "null",
    "undefined",
    "true",
    "false",
    "port",
    "host",
];

/// Whether a value is a variable, a template or a word that asks to be replaced.
pub(crate) fn is_placeholder(value: &[u8]) -> bool {
    let first = value.first().copied().unwrap_or_default();
    if matches!(first, b'<' | b'$' | b'{' | b'[' | b'*' | b'%' | b'@') {
        return true;
    }
    (0..value.len()).any(|at| {
        let rest = value.get(at..).unwrap_or_default();
        let Some(first) = rest.first().map(u8::to_ascii_lowercase) else { return false };
        let opens = |words: &[&[u8]]| {
            words.iter().any(|word| {
                word.first() == Some(&first)
                    && rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            })
        };
        if first.is_ascii_lowercase() { opens(&WORDS) } else { opens(&SIGNS) }
    })
}

/// Whether a password is one of an example.
pub(super) fn is_example_password(password: &[u8]) -> bool {
    let same = password.first();
    password.len() < 3
        || is_placeholder(password)
        || password.iter().all(|byte| Some(byte) == same)
        || PASSWORDS.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(password))
}

/// Whether `value` holds `word`, in any case.
pub(super) fn holds_word(value: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    value.windows(word.len()).any(|window| {
        window.first().is_some_and(|byte| byte.eq_ignore_ascii_case(first))
            && window.eq_ignore_ascii_case(word)
    })
}

/// Whether text looks drawn at random rather than written: many different characters for its length.
pub(super) fn is_random(text: &[u8]) -> bool {
    let entropy = chars::entropy(text);
    match text.len() {
        0..16 => entropy >= 250,
        16..24 => entropy >= 275,
        _ if chars::all(text, HEX) => entropy >= 275,
        _ => entropy >= 300,
    }
}

/// Whether text looks drawn at random by a stricter measure, for values that only their name tells: digits, and
/// more changes between digits and letters than words have.
pub(super) fn is_drawn(text: &[u8]) -> bool {
    let (chunks, rest) = text.as_chunks::<16>();
    let count = |text: &[u8]| text.iter().map(|byte| u8::from(byte.is_ascii_digit())).sum::<u8>();
    let digits: usize =
        chunks.iter().map(|chunk| usize::from(count(chunk))).sum::<usize>() + usize::from(count(rest));
    // Twenty-four characters of base 62 have no digit once in seventy, and one or none once in thirteen.
    if digits < if text.len() < 24 { 2 } else { 1 } {
        return false;
    }
    let changes = text.windows(2).filter(|pair| matches!(pair, [a, b] if changes(*a, *b))).count();
    let least = if chars::all(text, HEX) { 300 } else { 350 };
    changes * 4 >= text.len() && chars::entropy(text) >= least
}

/// Whether one character follows another as it rarely does in a word. Small letters behind a capital do.
fn changes(one: u8, next: u8) -> bool {
    let between = |from: Class, to: Class| chars::is(one, from) && chars::is(next, to);
    between(DIGIT, LETTER) || between(LETTER, DIGIT) || between(LOWER, UPPER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_values() {
        for (value, expected) in [
            ("xxxxxxxxxxxxxxxxxxxxxxxx", true),
            ("********************", true),
            ("<your-token>", true),
            ("${API_TOKEN}", true),
            ("$API_TOKEN", true),
            ("{{ token }}", true),
            ("YOUR_API_KEY_GOES_HERE", true),
            ("replace-me-with-a-token", true),
            ("q8Zr2LmXv0TbNc5YwKd7", false),
            ("", false),
        ] {
            assert_eq!(is_placeholder(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn random_text_is_told_from_names() {
        for (value, expected) in [
            ("q8Zr2LmXv0TbNc5YwKd7", true),
            ("9f86d081884c7d659a2feaa0c55ad015", true),
            ("resetPasswordTokenGenerator22", false),
            ("00000000000000000000000000000000", false),
            ("my_secret_token_for_tests_1", false),
            ("sixteen-little-words", false),
        ] {
            assert_eq!(is_drawn(value.as_bytes()), expected, "{value}");
        }
    }
}
