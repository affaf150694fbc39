//! What these tests share.

use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A path in the repository.
pub(crate) fn repository(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The text of a file in the repository.
pub(crate) fn read(relative: &str) -> String {
    let path = repository(relative);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// Every `.rs` file below a folder of the repository, as (name relative to the repository, text), by name.
pub(crate) fn rust_files(folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in
            std::fs::read_dir(repository(&folder)).unwrap_or_else(|error| panic!("{folder}: {error}"))
        {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(name);
            } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
                files.push((name.clone(), read(&name)));
            }
        }
    }
    files.sort();
    files
}

/// Says that a check is left out because what it needs is not installed. Under `CI=true` that is a failure.
pub(crate) fn skip(check: &str, why: impl Display) {
    assert!(std::env::var_os("CI").is_none(), "{check} must run in CI: {why}");
    skip_anywhere(check, why);
}

/// The same for what CI may lack too.
pub(crate) fn skip_anywhere(check: &str, why: impl Display) {
    #[expect(clippy::explicit_write, reason = "the test runner captures eprintln!")]
    writeln!(std::io::stderr(), "SKIPPED: {check}: {why}").unwrap();
}
