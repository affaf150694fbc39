//! Numbers as the policy's own reader (`serde_json`) takes them: whole ones that fit 64 bits exactly, others as
//! doubles.

use jsonschema::json::JsonNumber;
use std::borrow::Cow;

/// A number of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number<'a> {
    text: &'a str,
    pub(super) kind: Kind,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Positive(u64),
    /// Below 0.
    Negative(i64),
    /// With a fraction or an exponent, `-0`, or too large for the others. Infinite beyond the largest double:
    /// a policy may let those pass, and then they are above every maximum.
    Double(f64),
}

impl<'a> Number<'a> {
    #[inline]
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, kind: short(text).map_or_else(|| any(text), Kind::Positive) }
    }
}

/// A whole number of few digits, as most are.
#[inline(always)]
fn short(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.bytes().try_fold(0, |value: u64, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + u64::from(digit))
    })
}

fn any(text: &str) -> Kind {
    if let Ok(value) = text.parse::<u64>() {
        return Kind::Positive(value);
    }
    match text.parse::<i64>() {
        Ok(value) if value < 0 => Kind::Negative(value),
        // Not a number cannot be written.
        _ => Kind::Double(text.parse().unwrap_or(f64::INFINITY)),
    }
}

impl JsonNumber for Number<'_> {
    #[inline]
    fn as_u64(&self) -> Option<u64> {
        match self.kind {
            Kind::Positive(value) => Some(value),
            _ => None,
        }
    }

    #[inline]
    fn as_i64(&self) -> Option<i64> {
        match self.kind {
            Kind::Positive(value) => i64::try_from(value).ok(),
            Kind::Negative(value) => Some(value),
            Kind::Double(_) => None,
        }
    }

    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "the nearest double is what is asked for")]
    fn as_f64(&self) -> Option<f64> {
        Some(match self.kind {
            Kind::Positive(value) => value as f64,
            Kind::Negative(value) => value as f64,
            Kind::Double(value) => value,
        })
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.text)
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(match self.kind {
            Kind::Positive(value) => value.into(),
            Kind::Negative(value) => value.into(),
            Kind::Double(value) => serde_json::Number::from_f64(value)
                .or_else(|| serde_json::Number::from_f64(f64::MAX.copysign(value)))
                .unwrap_or_else(|| 0.into()),
        })
    }

    #[inline]
    fn is_integer(&self) -> bool {
        match self.kind {
            Kind::Positive(_) | Kind::Negative(_) => true,
            Kind::Double(value) => value.is_finite() && value.fract() == 0.0,
        }
    }

    fn is_written_as_integer(&self) -> bool {
        !self.text.contains(['.', 'e', 'E'])
    }
}
