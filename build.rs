//! Compiles the C helper, one object per instruction set, and sets the addon's link flags.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=c_src");
    for name in ["CALLGATE_C_WERROR", "CALLGATE_C_DEFINES"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    #[cfg(feature = "node")]
    napi_build::setup();
    compile_helper();
}

fn compile_helper() {
    // CARGO_CFG_* and not cfg!: the latter speaks of the build machine.
    let arch = env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    let family = env::var("CARGO_CFG_TARGET_FAMILY").unwrap_or_default();
    let msvc = env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|target_env| target_env == "msvc");

    let mut common = base();
    for file in ["rungs", "json_index", "json_index_portable", "text_marks", "text_marks_portable"] {
        common.file(format!("c_src/{file}.c"));
    }
    if family == "unix" {
        common.file("c_src/open_beneath.c");
    }
    if arch == "aarch64" {
        // NEON is part of the base architecture: no flags of its own.
        common.file("c_src/json_index_neon.c").file("c_src/text_marks_neon.c");
    }
    common.compile("callgate_helper");

    if arch == "x86_64" && !msvc {
        rung("avx2", &["-mavx2"]);
        rung("avx512", &["-mavx2", "-mavx512f", "-mavx512bw", "-mavx512vbmi", "-mavx512vbmi2"]);
    }
}

/// Compiles a rung for x86-64, with the flags that its intrinsics need.
fn rung(name: &str, flags: &[&str]) {
    let mut build = base();
    build.file(format!("c_src/json_index_{name}.c")).file(format!("c_src/text_marks_{name}.c"));
    for flag in flags.iter().chain(&["-mpclmul", "-mbmi", "-mbmi2", "-mlzcnt", "-mpopcnt"]) {
        build.flag(flag);
    }
    build.compile(&format!("callgate_helper_{name}"));
}

/// Flags that hold for every object.
fn base() -> cc::Build {
    let mut build = cc::Build::new();
    build.std("c11").warnings(true).extra_warnings(true).include("c_src");
    // Names for tests of smaller builds, such as CALLGATE_NO_AVX2; the tests look at them too.
    if let Ok(names) = env::var("CALLGATE_C_DEFINES") {
        println!("cargo::rustc-env=CALLGATE_C_DEFINES={names}");
        for name in names.split_whitespace() {
            build.define(name, None);
        }
    }
    if build.get_compiler().is_like_msvc() {
        // Without it stdatomic.h is an error there.
        build.flag_if_supported("/experimental:c11atomics");
        return build;
    }
    build.flag("-fvisibility=hidden");
    // Warnings must stop CI and must not stop a user with a newer compiler.
    if env::var_os("CALLGATE_C_WERROR").is_some() {
        build.warnings_into_errors(true);
    }
    build
}
