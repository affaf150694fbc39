//! Generates the files that are made from the sources alone: the bindings of the C helper and the C header.
//!
//! ```text
//! cargo run -p callgate-codegen             # writes them
//! cargo run -p callgate-codegen -- --check  # fails where a committed file differs
//! ```
//!
//! `docs/rules.md` and the TypeScript union `RuleId` come from the table in `src/rules.rs`; the contract tests, which
//! link the library anyway, generate those.

mod bindings;
mod header;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

type Outcome<T> = Result<T, String>;

/// A path in the repository.
fn repository(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(relative)
}

fn read(relative: &str) -> Outcome<String> {
    std::fs::read_to_string(repository(relative)).map_err(|error| format!("{relative}: {error}"))
}

fn main() -> ExitCode {
    let check = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => {
            eprintln!("usage: callgate-codegen [--check]");
            return ExitCode::from(2);
        }
    };
    let files = [
        ("include/callgate.h", header::generate().map(Some)),
        ("src/helper/bindings.rs", bindings::generate()),
    ];
    let mut failed = false;
    for (file, generated) in files {
        let done = match generated {
            Ok(Some(generated)) if check => compare(file, &generated),
            Ok(Some(generated)) => {
                std::fs::write(repository(file), generated).map_err(|error| format!("{file}: {error}"))
            }
            Ok(None) => skip(file),
            Err(error) => Err(format!("{file}: {error}")),
        };
        if let Err(error) = done {
            eprintln!("{error}");
            failed = true;
        }
    }
    ExitCode::from(u8::from(failed))
}

/// Under `CI=true` nothing may be left out.
fn skip(file: &str) -> Outcome<()> {
    let why = format!("{file}: libclang is not installed (Debian: libclang-dev)");
    if std::env::var_os("CI").is_some() {
        return Err(why);
    }
    eprintln!("SKIPPED: {why}");
    Ok(())
}

fn compare(file: &str, generated: &str) -> Outcome<()> {
    match first_difference(&read(file)?, generated) {
        None => Ok(()),
        Some(difference) => Err(format!(
            "{file} is not what its sources generate; `cargo run -p callgate-codegen` writes it\n{difference}"
        )),
    }
}

fn first_difference(committed: &str, generated: &str) -> Option<String> {
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
    use super::first_difference;

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
            let difference = first_difference(committed, generated);
            assert_eq!(difference.is_some(), starts.is_some(), "{committed:?} {generated:?}");
            assert!(difference.unwrap_or_default().starts_with(starts.unwrap_or_default()));
        }
    }
}
