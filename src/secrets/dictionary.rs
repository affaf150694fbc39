//! The words that names of secrets are made of.

#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::sync::LazyLock;

/// Words that make a name a secret's by themselves.
const SECRET: &str = "\
    password passwords passwd pwd pw passphrase passphrases passcode passkey secret secrets token \
    apikey apikeys authorization bearer credential credentials cred creds cookie cookies jwt privkey \
    otp totp mnemonic csrf xsrf htpasswd dsn";

/// Words that do so before `key` or `keys`.
const KEYS: &str = "\
    api access private secret signing encryption decryption master ssh auth session service account \
    storage shared license deploy root gpg pgp rsa hmac aes app application admin client consumer \
    crypto cipher wrapping subscription recovery integration webhook security host tls ssl jwt";

/// Pairs of words that do so.
const PAIRS: &str = "\
    session+id session+ids session+cookie session+key pass+word pass+words pass+phrase pass+code \
    pass+key pass+wd connection+string connection+strings seed+phrase seed+words recovery+code \
    recovery+codes recovery+phrase backup+code backup+codes api+tokens access+tokens refresh+tokens \
    auth+tokens bearer+tokens session+tokens id+tokens security+tokens";

/// A word behind the secret's that makes the value something about a secret: `token_count`, `cookie_policy`.
const ABOUT: &str = "\
    policy policies count counts counter limit limits length len size sizes type types url urls uri \
    endpoint endpoints name names expiry expires expiration expire expired ttl lifetime duration age \
    at date time timestamp required enabled disabled valid invalid field fields hint format strength \
    rule rules usage used budget per version algorithm alg scheme method methods provider label \
    placeholder description help status state domain path file filename param parameter banner \
    consent preferences settings setting notice parser manager rotation ref arn index prefix window \
    rate price cost position offset validator validation generator factory handler class store \
    bucket kind source min max minimum maximum address symbol decimals supply balance amount \
    standard contract ids stream based less last";

/// A word before `token` that makes it a piece of text and not a credential.
const COUNTED: &str = "\
    max min num n total count avg used remaining prompt completion input output reasoning cached \
    stop special pad eos bos unk sep cls mask word";

/// A first word that makes the value yes or no.
const FLAGS: &str = "has is are requires require needs enable enabled allow allows show should can";

/// A word that says of a token that it is handed back to go on: a page, a place in a list, a thing in a store, a change
/// that is asked for once; and coins, and pieces of text.
const PASSED: &str = "\
    next page pages paging paged pagination previous prev continue continuation cursor resume sync delta \
    start starting skip list lists scroll marker iterator iteration position checkpoint history shard upload \
    uploads multipart progress idempotency idempotent request operation poll polling task change changes watch \
    version concurrency lock lease receipt etag query search state selection forgery public publishable client \
    doc docs document file folder sheet wiki node board table bitable obj object image media asset design \
    theme style color mint contract erc coin swap pool base quote native trading lexer syntax word text \
    language vocab parser semantic device push cancel cancellation retry response execution conversation \
    transaction trace trigger dialog bookmark job run";

/// Words that are written together with others: `clientsecret`, `dbpassword`, `maxtokens`.
const GLUED: &str = "\
    api access private client session id key keys auth oauth user db database my app aws refresh \
    signing encryption master root admin service account pg mysql postgres redis smtp mail email web \
    hook login new old current confirm tokens set proxy ssh ftp wifi shared storage security hash \
    value csrf x pass word phrase connection string git github npm bot slack";

/// What a word is, as bits.
pub(super) type Kinds = u8;
/// Of [`PASSED`].
pub(super) const IS_PASSED: Kinds = 1 << 6;
/// Of [`SECRET`].
pub(super) const IS_SECRET: Kinds = 1;
/// Of [`KEYS`].
pub(super) const BEFORE_KEY: Kinds = 1 << 1;
/// Of [`ABOUT`].
pub(super) const IS_ABOUT: Kinds = 1 << 2;
/// Of [`COUNTED`].
pub(super) const IS_COUNTED: Kinds = 1 << 3;
/// Of [`FLAGS`].
pub(super) const IS_FLAG: Kinds = 1 << 4;
/// May be written together with others.
pub(super) const IS_GLUED: Kinds = 1 << 5;

static WORDS: LazyLock<HashMap<&'static str, Kinds>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (list, kinds) in [
        (SECRET, IS_SECRET | IS_GLUED),
        (KEYS, BEFORE_KEY),
        (ABOUT, IS_ABOUT | IS_GLUED),
        (COUNTED, IS_COUNTED | IS_GLUED),
        (FLAGS, IS_FLAG),
        (GLUED, IS_GLUED),
        (PASSED, IS_PASSED),
    ] {
        for word in list.split(' ') {
            *words.entry(word).or_default() |= kinds;
        }
    }
    words
});

/// Builds the dictionary.
pub(super) fn warm() {
    LazyLock::force(&WORDS);
}

/// What a word is.
pub(super) fn kinds(word: &str) -> Kinds {
    WORDS.get(word).copied().unwrap_or_default()
}

/// Whether two words in a row name a secret.
pub(super) fn is_pair(first: &str, second: &str) -> bool {
    matches!(second, "key" | "keys") && kinds(first) & BEFORE_KEY != 0
        || PAIRS.split(' ').any(|pair| pair.split_once('+') == Some((first, second)))
}

/// How the first of the words begins that make a name a secret's: a text in which no place is one of these has none.
pub(super) fn begins(rest: &[u8]) -> bool {
    let stems: &[&[u8]] = match rest.first() {
        Some(b'a') => &[b"auth", b"aws"],
        Some(b'b') => &[b"bearer", b"backup"],
        Some(b'c') => &[b"cookie", b"cred", b"csrf", b"connection"],
        Some(b'd') => &[b"dsn"],
        Some(b'j') => &[b"jwt"],
        Some(b'k') => &[b"key"],
        Some(b'm') => &[b"mnemonic"],
        Some(b'o') => &[b"otp"],
        Some(b'p') => &[b"pass", b"pw", b"privkey"],
        Some(b'r') => &[b"recovery"],
        Some(b's') => &[b"secret", b"session", b"seed"],
        Some(b't') => &[b"token"],
        Some(b'x') => &[b"xsrf"],
        _ => &[],
    };
    stems.iter().any(|stem| rest.starts_with(stem))
}

/// The longest word of the lists.
const LONGEST: usize = 16;
/// Longer words are taken apart at their signs alone (characters).
pub(super) const GLUE_LIMIT: usize = 40;

/// The known words that a word is made of, where it is made of such alone: the fewest.
pub(super) fn parts(word: &str) -> Option<Vec<&str>> {
    if word.len() < 5 || word.len() > GLUE_LIMIT || !word.is_ascii() || kinds(word) != 0 {
        return None;
    }
    // For each end: the fewest words that reach it, and where the last of them begins.
    let mut best = [None; GLUE_LIMIT + 1];
    *best.first_mut()? = Some((0_usize, 0_usize));
    for start in 0..word.len() {
        let Some((count, _)) = best.get(start).copied().flatten() else { continue };
        for end in start + 2..=word.len().min(start + LONGEST) {
            let part = word.get(start..end)?;
            // Most pairs of letters would take any word apart.
            let known = kinds(part) & IS_GLUED != 0
                && (part.len() > 2 || matches!(part, "id" | "db" | "my" | "pg" | "at"));
            let slot = best.get_mut(end)?;
            if known && slot.is_none_or(|(fewest, _)| count + 1 < fewest) {
                *slot = Some((count + 1, start));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_overlooked() {
        let seen = |text: &str| (0..text.len()).any(|at| begins(&text.as_bytes()[at..]));
        for word in SECRET.split(' ').chain(["auth"]) {
            assert!(seen(word), "{word}");
        }
        for pair in PAIRS.split(' ') {
            assert!(seen(&pair.replace('+', "")), "{pair}");
        }
        for word in KEYS.split(' ') {
            assert!(seen(&format!("{word}key")), "{word}");
        }
        assert!(!seen("description"));
    }

    #[test]
    fn words_are_short_enough_to_be_found() {
        for list in [SECRET, KEYS, ABOUT, COUNTED, FLAGS, GLUED] {
            assert!(list.split(' ').all(|word| !word.is_empty() && word.len() <= LONGEST), "{list}");
        }
    }

    #[test]
    fn words_written_together_are_taken_apart() {
        for (word, expected) in [
            ("clientsecret", Some("client secret")),
            ("dbpassword", Some("db password")),
            ("maxtokens", Some("max tokens")),
            ("passwordhash", Some("password hash")),
            ("secretary", None),
            ("tokenizer", None),
            ("password", None),
            ("keyboard", None),
        ] {
            assert_eq!(parts(word).map(|parts| parts.join(" ")).as_deref(), expected, "{word}");
        }
    }
}
