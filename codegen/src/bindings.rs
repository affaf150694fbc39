//! `src/helper/bindings.rs` from `c_src/callgate_helper.h`.

use crate::{Outcome, repository};

/// The bindings; none where this machine has no libclang.
pub(crate) fn generate() -> Outcome<Option<String>> {
    if clang_sys::load().is_err() {
        return Ok(None);
    }
    let bindings = bindgen::Builder::default()
        .header(repository("c_src/callgate_helper.h").display().to_string())
        .clang_arg("-std=c11")
        .allowlist_item("(cg|CG)_.*")
        .use_core()
        .rust_target(bindgen::RustTarget::stable(85, 0).unwrap_or_default())
        .rust_edition(bindgen::RustEdition::Edition2024)
        .derive_default(true)
        // Too long an array for a derived one, and nobody needs it.
        .no_default("cg_marks_table")
        // The structs are fixed-width, so that the layout tests hold on every target.
        .layout_tests(true)
        .generate_comments(true)
        .formatter(bindgen::Formatter::Prettyplease)
        .generate()
        .map_err(|error| error.to_string())?
        .to_string();
    // An allowlist that matches nothing makes an empty file and no error.
    for name in [
        "cg_json_index",
        "cg_text_marks",
        "cg_has_rung",
        "cg_open_beneath",
        "cg_index_state",
        "cg_marks_table",
        "CG_INDEX_MAX_BYTES",
    ] {
        if !bindings.contains(name) {
            return Err(format!("{name} is missing from what bindgen generated"));
        }
    }
    Ok(Some(bindings))
}
