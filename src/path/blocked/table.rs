//! The built-in names, as `names.txt` lists them.

#![forbid(unsafe_code)]

use super::Effect;
use super::index::Index;
use super::pattern::Pattern;
use std::sync::LazyLock;

const NAMES: &str = include_str!("names.txt");

/// The patterns of every gate.
#[derive(Debug, Default)]
pub(super) struct BuiltIn {
    pub(super) relative: Index,
    pub(super) absolute: Index,
}

/// Read once for all gates.
pub(super) static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    let mut built_in = BuiltIn::default();
    for (effect, text) in entries() {
        // Each of them is valid: the tests say so.
        if let Ok((last, pattern)) = Pattern::parse(text, effect) {
            let index = if text.starts_with('/') { &mut built_in.absolute } else { &mut built_in.relative };
            index.add(last, pattern);
        }
    }
    built_in
});

/// The lines that name something.
fn entries() -> impl Iterator<Item = (Effect, &'static str)> {
    NAMES.lines().filter_map(|line| {
        let (class, pattern) = line.split_once(' ')?;
        let effect = match class {
            "never" => Effect::Block,
            "write" => Effect::Steer,
            "key" => Effect::PrivateKey,
            "test" => Effect::Sample,
            _ => return None,
        };
        Some((effect, pattern))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_line_is_one_that_is_understood() {
        let mut section = None;
        for line in NAMES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(title) = line.strip_prefix("= ") {
                let (tool, source) = title.split_once(" | ").expect(line);
                assert!(!tool.is_empty() && source.starts_with("https://"), "{line}");
                section = Some(tool);
            } else {
                assert!(section.is_some(), "{line}");
                assert!(
                    matches!(line.split_once(' '), Some(("never" | "write" | "key" | "test", _))),
                    "{line}"
                );
            }
        }
        let mut seen = HashSet::new();
        for (effect, text) in entries() {
            Pattern::parse(text, effect).expect(text);
            assert!(seen.insert(text.to_lowercase()), "{text} stands there twice");
        }
    }
}
