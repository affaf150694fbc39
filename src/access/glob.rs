//! Patterns with `*`: any number of characters. Linear in the text for each star.

/// A pattern, split at its stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob {
    parts: Box<[String]>,
}

impl Glob {
    pub(super) fn new(pattern: &str) -> Self {
        Self { parts: pattern.split('*').map(str::to_owned).collect() }
    }

    /// Whether the pattern stands for all of `text`.
    pub(super) fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = &*self.parts else {
            return self.parts.first().is_some_and(|whole| whole == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        for part in middle {
            // The earliest place leaves most for the parts behind it.
            let Some((_, behind)) = rest.split_once(part.as_str()) else { return false };
            rest = behind;
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_number_of_characters_and_the_rest_is_exact() {
        for (pattern, text, matches) in [
            ("read", "read", true),
            ("read", "Read", false),
            ("read", "read_", false),
            ("read", "xread", false),
            ("read_*", "read_", true),
            ("read_*", "read_note", true),
            ("read_*", "xread_note", false),
            ("*_note", "read_note", true),
            ("*", "", true),
            ("*", "a/b\n", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "a--b--b--c", true),
            ("a*b*c", "a--c", false),
            ("a*a", "a", false),
            ("a**a", "aa", true),
            ("", "", true),
            ("", "a", false),
            ("notes/*", "notes/read", true),
            ("é*", "éa", true),
        ] {
            assert_eq!(Glob::new(pattern).matches(text), matches, "{pattern} {text}");
        }
        let (pattern, text) = ("*a".repeat(500), "a".repeat(1 << 16));
        assert!(!Glob::new(&format!("{pattern}*b")).matches(&text));
    }
}
