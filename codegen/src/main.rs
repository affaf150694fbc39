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
mod difference;
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
    match difference::first(&read(file)?, generated) {
        None => Ok(()),
        Some(difference) => Err(format!(
            "{file} is not what its sources generate; `cargo run -p callgate-codegen` writes it\n{difference}"
        )),
    }
}
