//! Numbers: the grammar of RFC 8259 section 6, and whether JavaScript can hold the value.

/// What a number is to a reader that keeps doubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// Kept, or rounded as every fraction is.
    Fits,
    /// An integer beyond 2^53-1: neighbours become equal.
    Unsafe,
    /// Beyond the largest finite double: becomes Infinity.
    Overflow,
}

/// 2^53-1 has this many digits; fewer always fit.
const SAFE_DIGITS: usize = 15;
const MAX_SAFE: u64 = (1 << 53) - 1;

/// Reads a number of few digits and no exponent, as nearly all are: its end. Anything else is left to
/// [`scan`], and so is what follows the number.
#[inline(always)]
pub(super) fn scan_short(bytes: &[u8], start: usize) -> Option<usize> {
    let first = start + usize::from(bytes.get(start) == Some(&b'-'));
    let end = short_digits(bytes, first)?;
    if end - first > 1 && bytes.get(first) == Some(&b'0') {
        return None;
    }
    if bytes.get(end) == Some(&b'.') { short_digits(bytes, end + 1) } else { Some(end) }
}

/// The end of one to seven digits at `at`.
#[inline(always)]
fn short_digits(bytes: &[u8], at: usize) -> Option<usize> {
    let word = <[u8; 8]>::try_from(bytes.get(at..at + 8)?).ok()?;
    let other = not_digits(u64::from_le_bytes(word));
    if other == 0 || other & 0x80 != 0 { None } else { Some(at + (other.trailing_zeros() / 8) as usize) }
}

/// Reads the number that starts at `start`. Gives its end and range, or the offset of the first byte that
/// does not belong.
#[inline]
pub(super) fn scan(bytes: &[u8], start: usize) -> Result<(usize, Range), usize> {
    let mut at = start;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    let first = at;
    at = digits(bytes, at);
    if at == first || (at - first > 1 && bytes.get(first) == Some(&b'0')) {
        // No digit, or a second one behind a leading zero.
        return Err(if at == first { first } else { first + 1 });
    }
    let integer_digits = at - first;
    match bytes.get(at) {
        Some(b'.' | b'e' | b'E') => {
            let end = fraction(bytes, at)?;
            Ok((
                end,
                if integer_digits < 300 && !has_exponent(bytes, at, end) {
                    Range::Fits
                } else {
                    slow_range(bytes, start, end)
                },
            ))
        }
        _ if integer_digits <= SAFE_DIGITS => Ok((at, Range::Fits)),
        _ => Ok((at, integer_range(bytes, first, at))),
    }
}

/// Whether a text is one number, as JSON writes it.
pub(crate) fn is_number(text: &[u8]) -> bool {
    scan(text, 0).is_ok_and(|(end, _)| end == text.len())
}

/// The end of the digits at `at`, eight at a time.
#[inline(always)]
fn digits(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = bytes.get(at..at + 8).and_then(|word| <[u8; 8]>::try_from(word).ok()) {
        let other = not_digits(u64::from_le_bytes(word));
        if other != 0 {
            return at + (other.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// The high bit of every byte that is no digit, exact up to the first one.
#[inline(always)]
fn not_digits(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let offset = word ^ (ONES * 0x30);
    // Digits are 0 to 9 now; adding 0x76 carries anything larger into the high bit. A carry out of a byte
    // comes from one that is no digit, so that only what lies behind it is spoilt.
    (offset.wrapping_add(ONES * 0x76) | offset) & (ONES * 0x80)
}

/// The end of `[.digits][e[+-]digits]` at `at`.
fn fraction(bytes: &[u8], mut at: usize) -> Result<usize, usize> {
    if bytes.get(at) == Some(&b'.') {
        let from = at + 1;
        at = digits(bytes, from);
        if at == from {
            return Err(from);
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let from = match bytes.get(at + 1) {
            Some(b'+' | b'-') => at + 2,
            _ => at + 1,
        };
        at = digits(bytes, from);
        if at == from {
            return Err(from);
        }
    }
    Ok(at)
}

fn has_exponent(bytes: &[u8], from: usize, to: usize) -> bool {
    bytes.get(from..to).is_some_and(|part| part.iter().any(|byte| matches!(byte, b'e' | b'E')))
}

/// Whether the integer `first..end` (digits alone) is at most 2^53-1.
fn integer_range(bytes: &[u8], first: usize, end: usize) -> Range {
    let digits = bytes.get(first..end).and_then(|digits| std::str::from_utf8(digits).ok());
    match digits.map(str::parse::<u64>) {
        Some(Ok(value)) if value <= MAX_SAFE => Range::Fits,
        _ if end - first < 300 => Range::Unsafe,
        _ => match slow_range(bytes, first, end) {
            Range::Overflow => Range::Overflow,
            _ => Range::Unsafe,
        },
    }
}

/// By reading the value. Linear: the standard parser keeps a bounded number of digits.
fn slow_range(bytes: &[u8], start: usize, end: usize) -> Range {
    let text = bytes.get(start..end).and_then(|text| std::str::from_utf8(text).ok());
    match text.map(str::parse::<f64>) {
        Some(Ok(value)) if value.is_finite() => Range::Fits,
        _ => Range::Overflow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar_and_range() {
        for (text, expected) in [
            ("0", Ok((1, Range::Fits))),
            ("-0", Ok((2, Range::Fits))),
            ("12,", Ok((2, Range::Fits))),
            ("1.5e3]", Ok((5, Range::Fits))),
            ("1E-7", Ok((4, Range::Fits))),
            ("999999999999999", Ok((15, Range::Fits))),
            ("9007199254740991", Ok((16, Range::Fits))),
            ("9007199254740992", Ok((16, Range::Unsafe))),
            ("-9007199254740991", Ok((17, Range::Fits))),
            ("-9007199254740993", Ok((17, Range::Unsafe))),
            ("18446744073709551616", Ok((20, Range::Unsafe))),
            ("1e308", Ok((5, Range::Fits))),
            ("1e309", Ok((5, Range::Overflow))),
            ("-1e999", Ok((6, Range::Overflow))),
            ("1e-999", Ok((6, Range::Fits))),
            ("0.1e99999999999999999999", Ok((24, Range::Overflow))),
            ("1.7976931348623159e308", Ok((22, Range::Overflow))),
            ("", Err(0)),
            ("-", Err(1)),
            ("-a", Err(1)),
            ("01", Err(1)),
            ("-01", Err(2)),
            ("1.", Err(2)),
            (".5", Err(0)),
            ("1.e1", Err(2)),
            ("1e", Err(2)),
            ("1e+", Err(3)),
            ("+1", Err(0)),
        ] {
            assert_eq!(scan(text.as_bytes(), 0), expected, "{text}");
            // With room behind it the short way may answer, and then it answers the same.
            let roomy = format!("{text}]        ");
            if let Some(end) = scan_short(roomy.as_bytes(), 0).filter(|end| roomy.as_bytes()[*end] == b']') {
                assert_eq!(expected, Ok((end, Range::Fits)), "{text}");
            }
        }
        let long = "9".repeat(309);
        assert_eq!(scan(long.as_bytes(), 0), Ok((309, Range::Overflow)));
        assert_eq!(scan(&long.as_bytes()[1..], 0), Ok((308, Range::Unsafe)));
        let long = format!("{}.5", "9".repeat(309));
        assert_eq!(scan(long.as_bytes(), 0), Ok((311, Range::Overflow)));
    }
}
