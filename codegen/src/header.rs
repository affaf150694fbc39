//! `include/callgate.h` from `src/capi`.

use crate::{Outcome, read, repository};

/// The sources, in the order in which a reader of the header wants them.
const SOURCES: &[&str] = &[
    "status",
    "verdict",
    "gate",
    "path",
    "url",
    "text",
    "redact",
    "kinds",
    "coverage",
    "message",
    "answer",
    "last_error",
];

pub(crate) fn generate() -> Outcome<String> {
    let mut config = cbindgen::Config::from_file(repository("cbindgen.toml"))?;
    let [major, minor, patch] = version()?;
    config.after_includes = Some(format!(
        "\n/* The version of callgate that this header is of. */\n\
         #define CALLGATE_VERSION_MAJOR {major}\n\
         #define CALLGATE_VERSION_MINOR {minor}\n\
         #define CALLGATE_VERSION_PATCH {patch}"
    ));
    let builder = SOURCES.iter().fold(cbindgen::Builder::new().with_config(config), |builder, source| {
        builder.with_src(repository(&format!("src/capi/{source}.rs")))
    });
    let mut header = Vec::new();
    builder.generate().map_err(|error| error.to_string())?.write(&mut header);
    let header = String::from_utf8(header).map_err(|error| error.to_string())?;
    // Rust's marks mean nothing to a C reader.
    Ok(header.replace('`', "").replace("# Safety\n", "The caller guarantees:\n"))
}

/// The version of callgate: the first `version` of its manifest.
fn version() -> Outcome<[u32; 3]> {
    let manifest = read("Cargo.toml")?;
    let numbers = manifest
        .lines()
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .ok_or("Cargo.toml has no version")?;
    let numbers: Result<Vec<u32>, _> = numbers.split('.').map(str::parse).collect();
    numbers
        .map_err(|error| format!("the version in Cargo.toml: {error}"))?
        .try_into()
        .map_err(|_| "the version in Cargo.toml has three numbers".to_owned())
}
