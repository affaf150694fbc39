//! Passwords in connection strings that are lists of settings: `Server=db;User Id=app;Password=x`,
//! `host=db user=app password=x`, `jdbc:postgresql://db/x?user=app&password=x`.

#![forbid(unsafe_code)]

use super::Report;
use super::chars::{self, ALNUM, DASHED, DIGIT};
use super::held::Held;
use super::placeholder::is_example_password;
use super::url::is_store;
use crate::rules::Rule;
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// How a password is called.
const PASSWORDS: &[&[u8]] = &[
    b"password",
    b"passwd",
    b"pwd",
    b"sslpassword",
    b"proxypassword",
    b"keystorepassword",
    b"truststorepassword",
];

/// Settings of which one at least stands beside it.
const BESIDE: &[&[u8]] = &[
    b"server",
    b"data source",
    b"datasource",
    b"host",
    b"hostaddr",
    b"hostname",
    b"addr",
    b"address",
    b"network address",
    b"database",
    b"databasename",
    b"dbname",
    b"dbq",
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
    b"abortconnect",
    b"defaultdatabase",
];

/// Bytes before and behind the password in which they are looked for.
const NEAR: usize = 192;
/// The longest password (bytes).
const LONGEST: usize = 256;
const WHAT: &str = "a password in a connection string";

pub(crate) fn scan(text: &[u8], report: &mut impl Report) {
    for sign in memchr::memchr_iter(b'=', text) {
        if let Some(range) = password(text, sign) {
            report(Rule::SecretConnection, range, WHAT);
        }
    }
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| THIN.find(rest)) {
        from += at + THIN.needle().len();
        if let Some(range) = oracle(text, from) {
            report(Rule::SecretConnection, range, WHAT);
        }
    }
}

/// Builds what looks for them.
pub(super) fn warm() {
    LazyLock::force(&THIN);
}

static THIN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("jdbc:oracle:"));

/// The password of `jdbc:oracle:thin:user/password@host`, from the driver on.
fn oracle(text: &[u8], from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..text.len().min(from + LONGEST))?;
    let colon = memchr::memchr(b':', rest)? + 1;
    let slash = colon + memchr::memchr(b'/', rest.get(colon..)?)?;
    let end = slash + 1 + memchr::memchr(b'@', rest.get(slash + 1..)?)?;
    let user = rest.get(..slash)?;
    let value = rest.get(slash + 1..end)?;
    let is_login = |part: &[u8]| !part.iter().any(|byte| is_end(*byte) || *byte == b'@');
    let fits =
        colon < slash && is_login(user) && is_login(value) && value != b"tiger" && !stands_for_one(value);
    fits.then_some(from + slash + 1..from + end)
}

/// How the settings of a string are parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parted {
    /// By semicolons or white space.
    Plainly,
    /// By commas without a space: with one they are arguments of code.
    ByCommas,
    /// As the parameters of an address.
    AsQuery,
}

/// The password behind a sign, where the text around it is a connection string.
fn password(text: &[u8], sign: usize) -> Option<Range<usize>> {
    let before = text.get(..sign)?;
    // The longest name: a shorter one may be its end.
    let start = PASSWORDS
        .iter()
        .filter_map(|name| {
            let start = before.len().checked_sub(name.len())?;
            before.get(start..)?.eq_ignore_ascii_case(name).then_some(start)
        })
        .min()?;
    let parted = match start.checked_sub(1).and_then(|at| text.get(at)) {
        None | Some(b';' | b' ' | b'"' | b'\'' | b'\n' | b'\t' | b':') => Parted::Plainly,
        Some(b'&' | b'?') => Parted::AsQuery,
        Some(b',') => Parted::ByCommas,
        Some(_) => return None,
    };
    let value = value(text, sign, start, parted)?;
    let line = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let from = start.saturating_sub(NEAR);
    let front = text.get(from..start)?;
    let front = front.rsplit(line).next()?;
    let back = text.get(value.end..(value.end + NEAR).min(text.len()))?;
    let back = back.split(line).next()?;
    let is_list = match parted {
        Parted::AsQuery => is_address_of_store(front),
        Parted::ByCommas if front.contains(&b'(') => false,
        Parted::ByCommas => {
            is_host_with_port(front) || [front, back].into_iter().any(|part| settings(part).any(is_beside))
        }
        Parted::Plainly => [front, back].into_iter().any(|part| settings(part).any(is_beside)),
    };
    is_list.then_some(value)
}

/// The bytes of a value behind the sign that stands behind its name.
fn value(text: &[u8], sign: usize, name: usize, parted: Parted) -> Option<Range<usize>> {
    let rest = text.get(sign + 1..(sign + 1 + LONGEST).min(text.len()))?;
    let close = match rest.first()? {
        quote @ (b'"' | b'\'') => Some(*quote),
        // A brace quotes in ODBC and JDBC, and opens the name of a variable elsewhere.
        b'{' => Some(b'}'),
        _ => None,
    };
    let (open, end) = if let Some(close) = close {
        (1, 1 + memchr::memchr(close, rest.get(1..)?)?)
    } else {
        let end = rest.iter().position(|byte| is_end(*byte));
        let end = end.or_else(|| (rest.len() < LONGEST).then_some(rest.len()))?;
        (0, if parted == Parted::Plainly { with_spaces(text, name, rest, end) } else { end })
    };
    let value = rest.get(open..end)?;
    let closed = match (parted, rest.get(end)) {
        (Parted::ByCommas, Some(b',')) => rest.get(end + 1).is_some_and(u8::is_ascii_alphabetic),
        (Parted::AsQuery, Some(b')')) => true,
        (_, Some(b',' | b')' | b'(')) => false,
        _ => true,
    };
    let stays = match close {
        Some(b'}') => !Held::Password.fits(value),
        _ => stands_for_one(value),
    };
    (closed && !stays).then_some(sign + 1 + open..sign + 1 + end)
}

/// The end of a value that goes on behind a space, up to the semicolon of the next setting.
fn with_spaces(text: &[u8], name: usize, rest: &[u8], end: usize) -> usize {
    let in_list = name.checked_sub(1).and_then(|at| text.get(at)) == Some(&b';');
    if !in_list || rest.get(end) != Some(&b' ') {
        return end;
    }
    let Some(more) = rest
        .get(end..)
        .and_then(|more| more.iter().position(|byte| matches!(byte, b';' | b'=' | b'"' | b'\'' | b'\n')))
    else {
        return end;
    };
    let semicolon = end + more;
    let behind = rest.get(semicolon + 1..).unwrap_or_default();
    let setting = behind.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b' ').count();
    let goes_on = setting > 0 && behind.get(setting) == Some(&b'=');
    if rest.get(semicolon) == Some(&b';') && goes_on { semicolon } else { end }
}

/// Whether a password is one of an example, a call or a variable.
fn stands_for_one(value: &[u8]) -> bool {
    is_example_password(value) || value.iter().any(|byte| matches!(byte, b'(' | b')' | b'[' | b'{'))
}

fn is_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b';' | b'"' | b'\'' | b'&' | b'<' | b'`' | b',' | b')')
}

/// Whether a text ends in an address of a database, up to its parameters.
fn is_address_of_store(front: &[u8]) -> bool {
    let word =
        front.rsplit(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'('));
    let word = word.into_iter().next().unwrap_or_default();
    let start = memchr::memmem::find(word, b"jdbc:");
    let scheme = |mark: usize| {
        let name = word.get(..mark).unwrap_or_default();
        name.get(mark - chars::span_back(name, mark, ALNUM, 16)..).is_some_and(is_store)
    };
    start.is_some() || memchr::memmem::find(word, b"://").is_some_and(scheme)
}

/// Whether a list begins with `host:port,`.
fn is_host_with_port(front: &[u8]) -> bool {
    let first = front.split(|byte| *byte == b',').next().unwrap_or_default();
    let digits = chars::span_back(first, first.len(), DIGIT, 5);
    let sign = first.len() - digits;
    (2..=5).contains(&digits)
        && sign.checked_sub(1).and_then(|at| first.get(at)) == Some(&b':')
        && sign >= 2
        && chars::at(first, sign - 2, DASHED)
}

/// The names in a list of settings: what stands before a sign, up to a separator. A space on either side of the sign is
/// of code.
fn settings(part: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memchr_iter(b'=', part).filter_map(|sign| {
        let before = part.get(..sign)?;
        let is_tight = part.get(sign + 1).is_some_and(|byte| !byte.is_ascii_whitespace());
        let name =
            before.rsplit(|byte| matches!(byte, b';' | b'"' | b'\'' | b'?' | b'&' | b',' | b':')).next()?;
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
            ("jdbc:postgresql://db/x?user=a&password=correcthorse", Some("correcthorse")),
            ("jdbc:postgresql://db/x?user=a&password=correcthorse&ssl=true", Some("correcthorse")),
            ("DB_URL=jdbc:mysql://db/x?password=correcthorse", Some("correcthorse")),
            ("(jdbc:mysql://db/x?user=a&sslPassword=correcthorse)", Some("correcthorse")),
            ("jdbc:db2://db:50000/x:user=a;password=correcthorse;", Some("correcthorse")),
            ("jdbc:db2://db:50000/x:password=correcthorse;user=a;", Some("correcthorse")),
            ("postgresql:///x?host=/run&user=a&password=correcthorse", Some("correcthorse")),
            ("jdbc:sqlserver://db;user=sa;password={c0rrect;horse};", Some("c0rrect;horse")),
            ("Driver={x};Server=db;Uid=sa;Pwd={c0rrect-horse};", Some("c0rrect-horse")),
            ("Server=db;User Id=a;Password=correct horse;Database=d", Some("correct horse")),
            ("cache.corp.net:6380,password=correcthorse,ssl=True", Some("correcthorse")),
            ("cache:6379,password=correcthorse", Some("correcthorse")),
            ("jdbc:oracle:thin:scott/correcthorse@//db:1521/x", Some("correcthorse")),
            ("jdbc:oracle:oci8:scott/correcthorse@db", Some("correcthorse")),
            ("jdbc:oracle:thin:scott/tiger@//db:1521/x", None),
            ("jdbc:oracle:thin:@//db:1521/x@y", None),
            ("jdbc:oracle:thin:<user>/<password>@//db:1521/x", None),
            ("jdbc:postgresql://db/x?user=a&password=", None),
            ("jdbc:postgresql://db/x?user=a&password={password}", None),
            ("jdbc:postgresql://db/x?user=%s&password=%s", None),
            ("jdbc:postgresql://db/x?user=a&password=${DB_PASSWORD}&x=y", None),
            ("jdbc:postgresql://db/x?user=a&password=****", None),
            ("jdbc:postgresql://db/x?user=a&password=changeme", None),
            ("https://example.com/docs?user=a&password=correcthorse", None),
            ("connect(db, user='a',password=secretly)", None),
            ("get(host,password=secretly,timeout=3)", None),
            ("Server=db;Password={0};", None),
            ("Server=db;Pwd={your_password_here};", None),
            ("Server=db;Password={password};", None),
            ("Server=db;Pwd={dbPassword};", None),
            ("Server=db;Password=<your password>;Database=d", None),
            ("Server=db;Password=your password here;Database=d", None),
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
