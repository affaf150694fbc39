//! What a regular expression lets through at most: the characters, the first ones, and whether it must have any.

#![forbid(unsafe_code)]

/// A set of ASCII characters.
type Set = u128;

/// Longer ones are not read (bytes), nor deeper ones.
const MAX_PATTERN: usize = 512;
const MAX_DEPTH: usize = 16;

/// What the strings can be that match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    all: Set,
    first: Set,
    nullable: bool,
}

impl Shape {
    /// The shape of what a pattern matches as a whole. `None` where that is not known: it has no anchors, or something
    /// else than characters, classes, groups and counts.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
        let is_plain = inner.is_ascii() && inner.len() <= MAX_PATTERN && !inner.ends_with('\\');
        let mut reader = Reader { rest: inner.as_bytes(), depth: 0 };
        let shape = reader.alternatives().filter(|_| is_plain && reader.rest.is_empty())?;
        // Anchors bind tighter than `|`.
        let is_one = !inner.contains('|') || inner.starts_with('(');
        Some(shape).filter(|_| is_one)
    }

    /// Whether every match is one plain word of a command.
    pub(super) fn is_word(self) -> bool {
        let plain = alphanumeric() | of("._/:@=+,-");
        !self.nullable && self.all & !plain == 0 && self.first & of("-") == 0
    }

    /// Whether every match is a name of one part.
    pub(super) fn is_identifier(self) -> bool {
        let digits = range(b'0', b'9');
        !self.nullable && self.all & !(alphanumeric() | of("_")) == 0 && self.first & digits == 0
    }

    const NOTHING: Self = Self { all: 0, first: 0, nullable: true };

    fn then(self, next: Self) -> Self {
        Self {
            all: self.all | next.all,
            first: if self.nullable { self.first | next.first } else { self.first },
            nullable: self.nullable && next.nullable,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            all: self.all | other.all,
            first: self.first | other.first,
            nullable: self.nullable || other.nullable,
        }
    }
}

fn range(from: u8, to: u8) -> Set {
    (from..=to).filter(u8::is_ascii).fold(0, |set, byte| set | 1 << byte)
}

fn of(characters: &str) -> Set {
    characters.bytes().fold(0, |set, byte| set | range(byte, byte))
}

fn alphanumeric() -> Set {
    range(b'a', b'z') | range(b'A', b'Z') | range(b'0', b'9')
}

struct Reader<'p> {
    rest: &'p [u8],
    depth: usize,
}

impl Reader<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn alternatives(&mut self) -> Option<Shape> {
        let mut shape = self.sequence()?;
        while self.eat(b'|') {
            shape = shape.or(self.sequence()?);
        }
        Some(shape)
    }

    fn sequence(&mut self) -> Option<Shape> {
        let mut shape = Shape::NOTHING;
        while !matches!(self.rest.first(), None | Some(b'|' | b')')) {
            let atom = self.atom()?;
            let nullable = self.may_be_absent()?;
            shape = shape.then(Shape { nullable: nullable || atom.nullable, ..atom });
        }
        Some(shape)
    }

    fn atom(&mut self) -> Option<Shape> {
        let set = match self.next()? {
            b'(' => return self.group(),
            b'[' => self.class()?,
            b'\\' => self.escape()?,
            b'.' | b'^' | b'$' | b'*' | b'+' | b'?' | b'{' | b'}' | b']' => return None,
            byte => range(byte, byte),
        };
        Some(Shape { all: set, first: set, nullable: false })
    }

    fn group(&mut self) -> Option<Shape> {
        if self.eat(b'?') && !self.eat(b':') {
            return None;
        }
        self.depth += 1;
        let shape = if self.depth > MAX_DEPTH { None } else { self.alternatives() }?;
        self.depth -= 1;
        self.eat(b')').then_some(shape)
    }

    fn class(&mut self) -> Option<Set> {
        let mut set = 0;
        if self.rest.starts_with(b"^") {
            return None;
        }
        loop {
            let low = match self.next()? {
                b']' => return Some(set).filter(|set| *set != 0),
                b'[' => return None,
                b'\\' => self.escape()?,
                byte => range(byte, byte),
            };
            let is_range = self.rest.first() == Some(&b'-') && self.rest.get(1) != Some(&b']');
            set |= if is_range {
                self.next();
                let high = match self.next()? {
                    b'\\' => self.escape()?,
                    byte => range(byte, byte),
                };
                if low.count_ones() != 1 || high.count_ones() != 1 {
                    return None;
                }
                let (low, high) = (low.trailing_zeros(), high.trailing_zeros());
                range(u8::try_from(low).ok()?, u8::try_from(high).ok()?)
            } else {
                low
            };
        }
    }

    fn escape(&mut self) -> Option<Set> {
        match self.next()? {
            b'd' => Some(range(b'0', b'9')),
            b'w' => Some(alphanumeric() | of("_")),
            byte if byte.is_ascii_punctuation() => Some(range(byte, byte)),
            _ => None,
        }
    }

    /// Reads how often; `None` where that cannot be read.
    fn may_be_absent(&mut self) -> Option<bool> {
        let absent = match self.rest.first() {
            Some(b'*' | b'?') => {
                self.next();
                true
            }
            Some(b'+') => {
                self.next();
                false
            }
            Some(b'{') => {
                let end = self.rest.iter().position(|byte| *byte == b'}')?;
                let count = self.rest.get(1..end)?;
                self.rest = self.rest.get(end + 1..)?;
                let least = count.split(|byte| *byte == b',').next()?;
                if least.is_empty() || !least.iter().all(u8::is_ascii_digit) {
                    return None;
                }
                least.iter().all(|byte| *byte == b'0')
            }
            _ => return Some(false),
        };
        // Lazy: the same strings match.
        self.eat(b'?');
        Some(absent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        for (pattern, word, identifier) in [
            ("^[A-Za-z_]+$", true, true),
            ("^[a-z][a-z0-9_]{0,62}$", true, true),
            ("^\\w+$", true, false),
            ("^[a-z0-9-]+$", false, false),
            ("^[a-z0-9][a-z0-9-]*$", true, false),
            ("^[0-9]{4}-[0-9]{2}$", true, false),
            ("^v?\\d+\\.\\d+$", true, false),
            ("^(?:main|dev)$", true, true),
            ("^(a|b)+$", true, true),
            ("^a-?$", true, false),
            ("^-?a$", false, false),
            ("^[a-z]*$", false, false),
            ("^[a-z]{0,3}$", false, false),
            ("^$", false, false),
            ("^[a-z]+?$", true, true),
            ("^[\\w.-]+$", false, false),
            ("^\\w[\\w.-]+$", true, false),
            ("^[ a]+$", false, false),
            ("^/[a-z/]+$", true, false),
        ] {
            let shape = Shape::of(pattern).unwrap_or_else(|| panic!("{pattern}"));
            assert_eq!((shape.is_word(), shape.is_identifier()), (word, identifier), "{pattern}");
        }
    }

    #[test]
    fn what_is_not_understood_says_nothing() {
        for pattern in [
            "",
            "^",
            "$",
            "[a-z]+",
            "^[a-z]+",
            "[a-z]+$",
            "^.*$",
            "^a.b$",
            "^[^a]$",
            "^(?=a)a$",
            "^(?!a)$",
            "^\\s$",
            "^a|b$",
            "^é$",
            "^[a-$",
            "^(a$",
            "^a)$",
            "^a\\$",
            "^[]$",
            "^[z-a]$",
            "^a{$",
            "^a{,3}$",
            "^a{x}$",
            "^\\1$",
            "^\\x41$",
            "^[[:alpha:]]$",
            "^*$",
            "^(a)|(b)$x",
            "^[\\d-z]$",
            "^a**$",
            "^a$b$",
        ] {
            assert_eq!(Shape::of(pattern), None, "{pattern}");
        }
        assert_eq!(Shape::of(&format!("^{}a{}$", "(".repeat(100), ")".repeat(100))), None);
        assert_eq!(Shape::of(&format!("^{}$", "a".repeat(1000))), None);
    }
}
