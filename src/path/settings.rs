//! Files of settings, and whether they hold a secret.

#![forbid(unsafe_code)]

use crate::secrets;
use std::io::{self, Read};

/// A longer file is not judged.
const MAX_BYTES: u64 = 256 << 10;

/// Whether a file of settings holds a secret: one by its shape, or anything but a placeholder under a name that says
/// so. `None` for a file that is too long to tell.
pub(super) fn holds_secret(file: impl Read) -> io::Result<Option<bool>> {
    let mut text = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Ok(None);
    }
    let mut found = false;
    secrets::scan(&text, |_, _, _| found = true);
    // UTF-16 has a NUL beside each letter: no name in it can be read.
    Ok(Some(found || text.contains(&0) || text.split(|byte| matches!(byte, b'\n' | b'\r')).any(is_secret)))
}

/// Whether a line gives a secret: `NAME=value`, `name: value`, `//host/:_authToken=value`.
fn is_secret(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    // What was taken out by hand may still be good.
    let line = line.strip_prefix(b"#").unwrap_or(line);
    let sign = memchr::memchr(b'=', line).or_else(|| memchr::memchr(b':', line));
    let Some((name, value)) = sign.and_then(|at| line.split_at_checked(at)) else { return false };
    let value = value.get(1..).unwrap_or_default().trim_ascii();
    let quote = value.first().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    let value = match quote {
        Some(quote) => value.get(1..).and_then(|rest| rest.split(|byte| byte == quote).next()),
        None => Some(value),
    };
    value.is_some_and(|value| secrets::is_held(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_under_names_of_secrets_are_secrets_unless_they_stand_for_one() {
        for (text, expected) in [
            ("", false),
            ("VITE_TITLE=My app\nPORT=3000\n", false),
            ("FOO=foo\nFOO_BAR=foo bar\n", false),
            ("registry=https://registry.npmjs.org/\nsave-exact=true\n", false),
            ("//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n", false),
            ("DB_PASSWORD=\n", false),
            ("DB_PASSWORD=\"\"\n", false),
            ("API_KEY=<your key>\n", false),
            ("DB_PASSWORD=password\n", false),
            ("secret_key_base: <%= ENV['SECRET_KEY_BASE'] %>\n", false),
            ("DB_PASSWORD=correcthorse\n", true),
            ("export DB_PASSWORD='x7'\n", false),
            ("export DB_PASSWORD='x7y'\n", true),
            ("# old: DB_PASSWORD=correcthorse\r\n", true),
            ("A=1\rAPI_TOKEN: zyx987\rB=2", true),
            ("//npm.corp.example/:_authToken=0f3c1e9a\n", true),
            ("//npm.corp.example/:_password=Y29ycmVjdA==\n", true),
            ("_auth = bWU6Y29ycmVjdA==\n", true),
            ("DATABASE_URL=postgres://me:correcthorse@db.corp.example/x\n", true),
            ("secret_key_base: 3b7cd727ee24e8444053437c36cc66c3\n", true),
            ("F\0O\0O\0=\0x\0", true),
        ] {
            assert_eq!(holds_secret(text.as_bytes()).expect("read"), Some(expected), "{text:?}");
        }
        assert_eq!(holds_secret(io::repeat(b'a').take(MAX_BYTES + 1)).expect("read"), None);
    }
}
