//! Passwords in connection strings that are lists of settings: `Server=db;User Id=app;Password=x`,
//! `host=db user=app password=x`.

#![forbid(unsafe_code)]

use super::Report;
use super::placeholder::is_example_password;
use crate::rules::Rule;
use std::ops::Range;

/// How a password is called.
const PASSWORDS: &[&[u8]] = &[b"password", b"passwd", b"pwd"];

/// Settings of which one at least stands beside it.
const BESIDE: &[&[u8]] = &[
    b"server",
    b"data source",
    b"datasource",
    b"host",
    b"hostaddr",
    b"addr",
    b"address",
    b"network address",
    b"database",
    b"dbname",
    b"initial catalog",
    b"user",
    b"user id",
    b"userid",
    b"username",
    b"uid",
    b"port",
    b"driver",
    b"dsn",
    b"accountname",
];

/// Bytes before and behind the password in which they are looked for.
const NEAR: usize = 192;
/// The longest password (bytes).
const LONGEST: usize = 256;

pub(crate) fn scan(text: &[u8], report: &mut impl Report) {
    for sign in memchr::memchr_iter(b'=', text) {
        if let Some(range) = password(text, sign) {
            report(Rule::SecretConnection, range, "a password in a connection string");
        }
    }
}

/// The password behind a sign, where the text around it is a connection string.
fn password(text: &[u8], sign: usize) -> Option<Range<usize>> {
    let before = text.get(..sign)?;
    let name = PASSWORDS.iter().find(|name| {
        before
            .len()
            .checked_sub(name.len())
            .and_then(|at| before.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
    })?;
    let start = sign - name.len();
    let begins =
        start == 0 || matches!(text.get(start - 1), Some(b';' | b' ' | b'"' | b'\'' | b'\n' | b'\t'));
    let rest = text.get(sign + 1..(sign + 1 + LONGEST).min(text.len()))?;
    let (open, end) = if let quote @ (b'"' | b'\'') = rest.first()? {
        (1, 1 + rest.get(1..)?.iter().position(|byte| byte == quote)?)
    } else {
        let end = rest.iter().position(|byte| is_end(*byte));
        (0, end.or_else(|| (rest.len() < LONGEST).then_some(rest.len()))?)
    };
    let value = rest.get(open..end)?;
    let closed = rest.get(end).is_none_or(|byte| !matches!(byte, b',' | b')' | b'('));
    let stands_for_one =
        is_example_password(value) || value.iter().any(|byte| matches!(byte, b'(' | b')' | b'[' | b'{'));
    if !begins || !closed || stands_for_one {
        return None;
    }
    let line = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let from = start.saturating_sub(NEAR);
    let front = text.get(from..start)?;
    let front = front.rsplit(line).next()?;
    let after = sign + 1 + end;
    let back = text.get(after..(after + NEAR).min(text.len()))?;
    let back = back.split(line).next()?;
    let is_list = [front, back].into_iter().any(|part| settings(part).any(is_beside));
    is_list.then(|| sign + 1 + open..after)
}

fn is_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b';' | b'"' | b'\'' | b'&' | b'<' | b'`' | b',' | b')')
}

/// The names in a list of settings: what stands before a sign, up to a separator. A space on either side of the sign is
/// of code.
fn settings(part: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memchr_iter(b'=', part).filter_map(|sign| {
        let before = part.get(..sign)?;
        let is_tight = part.get(sign + 1).is_some_and(|byte| !byte.is_ascii_whitespace());
        let name = before.rsplit(|byte| matches!(byte, b';' | b'"' | b'\'' | b'?')).next()?;
        (is_tight && !name.ends_with(b" ")).then_some(name)
    })
}

/// Whether a name, or the last word of one, is that of such a setting.
fn is_beside(name: &[u8]) -> bool {
    let name = name.trim_ascii();
    let last = name.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    BESIDE.iter().any(|known| known.eq_ignore_ascii_case(name) || known.eq_ignore_ascii_case(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_those_of_connection_strings() {
        for (text, expected) in [
            ("Server=db.corp;Database=x;User Id=sa;Password=correcthorse;Encrypt=true", Some("correcthorse")),
            ("Data Source=db;pwd='correct horse'", Some("correct horse")),
            ("Password=correcthorse;Server=tcp:db,1433", Some("correcthorse")),
            ("host=db user=app password=correcthorse dbname=x", Some("correcthorse")),
            ("dsn: \"host=db PASSWORD=correcthorse\"", Some("correcthorse")),
            ("jdbc:sqlserver://db;user=sa;password=correcthorse", Some("correcthorse")),
            ("Driver={ODBC Driver 18};Server=db;Uid=sa;Pwd=correcthorse", Some("correcthorse")),
            ("Server=db;Password=<password>;", None),
            ("Server=db;Password=password;", None),
            ("Server=db;Password=${DB_PASSWORD};", None),
            ("Server=db;Password={0};", None),
            ("connect(host=db, user=app, password=secretly)", None),
            ("connect(host=db, password=getpass())", None),
            ("password=correcthorse", None),
            ("password=correcthorse\nhost=db", None),
            ("host = db; password = correcthorse;", None),
            ("resetPassword=correcthorse;host=db", None),
            ("Server=db;Password=", None),
            ("=", None),
        ] {
            let mut found = None;
            scan(text.as_bytes(), &mut |_, range: Range<usize>, _| found = text.get(range));
            assert_eq!(found, expected, "{text}");
        }
    }
}
