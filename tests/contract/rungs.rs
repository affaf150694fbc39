//! The C helper as C: each rung of the index can be left out, and NEON agrees with the portable rung where an
//! aarch64 compiler and an emulator are installed. The property tests are in `src/helper/index/tests.rs`.
#![cfg(unix)]

use crate::support::{repository, skip_anywhere};
use std::path::Path;
use std::process::Command;

/// Compiles `tests/c/rungs.c` with the index, one object per instruction set as `build.rs` does.
fn build(compiler: &str, architecture: &str, define: Option<&str>, folder: &Path) -> std::path::PathBuf {
    let mut objects = Vec::new();
    let avx2 = ["-mavx2", "-mpclmul", "-mbmi", "-mbmi2"];
    let avx512 = ["-mavx512f", "-mavx512bw", "-mavx512vbmi", "-mavx512vbmi2", "-mpclmul", "-mbmi", "-mbmi2"];
    for (source, flags) in [
        ("c_src/rungs.c", &[][..]),
        ("c_src/json_index.c", &[]),
        ("c_src/json_index_portable.c", &[]),
        ("c_src/json_index_avx2.c", &avx2),
        ("c_src/json_index_avx512.c", &avx512),
        ("c_src/json_index_neon.c", &[]),
        ("c_src/text_marks.c", &[]),
        ("c_src/text_marks_portable.c", &[]),
        ("c_src/text_marks_avx2.c", &avx2),
        ("c_src/text_marks_avx512.c", &avx512),
        ("c_src/text_marks_neon.c", &[]),
        ("tests/c/rungs.c", &[]),
    ] {
        let object = folder.join(source.replace(['/', '.'], "_")).with_extension("o");
        let flags = if architecture == "x86_64" { flags } else { &[] };
        let mut command = Command::new(compiler);
        command.args(["-std=c11", "-O2", "-g", "-Wall", "-Wextra", "-Werror", "-pedantic", "-c"]).args(flags);
        command.args(define.map(|name| format!("-D{name}")));
        run(command.arg("-I").arg(repository("c_src")).arg(repository(source)).arg("-o").arg(&object));
        objects.push(object);
    }
    let program = folder.join("rungs");
    // Static, so that an emulator needs no library of its target.
    run(Command::new(compiler).arg("-static").args(&objects).arg("-o").arg(&program));
    program
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{text}", output.status);
}

/// The rungs that this machine has besides the portable one.
fn native() -> Vec<&'static str> {
    let mut rungs = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("pclmulqdq") {
            rungs.push("avx2");
        }
        if is_x86_feature_detected!("avx512vbmi") && is_x86_feature_detected!("avx512vbmi2") {
            rungs.push("avx512");
        }
    }
    if cfg!(target_arch = "aarch64") {
        rungs.push("neon");
    }
    rungs
}

#[test]
fn native_rungs_agree_and_can_be_left_out() {
    for (define, left_out) in [
        (None, ""),
        (Some("CALLGATE_NO_AVX2"), "avx2"),
        (Some("CALLGATE_NO_AVX512"), "avx512"),
        (Some("CALLGATE_NO_NEON"), "neon"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let rungs = native().into_iter().filter(|rung| *rung != left_out);
        run(Command::new(build("cc", std::env::consts::ARCH, define, folder.path())).args(rungs));
    }
}

#[test]
fn neon_agrees_under_an_emulator() {
    if cfg!(target_arch = "aarch64") {
        return;
    }
    let (compiler, emulator) = ("aarch64-linux-gnu-gcc", "qemu-aarch64");
    let missing = |tool: &&&str| Command::new(tool).arg("--version").output().is_err();
    if let Some(tool) = [compiler, emulator].iter().find(missing) {
        return skip_anywhere("NEON under an emulator", format_args!("{tool} is not installed"));
    }
    for (define, rungs) in [(None, &["neon"][..]), (Some("CALLGATE_NO_NEON"), &[])] {
        let folder = tempfile::tempdir().unwrap();
        run(Command::new(emulator).arg(build(compiler, "aarch64", define, folder.path())).args(rungs));
    }
}
