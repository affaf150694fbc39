//! Names that say that their value is a secret: whole words of the name, however it is written.

#![forbid(unsafe_code)]

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

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

/// Words that make a name a secret's by themselves.
const SECRET: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "pwd",
    "pw",
    "passphrase",
    "passphrases",
    "passcode",
    "passkey",
    "secret",
    "secrets",
    "token",
    "apikey",
    "apikeys",
    "authorization",
    "bearer",
    "credential",
    "credentials",
    "cred",
    "creds",
    "cookie",
    "cookies",
    "jwt",
    "privkey",
    "otp",
    "totp",
    "mnemonic",
    "csrf",
    "xsrf",
    "htpasswd",
    "dsn",
];

/// Words that do so as the last of a name only: `auth`, but not `auth_url`.
const LAST: &[&str] = &["auth"];

/// Words that do so before `key` or `keys`.
const KEYS: &[&str] = &[
    "api",
    "access",
    "private",
    "secret",
    "signing",
    "encryption",
    "decryption",
    "master",
    "ssh",
    "auth",
    "session",
    "service",
    "account",
    "storage",
    "shared",
    "license",
    "deploy",
    "root",
    "gpg",
    "pgp",
    "rsa",
    "hmac",
    "aes",
    "app",
    "application",
    "admin",
    "client",
    "consumer",
    "crypto",
    "cipher",
    "wrapping",
    "subscription",
    "recovery",
    "integration",
    "webhook",
    "security",
    "host",
    "tls",
    "ssl",
    "jwt",
];

/// Pairs of words that do so.
const PAIRS: &[(&str, &[&str])] = &[
    ("session", &["id", "ids", "cookie", "key"]),
    ("pass", &["word", "words", "phrase", "code", "key", "wd"]),
    ("connection", &["string", "strings"]),
    ("seed", &["phrase", "words"]),
    ("recovery", &["code", "codes", "phrase"]),
    ("backup", &["code", "codes"]),
    ("api", &["tokens"]),
    ("access", &["tokens"]),
    ("refresh", &["tokens"]),
    ("auth", &["tokens"]),
    ("bearer", &["tokens"]),
    ("session", &["tokens"]),
    ("id", &["tokens"]),
    ("security", &["tokens"]),
];

/// A word behind the secret's that makes the value something about a secret: `token_count`, `cookie_policy`.
const ABOUT: &[&str] = &[
    "policy",
    "policies",
    "count",
    "counts",
    "counter",
    "limit",
    "limits",
    "length",
    "len",
    "size",
    "sizes",
    "type",
    "types",
    "url",
    "urls",
    "uri",
    "endpoint",
    "endpoints",
    "name",
    "names",
    "expiry",
    "expires",
    "expiration",
    "expire",
    "expired",
    "ttl",
    "lifetime",
    "duration",
    "age",
    "at",
    "date",
    "time",
    "timestamp",
    "required",
    "enabled",
    "disabled",
    "valid",
    "invalid",
    "field",
    "fields",
    "hint",
    "format",
    "strength",
    "rule",
    "rules",
    "usage",
    "used",
    "budget",
    "per",
    "version",
    "algorithm",
    "alg",
    "scheme",
    "method",
    "methods",
    "provider",
    "label",
    "placeholder",
    "description",
    "help",
    "status",
    "state",
    "domain",
    "path",
    "file",
    "filename",
    "param",
    "parameter",
    "banner",
    "consent",
    "preferences",
    "settings",
    "setting",
    "notice",
    "parser",
    "manager",
    "rotation",
    "ref",
    "arn",
    "index",
    "prefix",
    "window",
    "rate",
    "price",
    "cost",
    "position",
    "offset",
    "validator",
    "validation",
    "generator",
    "factory",
    "handler",
    "class",
    "store",
    "bucket",
    "kind",
    "source",
    "min",
    "max",
    "minimum",
    "maximum",
    "address",
    "symbol",
    "decimals",
    "supply",
    "balance",
    "amount",
    "standard",
    "contract",
    "ids",
    "stream",
    "based",
    "less",
];

/// A word before `token` that makes it a piece of text and not a credential.
const COUNTED: &[&str] = &[
    "max",
    "min",
    "num",
    "n",
    "total",
    "count",
    "avg",
    "used",
    "remaining",
    "prompt",
    "completion",
    "input",
    "output",
    "reasoning",
    "cached",
    "stop",
    "special",
    "pad",
    "eos",
    "bos",
    "unk",
    "sep",
    "cls",
    "mask",
    "word",
];

/// A first word that makes the value yes or no.
const FLAGS: &[&str] = &[
    "has", "is", "are", "requires", "require", "needs", "enable", "enabled", "allow", "allows", "show",
    "should", "can",
];

/// Words that are written together with others: `clientsecret`, `dbpassword`, `maxtokens`.
const GLUED: &[&str] = &[
    "api",
    "access",
    "private",
    "client",
    "session",
    "id",
    "key",
    "keys",
    "auth",
    "oauth",
    "user",
    "db",
    "database",
    "my",
    "app",
    "aws",
    "refresh",
    "signing",
    "encryption",
    "master",
    "root",
    "admin",
    "service",
    "account",
    "pg",
    "mysql",
    "postgres",
    "redis",
    "smtp",
    "mail",
    "email",
    "web",
    "hook",
    "login",
    "new",
    "old",
    "current",
    "confirm",
    "tokens",
    "set",
    "proxy",
    "ssh",
    "ftp",
    "wifi",
    "shared",
    "storage",
    "security",
    "hash",
    "value",
    "csrf",
    "x",
    "pass",
    "word",
    "phrase",
    "connection",
    "string",
    "git",
    "github",
    "npm",
    "bot",
    "slack",
];

/// Longer words are taken apart at their signs alone (characters).
const GLUE_LIMIT: usize = 48;

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

/// How the words begin of which one is in every name that is not plain.
const STEMS: &[&[u8]] = &[
    b"pass",
    b"pwd",
    b"pw",
    b"secret",
    b"token",
    b"key",
    b"auth",
    b"bearer",
    b"cred",
    b"cookie",
    b"jwt",
    b"otp",
    b"mnemonic",
    b"csrf",
    b"xsrf",
    b"dsn",
    b"session",
    b"seed",
    b"recovery",
    b"backup",
    b"connection",
    b"aws",
    b"htpasswd",
    b"privkey",
];

/// Whether one look is enough to see that a name has none of the words. Most names are plain.
fn is_plain(name: &[u8]) -> bool {
    const MOST: usize = 64;
    if name.len() > MOST {
        return false;
    }
    let (mut letters, mut len) = ([0; MOST], 0);
    for byte in name {
        if byte.is_ascii_alphabetic() {
            if let Some(slot) = letters.get_mut(len) {
                *slot = byte.to_ascii_lowercase();
                len += 1;
            }
        } else if !matches!(byte, b'_' | b'-' | b'.' | b' ' | b':' | b'/') {
            return false;
        }
    }
    let letters = letters.get(..len).unwrap_or_default();
    (0..len).all(|at| {
        let rest = letters.get(at..).unwrap_or_default();
        !matches!(
            rest.first(),
            Some(
                b'p' | b's'
                    | b't'
                    | b'k'
                    | b'a'
                    | b'b'
                    | b'c'
                    | b'j'
                    | b'o'
                    | b'm'
                    | b'x'
                    | b'd'
                    | b'r'
                    | b'h'
            )
        ) || STEMS.iter().all(|stem| !rest.starts_with(stem))
    })
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

/// The words of a name, in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words(Vec<String>);

impl Words {
    /// Taken apart at signs, digits, capital letters, and where known words are written together.
    pub(crate) fn of(name: &str) -> Self {
        Self::split(name.chars().flat_map(folded).collect())
    }

    /// The same with every sign left out and digits read as the letters that they look like: `pass_w0rd`. None
    /// where that changes nothing.
    fn joined(name: &str) -> Option<Self> {
        let letters: String = name
            .chars()
            .flat_map(folded)
            .filter_map(|c| match c {
                '0' => Some('o'),
                '1' => Some('i'),
                '3' => Some('e'),
                '4' | '@' => Some('a'),
                '5' | '$' => Some('s'),
                '7' => Some('t'),
                c => c.is_alphabetic().then(|| c.to_ascii_lowercase()),
            })
            .collect();
        (letters != name && letters.len() <= GLUE_LIMIT).then(|| Self::split(letters.chars().collect()))
    }

    fn split(chars: Vec<char>) -> Self {
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

    /// Whether there is no word.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// By the built-in words.
    pub(crate) fn are_secret(&self) -> bool {
        let words = &self.0;
        if words.first().is_some_and(|first| words.len() > 1 && FLAGS.contains(&first.as_str())) {
            return false;
        }
        (0..words.len()).any(|at| {
            let word = words.get(at).map_or("", String::as_str);
            let next = words.get(at + 1).map_or("", String::as_str);
            let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
            let is_pair = matches!(next, "key" | "keys") && KEYS.contains(&word)
                || PAIRS.iter().any(|(first, second)| *first == word && second.contains(&next));
            if is_pair {
                let behind = words.get(at + 2).map_or("", String::as_str);
                return !ABOUT.contains(&behind) && !(behind == "id" && next.starts_with("key"));
            }
            let last = LAST.contains(&word) && next.is_empty();
            let counted = word == "token" && COUNTED.contains(&before);
            let about = ABOUT.contains(&next) || next == "id" && word != "secret";
            last || SECRET.contains(&word) && !counted && !about
        })
    }
}

/// Ends a word, taken apart where it is several.
fn push(words: &mut Vec<String>, word: &mut String) {
    if word.is_empty() {
        return;
    }
    match glued(word) {
        Some(parts) => words.extend(parts.into_iter().map(str::to_owned)),
        None => words.push(word.clone()),
    }
    word.clear();
}

/// The known words that a word is made of, where it is made of such alone, the fewest.
fn glued(word: &str) -> Option<Vec<&str>> {
    if word.len() < 5
        || word.len() > GLUE_LIMIT
        || !word.is_ascii()
        || SECRET.contains(&word)
        || GLUED.contains(&word)
    {
        return None;
    }
    // For each end: the fewest words that reach it, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; word.len() + 1];
    *best.first_mut()? = Some((0, 0));
    for start in 0..word.len() {
        let Some((count, _)) = best.get(start).copied().flatten() else { continue };
        let rest = word.get(start..)?;
        for part in SECRET.iter().chain(GLUED).chain(ABOUT).chain(COUNTED) {
            // Single letters and pairs would take any word apart.
            if (part.len() > 2 || ["id", "db", "my", "pg", "at"].contains(part)) && rest.starts_with(part) {
                let slot = best.get_mut(start + part.len())?;
                if slot.is_none_or(|(fewest, _)| count + 1 < fewest) {
                    *slot = Some((count + 1, start));
                }
            }
        }
    }
    let mut parts = Vec::new();
    let mut end = word.len();
    while end > 0 {
        let (_, start) = best.get(end).copied().flatten()?;
        parts.push(word.get(start..end)?);
        end = start;
    }
    parts.reverse();
    Some(parts)
}

/// A character as the letter that it looks like; nothing for marks and what is not seen.
fn folded(c: char) -> impl Iterator<Item = char> {
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
    fn no_word_is_overlooked() {
        for word in SECRET.iter().chain(LAST) {
            assert!(!is_plain(word.as_bytes()), "{word}");
        }
        for (first, seconds) in
            PAIRS.iter().copied().chain(KEYS.iter().map(|first| (*first, &["key", "keys"][..])))
        {
            for second in seconds {
                assert!(!is_plain(format!("{first}_{second}").as_bytes()), "{first} {second}");
            }
        }
        assert!(is_plain(b"description"));
    }

    #[test]
    fn names_of_aws_are_told_apart() {
        for name in ["AWS_SECRET_ACCESS_KEY", "aws_secret_key", "awsSecretAccessKey"] {
            assert_eq!(judge(name.as_bytes()), Name::AwsSecret, "{name}");
        }
        assert_eq!(judge(b"AWS_ACCOUNT_ID"), Name::AwsAccount);
    }
}
