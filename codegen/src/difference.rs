//! What a committed file and a generated one differ in. `tests/contract` uses it too.

/// The first line that differs, from both sides.
pub(crate) fn first(committed: &str, generated: &str) -> Option<String> {
    if committed == generated {
        return None;
    }
    let (old, new): (Vec<_>, Vec<_>) = (committed.lines().collect(), generated.lines().collect());
    let differs = |index: &usize| old.get(*index) != new.get(*index);
    let Some(index) = (0..old.len().max(new.len())).find(differs) else {
        return Some("line ends differ".to_owned());
    };
    let show =
        |lines: &[&str]| lines.get(index).map_or("(end of file)".to_owned(), |line| (*line).to_owned());
    Some(format!("line {}\n  committed: {}\n  generated: {}", index + 1, show(&old), show(&new)))
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn the_first_difference_is_shown() {
        for (committed, generated, starts) in [
            ("a\nb\n", "a\nc\n", Some("line 2")),
            ("", "a\n", Some("line 1")),
            ("a\nb\n", "a\n", Some("line 2")),
            ("a\n", "a", Some("line ends")),
            ("a\r\n", "a\n", Some("line ends")),
            ("a\nb\n", "a\nb\n", None),
        ] {
            let difference = first(committed, generated);
            assert_eq!(difference.is_some(), starts.is_some(), "{committed:?} {generated:?}");
            assert!(difference.unwrap_or_default().starts_with(starts.unwrap_or_default()));
        }
    }
}
