//! How file systems and people may read a name differently from its bytes.

#![forbid(unsafe_code)]

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Bytes of the longest name, as in every common file system.
pub(super) const NAME_MAX: usize = 255;

/// Bytes that a path must stay below, so that it fits the kernel's buffer with its NUL.
pub(super) const PATH_LIMIT: usize = 4096;

/// What a text holds, found in one pass. Each may be true without need, none false without right.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    /// A byte that somebody takes for more than a letter of a name: controls, `%`, `\\`, `:`, `;`, `~`, and
    /// what is not ASCII.
    pub(super) meaning: bool,
    /// A name that differs from what it folds to.
    pub(super) folds: bool,
    /// A name that is empty or starts with a dot.
    pub(super) loose: bool,
    /// What is wrong with a name where file systems of Windows are used.
    pub(super) windows: Option<&'static str>,
}

impl Facts {
    /// The facts of the bytes; those of the names are left to the caller.
    pub(super) fn of_bytes(text: &str) -> Self {
        // Without branches, so that the compiler takes many bytes at a time.
        let (meaning, folds) = text.bytes().fold((0, 0), |(meaning, folds), byte| {
            let control = u8::from(byte.wrapping_sub(b' ') >= 0x7f - b' ');
            let special = [b'%', b'\\', b':', b';', b'~'].map(|special| u8::from(byte == special));
            let special = special.into_iter().fold(0, |any, hit| any | hit);
            let upper = u8::from(byte.wrapping_sub(b'A') < 26);
            (meaning | control | special, folds | upper | u8::from(byte == b':') | u8::from(byte >= 0x80))
        });
        Self { meaning: meaning != 0, folds: folds != 0, loose: false, windows: None }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            meaning: self.meaning | other.meaning,
            folds: self.folds | other.folds,
            loose: self.loose | other.loose,
            windows: self.windows.or(other.windows),
        }
    }
}

/// What lies between the slashes of a path: `split('/')`, made for short names.
#[derive(Debug, Clone)]
pub(super) struct Names<'p>(Option<&'p str>);

pub(super) fn names(path: &str) -> Names<'_> {
    Names(Some(path))
}

impl<'p> Iterator for Names<'p> {
    type Item = &'p str;

    fn next(&mut self) -> Option<&'p str> {
        let rest = self.0?;
        let end = rest.bytes().position(|byte| byte == b'/');
        match end.and_then(|end| Some((rest.get(..end)?, rest.get(end + 1..)?))) {
            Some((name, after)) => {
                self.0 = Some(after);
                Some(name)
            }
            None => self.0.take(),
        }
    }
}

/// Characters that are drawn as nothing and that some file systems drop from names
/// (`Default_Ignorable_Code_Point`).
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The name as the most careless file system compares it: compatibility-normalised, without ignorable
/// characters, in lower case, without a stream suffix, without trailing dots and spaces.
///
/// `buffer` receives it where that saves an allocation.
pub(super) fn fold_name<'a>(name: &'a str, buffer: &'a mut [u8; NAME_MAX]) -> Cow<'a, str> {
    if !name.is_ascii() {
        // Normalised again: taking characters out and changing case can both undo it. By way of upper case,
        // as `ß` and `SS` are one name where case is folded in full.
        let visible: String = name
            .nfkc()
            .filter(|c| !is_ignorable(*c))
            .flat_map(char::to_lowercase)
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .collect();
        let folded: String = visible.nfkc().collect();
        return Cow::Owned(without_suffix(&folded).to_owned());
    }
    let name = without_suffix(name);
    if !name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Borrowed(name);
    }
    let Some(lower) = buffer.get_mut(..name.len()) else {
        return Cow::Owned(name.to_ascii_lowercase());
    };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    str::from_utf8(lower).map_or_else(|_| Cow::Owned(name.to_ascii_lowercase()), Cow::Borrowed)
}

/// Without `:stream` and without trailing dots and spaces.
fn without_suffix(name: &str) -> &str {
    let name = match name.find(':') {
        Some(at) if at > 0 => name.get(..at).unwrap_or(name),
        _ => name,
    };
    without_dots(name)
}

fn without_dots(name: &str) -> &str {
    if name.as_bytes().last().is_some_and(|last| *last > b'.' && last.is_ascii()) {
        return name;
    }
    name.trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

/// The names of a path, without empty ones and `.`; `..` stays.
pub(super) fn components(path: &str) -> impl Iterator<Item = &str> {
    names(path).filter(|name| !matches!(name.as_bytes(), [] | [b'.']))
}

/// Whether `..` climbs above where a relative path starts, were every other name a folder.
pub(super) fn climbs<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut depth = 0_usize;
    for name in names {
        if name != ".." {
            depth += 1;
        } else if depth == 0 {
            return true;
        } else {
            depth -= 1;
        }
    }
    false
}

/// A relative path without `.`, `..`, doubled and trailing slashes; `.` for nothing. True to the kernel's
/// meaning only where no link was crossed.
pub(super) fn fold_path(path: &str) -> Cow<'_, str> {
    let plain = names(path).all(|name| !matches!(name.as_bytes(), [] | [b'.'] | [b'.', b'.']));
    if plain || path == "." {
        return Cow::Borrowed(path);
    }
    let mut names: Vec<&str> = Vec::new();
    for name in components(path) {
        if name == ".." {
            names.pop();
        } else {
            names.push(name);
        }
    }
    if names.is_empty() { Cow::Borrowed(".") } else { Cow::Owned(names.join("/")) }
}

/// `folder/name`, where a folder of `.` is none.
pub(super) fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        (".", name) => name.to_owned(),
        (folder, ".") => folder.to_owned(),
        (folder, name) => [folder, "/", name].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_to_what_a_careless_file_system_compares() {
        for (name, folded) in [
            (".env", ".env"),
            (".ENV", ".env"),
            (".Env. .", ".env"),
            (".env::$DATA", ".env"),
            (".env:stream", ".env"),
            (":a", ":a"),
            (".e\u{200C}nv", ".env"),
            ("\u{FF0E}\u{FF25}nv", ".env"),
            (".en\u{17F}", ".ens"),
            ("ID_R\u{17F}A", "id_rsa"),
            (".net\u{212A}ey", ".netkey"),
            (".env\u{3000}", ".env"),
            (".\u{DF}h", ".ssh"),
            (".\u{1E9E}h", ".ssh"),
            ("\u{130}", "i\u{307}"),
            ("\u{3C2}", "\u{3C3}"),
            ("...", ""),
            ("README.md", "readme.md"),
        ] {
            assert_eq!(fold_name(name, &mut [0; NAME_MAX]), folded, "{name:?}");
        }
        let long = "A".repeat(NAME_MAX + 1);
        assert_eq!(fold_name(&long, &mut [0; NAME_MAX]), long.to_lowercase());
    }

    #[test]
    fn paths_fold_as_the_kernel_reads_them_without_links() {
        for (path, folded) in [
            (".", "."),
            ("./", "."),
            ("a", "a"),
            ("a/", "a"),
            ("a//b/./c", "a/b/c"),
            ("a/../b", "b"),
            ("a/..", "."),
            ("a/b/../../c/", "c"),
            (".../a", ".../a"),
        ] {
            assert_eq!(fold_path(path), folded, "{path}");
        }
    }

    #[test]
    fn climbing_counts_at_every_step() {
        for (path, out) in [
            ("a/..", false),
            ("..", true),
            ("a/../..", true),
            ("a/../../a", true),
            ("./..", true),
            ("a/./..", false),
            ("...", false),
        ] {
            assert_eq!(climbs(components(path)), out, "{path}");
        }
    }
}
