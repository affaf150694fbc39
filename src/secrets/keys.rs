//! Names that say that their value is a secret: whole words of the name, however it is written.

#![forbid(unsafe_code)]

use super::dictionary::{self, GLUE_LIMIT, IS_ABOUT, IS_COUNTED, IS_FLAG, IS_SECRET, Kinds, is_pair, kinds};
use crate::text::folded;

/// What a name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    /// Nothing.
    Plain,
    /// It is a secret.
    Secret,
    /// It is the secret access key of AWS, whose length is known.
    AwsSecret,
    /// It is the number of an AWS account.
    AwsAccount,
}

/// What a name says of its value, by the built-in words.
pub(crate) fn judge(name: &[u8]) -> Name {
    if is_plain(name) {
        return Name::Plain;
    }
    let name = String::from_utf8_lossy(name);
    let words = Words::of(&name);
    if words.hold(&["aws", "secret"]) {
        Name::AwsSecret
    } else if words.hold(&["aws", "account"]) {
        Name::AwsAccount
    } else if words.are_secret() || Words::joined(&name).is_some_and(|joined| joined.are_secret()) {
        Name::Secret
    } else {
        Name::Plain
    }
}

/// Whether one look is enough to see that a name has none of the words: most names are plain. Signs are left out,
/// and digits are left out too and read as letters.
fn is_plain(name: &[u8]) -> bool {
    const MOST: usize = 64;
    if name.len() > MOST || !name.is_ascii() {
        return false;
    }
    let (mut letters, mut read) = (Letters::<MOST>::new(), Letters::<MOST>::new());
    for byte in name {
        if byte.is_ascii_alphabetic() {
            letters.push(*byte);
        }
        if let Some(letter) = read_as(char::from(*byte)) {
            read.push(letter);
        }
    }
    letters.are_plain() && (read.len == letters.len || read.are_plain())
}

/// Small letters on the stack.
struct Letters<const MOST: usize> {
    letters: [u8; MOST],
    len: usize,
}

impl<const MOST: usize> Letters<MOST> {
    const fn new() -> Self {
        Self { letters: [0; MOST], len: 0 }
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.letters.get_mut(self.len) {
            *slot = byte.to_ascii_lowercase();
            self.len += 1;
        }
    }

    fn are_plain(&self) -> bool {
        let letters = self.letters.get(..self.len).unwrap_or_default();
        (0..self.len).all(|at| !dictionary::begins(letters.get(at..).unwrap_or_default()))
    }
}

/// The letter that an ASCII character is or looks like.
fn read_as(c: char) -> Option<u8> {
    match c {
        '0' => Some(b'o'),
        '1' => Some(b'i'),
        '3' => Some(b'e'),
        '4' | '@' => Some(b'a'),
        '5' | '$' => Some(b's'),
        '7' => Some(b't'),
        c if c.is_ascii_alphabetic() => u8::try_from(c.to_ascii_lowercase()).ok(),
        _ => None,
    }
}

/// The words of a name, in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words(Vec<String>);

impl Words {
    /// Taken apart at signs, digits, capital letters, and where known words are written together.
    pub(crate) fn of(name: &str) -> Self {
        Self::split(&name.chars().flat_map(folded).collect::<Vec<_>>())
    }

    /// The same with every sign left out and digits read as the letters that they look like: `pass_w0rd`. None
    /// where that changes nothing.
    fn joined(name: &str) -> Option<Self> {
        let letters: String = name
            .chars()
            .flat_map(folded)
            .filter_map(|c| match read_as(c) {
                Some(letter) => Some(char::from(letter)),
                None => c.is_alphabetic().then_some(c),
            })
            .collect();
        (letters != name && letters.len() <= GLUE_LIMIT)
            .then(|| Self::split(&letters.chars().collect::<Vec<_>>()))
    }

    fn split(chars: &[char]) -> Self {
        let mut words = Vec::new();
        let mut word = String::new();
        let mut before = '_';
        for (at, c) in chars.iter().copied().enumerate() {
            let next = chars.get(at + 1).copied().unwrap_or('_');
            // A capital begins a word, but for the letters of an abbreviation: APIKey.
            let begins =
                c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && next.is_lowercase());
            if begins || !c.is_alphabetic() {
                push(&mut words, &mut word);
            }
            if c.is_alphabetic() {
                word.extend(c.to_lowercase());
            }
            before = c;
        }
        push(&mut words, &mut word);
        Self(words)
    }

    /// Whether these words follow each other in the name.
    pub(crate) fn hold(&self, words: &[impl AsRef<str>]) -> bool {
        !words.is_empty()
            && self
                .0
                .windows(words.len())
                .any(|window| window.iter().zip(words).all(|(a, b)| a == b.as_ref()))
    }

    /// Whether any of several names is held.
    pub(crate) fn hold_any(&self, names: &[Self]) -> bool {
        names.iter().any(|name| self.hold(&name.0))
    }

    /// Whether any word is of a kind.
    pub(super) fn any_of(&self, kind: Kinds) -> bool {
        self.0.iter().any(|word| kinds(word) & kind != 0)
    }

    /// Whether the last word says that the value is something about a secret.
    pub(super) fn end_about(&self) -> bool {
        self.0.last().is_some_and(|word| kinds(word) & IS_ABOUT != 0)
    }

    /// Whether there is no word.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// By the built-in words.
    pub(crate) fn are_secret(&self) -> bool {
        let words = &self.0;
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let is = |word: &str, kind| kinds(word) & kind != 0;
        if words.len() > 1 && is(word(0), IS_FLAG) {
            return false;
        }
        (0..words.len()).any(|at| {
            let (word, next) = (word(at), word(at + 1));
            if is_pair(word, next) {
                let behind = words.get(at + 2).map_or("", String::as_str);
                return !(is(behind, IS_ABOUT) || behind == "id" && next.starts_with("key"));
            }
            if word == "auth" {
                return next.is_empty();
            }
            let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
            let counted = word == "token" && is(before, IS_COUNTED);
            let about = is(next, IS_ABOUT) || next == "id" && word != "secret";
            is(word, IS_SECRET) && !counted && !about
        })
    }
}

/// Ends a word, taken apart where it is several.
fn push(words: &mut Vec<String>, word: &mut String) {
    match dictionary::parts(word) {
        Some(parts) => words.extend(parts.into_iter().map(str::to_owned)),
        None if word.is_empty() => {}
        None => words.push(word.clone()),
    }
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_in_every_spelling() {
        for name in [
            "password",
            "Password",
            "PASSWORD",
            "userPassword",
            "user_password",
            "user-password",
            "user.password",
            "password1",
            "password_2",
            "PGPASSWORD",
            "dbpassword",
            "passwd",
            "pwd",
            "passphrase",
            "secret",
            "client_secret",
            "clientSecret",
            "clientsecret",
            "ClientSecret",
            "token",
            "accessToken",
            "access_token",
            "ACCESS-TOKEN",
            "refreshtoken",
            "id_token",
            "OAuth2Token",
            "apikey",
            "apiKey",
            "api_key",
            "API-KEY",
            "APIKey",
            "x-api-key",
            "X-API-KEY",
            "authorization",
            "Authorization",
            "proxy-authorization",
            "bearer",
            "credential",
            "credentials",
            "cookie",
            "Set-Cookie",
            "session_id",
            "sessionId",
            "sessionID",
            "sessionid",
            "private_key",
            "privateKey",
            "PRIVATEKEY",
            "access_key",
            "accessKey",
            "AccessKey",
            "secret_key",
            "secretKey",
            "auth",
            "basic_auth",
            "pass_word",
            "connectionString",
            "passw0rd",
            "s3cret",
            "t0ken",
            "pa$$word",
            "_authToken",
            "npm_token",
            "access_tokens",
            "passwordHash",
            "password_confirmation",
            "jwt",
            // Cyrillic, Greek, full width, small capitals, a combining mark, a zero-width space.
            "p\u{430}ssword",
            "t\u{3BF}ken",
            "\u{FF41}\u{FF50}\u{FF49}\u{FF3F}\u{FF4B}\u{FF45}\u{FF59}",
            "\u{1D18}\u{1D00}\u{A731}\u{A731}word",
            "pa\u{301}ssword",
            "pass\u{200B}word",
            "\u{421}ookie",
        ] {
            assert_eq!(judge(name.as_bytes()), Name::Secret, "{name}");
        }
        let long = format!("{}_password", "x".repeat(4000));
        assert_eq!(judge(long.as_bytes()), Name::Secret);
    }

    #[test]
    fn other_names_are_plain() {
        for name in [
            "",
            "max_tokens",
            "maxTokens",
            "maxtokens",
            "max_new_tokens",
            "tokens",
            "tokenizer",
            "secretary",
            "author",
            "authors",
            "authored_by",
            "cookie_policy",
            "cookiePolicy",
            "key",
            "keys",
            "public_key",
            "primary_key",
            "monkey",
            "keyboard",
            "session",
            "sessions",
            "tokenize",
            "token_count",
            "total_tokens",
            "promptTokens",
            "password_policy",
            "password_length",
            "token_type",
            "has_password",
            "isSecret",
            "bypass",
            "compass",
            "passage",
            "passenger",
            "passport_number",
            "authority",
            "authentic",
            "auth_url",
            "auth_method",
            "access_key_id",
            "private_key_id",
            "token_endpoint",
            "eos_token",
            "secretion",
            "pin",
            "id",
            "user",
            "name",
            "cookiecutter",
            "credit",
            "accredited",
            "island",
            "pad_token",
            "key_id",
            "foreign_key",
            "passwordless",
            "description",
        ] {
            assert_eq!(judge(name.as_bytes()), Name::Plain, "{name}");
        }
    }

    #[test]
    fn names_of_aws_are_told_apart() {
        for name in ["AWS_SECRET_ACCESS_KEY", "aws_secret_key", "awsSecretAccessKey"] {
            assert_eq!(judge(name.as_bytes()), Name::AwsSecret, "{name}");
        }
        assert_eq!(judge(b"AWS_ACCOUNT_ID"), Name::AwsAccount);
    }
}
