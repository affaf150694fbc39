//! Names in a policy that stand for nothing, and what was perhaps meant.

#![forbid(unsafe_code)]

/// Longer names are compared with nothing (characters).
const MAX_NAME: usize = 64;
/// Letters that may be wrong.
const MAX_DISTANCE: usize = 2;

/// The name that is nearest to one that stands for nothing.
pub(super) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = MAX_DISTANCE.min(name.chars().count().saturating_sub(1) / 2).max(1);
    names
        .filter_map(|other| distance(name, other).filter(|far| *far <= most).map(|far| (far, other)))
        .min()
        .map(|(_, other)| other)
}

/// How many letters are added, missing, changed or swapped with their neighbour; none for long names.
fn distance(a: &str, b: &str) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > MAX_NAME || b.len() > MAX_NAME || a.len().abs_diff(b.len()) > MAX_DISTANCE {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut least =
                (at(&row, j) + usize::from(from != to)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_perhaps_meant_is_near() {
        let names = ["echo", "read_file", "write_file", "ls"];
        for (name, meant) in [
            ("ecoh", Some("echo")),
            ("Echo", Some("echo")),
            ("read_fil", Some("read_file")),
            ("readfile", Some("read_file")),
            ("raed_flie", Some("read_file")),
            ("delete", None),
            ("la", Some("ls")),
            ("rm", None),
            ("x", None),
        ] {
            assert_eq!(nearest(name, names.into_iter()), meant, "{name}");
        }
        assert_eq!(nearest(&"x".repeat(1000), names.into_iter()), None);
    }
}
