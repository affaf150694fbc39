//! Validated paths beside the floor, a bare `openat2` and `close`, and beside strict-path.
#![cfg(target_os = "linux")]
#![expect(unsafe_code, reason = "the floor is a bare system call")]

use callgate::policy::Intent;
use callgate::{Gate, OpenOptions, PathOptions, Policy};
use criterion::Criterion;
use std::ffi::CString;
use std::fs::{self, File};
use std::hint::black_box;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::{Duration, Instant};
use strict_path::PathBoundary;

/// RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH.
const CONFINED: u64 = 0x02 | 0x08;

/// What a bare confined look-up costs; -1 where it fails.
fn floor(dir: &File, path: &CString) -> i64 {
    let how = [(libc::O_PATH | libc::O_CLOEXEC) as u64, 0, CONFINED];
    // SAFETY: `dir` is open, `path` ends in NUL, and `how` has the three words of struct open_how.
    let fd = unsafe {
        libc::syscall(libc::SYS_openat2, dir.as_raw_fd(), path.as_ptr(), how.as_ptr(), size_of_val(&how))
    };
    if let Ok(fd @ 0..) = i32::try_from(fd) {
        // SAFETY: openat2 handed over a descriptor that nobody else owns.
        drop(unsafe { OwnedFd::from_raw_fd(fd) });
    }
    fd
}

/// Nanoseconds of one call, over a batch.
fn measure(mut call: impl FnMut()) -> f64 {
    const CALLS: u32 = 400;
    let start = Instant::now();
    (0..CALLS).for_each(|_| call());
    start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn main() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let root = fs::canonicalize(temp.path()).expect("a real path");
    fs::create_dir_all(root.join("src/server/tools/files")).expect("folders");
    fs::write(root.join("src/server/tools/files/read.ts"), "x").expect("a file");
    std::os::unix::fs::symlink("src/server", root.join("link")).expect("a link");
    fs::create_dir(root.join("many")).expect("a folder");
    for index in 0..5000 {
        fs::write(root.join(format!("many/file-{index}")), "").expect("a file");
    }
    let mut policy = Policy::default();
    policy.paths.roots = vec![root.clone()];
    let gate = Gate::new(policy).expect("a gate");
    let boundary: PathBoundary = PathBoundary::try_new(&root).expect("a boundary");
    let dir = File::open(&root).expect("the root opens");

    // The floor of a path that does not exist is a look-up of the folder that it would be in.
    let cases = [
        (
            "existing, depth 5",
            "src/server/tools/files/read.ts",
            "src/server/tools/files/read.ts",
            Intent::Read,
            true,
        ),
        ("existing, depth 1", "src", "src", Intent::Read, true),
        ("missing leaf", "src/server/tools/files/new.ts", "src/server/tools/files", Intent::Write, true),
        ("existing among 5,000", "many/file-4999", "many/file-4999", Intent::Read, true),
        ("missing among 5,000", "many/new", "many", Intent::Write, true),
        ("through a link", "link/tools/files/read.ts", "link/tools/files/read.ts", Intent::Read, true),
        ("missing, through a link", "link/tools/files/new.ts", "link/tools/files", Intent::Write, true),
        ("escaping", "src/../../outside", "src/../../outside", Intent::Read, false),
        ("blocked", "src/.env", "src", Intent::Read, false),
    ];
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let mut table = Vec::new();
    for (name, path, bare, intent, allowed) in cases {
        let mut options = PathOptions::default();
        options.intent = intent;
        let bare = CString::new(bare).expect("no NUL");
        assert_eq!(gate.resolve_path(path, &options).is_ok(), allowed, "{name}");
        assert_eq!(floor(&dir, &bare) >= 0, name != "escaping", "{name}");
        let mut resolve = || drop(black_box(gate.resolve_path(black_box(path), &options)));
        let mut raw = || {
            black_box(floor(&dir, black_box(&bare)));
        };
        let mut strict = || drop(black_box(boundary.strict_join(black_box(path))));
        let mut group = criterion.benchmark_group(name);
        group.bench_function("callgate", |bencher| bencher.iter(&mut resolve));
        group.bench_function("openat2 + close", |bencher| bencher.iter(&mut raw));
        group.bench_function("strict-path", |bencher| bencher.iter(&mut strict));
        group.finish();
        // Taken in turns, so that a ratio compares like with like on a noisy machine.
        let mut least = [f64::INFINITY; 3];
        for _ in 0..60 {
            for (best, time) in
                least.iter_mut().zip([measure(&mut resolve), measure(&mut raw), measure(&mut strict)])
            {
                *best = best.min(time);
            }
        }
        table.push((name, least));
    }
    let mut opening = OpenOptions::default();
    opening.path.intent = Intent::Read;
    let path = "src/server/tools/files/read.ts";
    let bare = CString::new(path).expect("no NUL");
    criterion
        .bench_function("open_path", |bencher| bencher.iter(|| gate.open_path(black_box(path), &opening)));
    let mut least = [f64::INFINITY; 3];
    for _ in 0..60 {
        least[0] = least[0].min(measure(|| drop(black_box(gate.open_path(black_box(path), &opening)))));
        least[1] = least[1].min(measure(|| {
            black_box(floor(&dir, black_box(&bare)));
        }));
        least[2] = least[2].min(measure(|| drop(black_box(File::open(root.join(path))))));
    }
    table.push(("open_path (beside File::open)", least));
    println!(
        "\n| path | callgate | openat2 + close | ratio | strict-path | ratio |\n|---|---|---|---|---|---|"
    );
    for (name, [callgate, floor, strict]) in table {
        let (over, under) = (callgate / floor, strict / callgate);
        println!(
            "| {name} | {callgate:.0} ns | {floor:.0} ns | {over:.2}x | {strict:.0} ns | {under:.1}x faster |"
        );
    }
    criterion.final_summary();
}
