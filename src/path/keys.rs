//! Private keys, told by their content.

#![forbid(unsafe_code)]

use std::borrow::Cow;
use std::io::{self, Read};

/// Bytes that are looked at together.
const CHUNK: usize = 64 << 10;
/// Bytes that are looked at again with the next ones: more than the line that opens a key has, in UTF-16 too.
const OVERLAP: usize = 512;
/// Bytes that are looked at in all.
const MAX_BYTES: usize = 64 << 20;

/// Whether a file holds a private key, wherever it stands; `None` for a file that is too long to tell.
pub(super) fn holds_private_key(mut file: impl Read) -> io::Result<Option<bool>> {
    let mut buffer = vec![0; OVERLAP + CHUNK];
    let (mut kept, mut all) = (0, 0);
    loop {
        let end = fill(&mut file, &mut buffer, kept)?;
        if end == kept {
            return Ok(Some(false));
        }
        let text = buffer.get(..end).unwrap_or_default();
        if (all == 0 && is_der_key(text)) || is_armoured(text) {
            return Ok(Some(true));
        }
        all += end - kept;
        if all > MAX_BYTES {
            return Ok(None);
        }
        kept = end.min(OVERLAP);
        buffer.copy_within(end - kept..end, 0);
    }
}

/// Reads until the buffer is full or nothing more comes; answers the end of what it holds.
fn fill(file: &mut impl Read, buffer: &mut [u8], mut end: usize) -> io::Result<usize> {
    while let Some(rest) = buffer.get_mut(end..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => end += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(end)
}

/// Whether a private key starts in the text: PEM (PKCS#1, PKCS#8, SEC1, OpenSSH, PGP), SSH2, `PuTTY` and age.
fn is_armoured(start: &[u8]) -> bool {
    // UTF-16 is the same text with a NUL beside each byte.
    let text: Cow<'_, [u8]> = if start.contains(&0) {
        start.iter().copied().filter(|byte| *byte != 0).collect()
    } else {
        Cow::Borrowed(start)
    };
    let start = &*text;
    let armoured = start.split(|byte| matches!(byte, b'\n' | b'\r')).any(|line| {
        let begin = memchr::memmem::find(line, b"BEGIN").and_then(|at| line.get(at..));
        begin.is_some_and(|text| memchr::memmem::find(text, b"PRIVATE KEY").is_some())
    });
    let has = |text: &[u8]| memchr::memmem::find(start, text).is_some();
    armoured || has(b"PuTTY-User-Key-File-") || has(b"AGE-SECRET-KEY-1")
}

/// Keys in DER are a SEQUENCE that starts with a version of one byte (PKCS#8, PKCS#1, SEC1, PKCS#12) or with
/// the algorithm of an encryption by password (PKCS#8). Certificates, requests and public keys start otherwise.
fn is_der_key(start: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = start else { return false };
    let more = if *length < 0x80 { 0 } else { usize::from(*length - 0x80) };
    matches!(
        rest.get(more..),
        Some(
            [0x02, 0x01, 0..=3, 0x02 | 0x04 | 0x30, ..]
                | [0x30, _, 0x06, _, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05 | 0x0C, ..]
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter;

    fn holds_private_key(start: &[u8]) -> bool {
        super::holds_private_key(start).expect("bytes can be read").expect("a short text")
    }

    #[test]
    fn a_key_is_found_wherever_it_stands() {
        let key = b"-----BEGIN PRIVATE KEY-----\n";
        for before in (0..200).map(|more| CHUNK - 100 + more).chain([0, 1, 3 * CHUNK, 5 << 20]) {
            let text = [&b"# a certificate\n".repeat(before / 16 + 1)[..before], b"\n", key].concat();
            assert!(holds_private_key(&text), "{before}");
            assert!(!holds_private_key(&text[..before]), "{before}");
        }
        let endless = io::repeat(b'a').take(1 << 30);
        assert_eq!(super::holds_private_key(endless).expect("read"), None);
    }

    #[test]
    fn private_keys_are_told_from_certificates() {
        for (start, key) in [
            ("-----BEGIN PRIVATE KEY-----\n", true),
            ("-----BEGIN RSA PRIVATE KEY-----\n", true),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----", true),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", true),
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----", true),
            ("Bag Attributes\n    x\n-----BEGIN EC PRIVATE KEY-----", true),
            ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", true),
            ("PuTTY-User-Key-File-3: ssh-ed25519", true),
            ("-----BEGIN CERTIFICATE-----\n", false),
            ("-----BEGIN PUBLIC KEY-----\n", false),
            ("# put your PRIVATE KEY here\n", false),
            ("BEGIN\nPRIVATE KEY", false),
            ("PRIVATE KEY BEGIN", false),
            ("", false),
            ("\u{FEFF}\n\n-----BEGIN PRIVATE KEY-----\n", true),
        ] {
            assert_eq!(holds_private_key(start.as_bytes()), key, "{start}");
            // As some shells redirect text.
            let units = || iter::once(0xFEFF).chain(start.encode_utf16());
            for utf16 in [
                units().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
                units().flat_map(u16::to_be_bytes).collect(),
            ] {
                assert_eq!(holds_private_key(&utf16), key, "{start} in UTF-16");
            }
        }
    }
    #[test]
    fn private_keys_in_der_are_told_from_what_else_is_in_der() {
        for (what, start, key) in [
            ("PKCS#8, RSA", &b"\x30\x82\x04\xBD\x02\x01\x00\x30\x0D\x06\x09"[..], true),
            ("PKCS#8, Ed25519", b"\x30\x2E\x02\x01\x00\x30\x05\x06\x03\x2B\x65\x70", true),
            ("PKCS#8 with its public key", b"\x30\x51\x02\x01\x01\x30\x05\x06\x03", true),
            ("PKCS#8, encrypted", b"\x30\x81\xEC\x30\x57\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0D", true),
            (
                "PKCS#8, encrypted as in PKCS#12",
                b"\x30\x81\xEC\x30\x1C\x06\x0A\x2A\x86\x48\x86\xF7\x0D\x01\x0C\x01\x03",
                true,
            ),
            ("PKCS#1", b"\x30\x82\x04\xA4\x02\x01\x00\x02\x82\x01\x01\x00", true),
            ("SEC1", b"\x30\x77\x02\x01\x01\x04\x20", true),
            ("PKCS#12", b"\x30\x82\x0A\x3F\x02\x01\x03\x30\x82", true),
            ("a certificate", b"\x30\x82\x03\x05\x30\x82\x01\xED\xA0\x03\x02\x01\x02", false),
            ("a certificate, version 1", b"\x30\x82\x03\x05\x30\x82\x01\xED\x02\x09\x00", false),
            ("a request", b"\x30\x81\xF0\x30\x81\x9A\x02\x01\x00\x30", false),
            ("a public key", b"\x30\x82\x01\x22\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01", false),
            ("a public key, PKCS#1", b"\x30\x82\x01\x0A\x02\x82\x01\x01\x00", false),
            ("cut off", b"\x30\x82\x04", false),
            ("a length of lengths", b"\x30\xFF\x02\x01\x00\x30", false),
            ("text", b"0\n", false),
        ] {
            assert_eq!(holds_private_key(start), key, "{what}");
        }
    }
}
