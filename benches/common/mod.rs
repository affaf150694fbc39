//! Documents that the benchmarks read.

/// An object with many small members of mixed types, of about `bytes` bytes. `seed` changes its values.
pub(crate) fn structure(bytes: usize, seed: u64) -> Vec<u8> {
    let mut out = String::from("{");
    let mut state = seed | 1;
    let mut number = 0;
    while out.len() + 1 < bytes {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let value = state >> 33;
        if number > 0 {
            out.push(',');
        }
        let member = match number % 6 {
            0 => format!(r#""id{number}":{}"#, value % 100_000),
            1 => format!(r#""name{number}":"user {}""#, value % 1000),
            2 => format!(r#""on{number}":{}"#, value.is_multiple_of(2)),
            3 => format!(r#""ratio{number}":{}.{}"#, value % 10, value % 97),
            4 => format!(r#""tags{number}":["a{}","b",null]"#, value % 10),
            _ => format!(r#""at{number}":{{"x":{},"y":-{}}}"#, value % 500, value % 50),
        };
        out.push_str(&member);
        number += 1;
    }
    out.push('}');
    out.into_bytes()
}

/// An object with one long string of `bytes` letters, digits and spaces.
pub(crate) fn blob(bytes: usize, seed: u64) -> Vec<u8> {
    let mut out = br#"{"text":""#.to_vec();
    let mut state = seed | 1;
    while out.len() + 2 < bytes {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let letter = (state >> 33) % 37;
        out.push(b"abcdefghijklmnopqrstuvwxyz0123456789 "[usize::try_from(letter).unwrap()]);
    }
    out.extend_from_slice(b"\"}");
    out
}

/// The sizes of the tables (bytes).
pub(crate) const SIZES: [(&str, usize); 6] = [
    ("23 B", 23),
    ("250 B", 250),
    ("1 KB", 1 << 10),
    ("4 KB", 4 << 10),
    ("64 KB", 64 << 10),
    ("1 MB", 1 << 20),
];
