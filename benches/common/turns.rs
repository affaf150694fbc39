//! Ratios that compare like with like on a noisy machine: what is compared takes turns, and the least time
//! of each counts. The tables go to standard output and into `docs/benchmarks.md`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a benchmark that cannot go on stops"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

/// Nanoseconds of one call of each, in turns.
pub(crate) fn least<const N: usize>(mut calls: [&mut dyn FnMut(); N]) -> [f64; N] {
    const TURNS: u32 = 60;
    const TURN_NANOSECONDS: f64 = 300_000.0;
    let first = calls.each_mut().map(|call| time(1, *call).max(time(1, *call)).max(1.0));
    let mut least = [f64::INFINITY; N];
    for _ in 0..TURNS {
        for ((best, call), once) in least.iter_mut().zip(&mut calls).zip(first) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a positive count far below 2^32"
            )]
            let count = (TURN_NANOSECONDS / once).clamp(1.0, 10_000.0) as u32;
            *best = best.min(time(count, *call));
        }
    }
    least
}

fn time(count: u32, call: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    (0..count).for_each(|_| call());
    start.elapsed().as_secs_f64() * 1e9 / f64::from(count)
}

/// A table whose rows are a name, the time of the thing itself, and for each rival its time and how many
/// times as long it takes.
pub(crate) fn table<const N: usize>(what: &str, heads: [&str; N], rows: &[(String, [f64; N])]) -> String {
    let mut text = format!("| {what} | {} |", heads[0]);
    heads[1..].iter().for_each(|head| write!(text, " {head} | {} / {head} |", heads[0]).unwrap());
    text += "\n|---|---:|";
    heads[1..].iter().for_each(|_| text += "---:|---:|");
    for (name, times) in rows {
        write!(text, "\n| {name} | {} |", nanoseconds(times[0])).unwrap();
        times[1..]
            .iter()
            .for_each(|time| write!(text, " {} | {:.2} |", nanoseconds(*time), times[0] / time).unwrap());
    }
    text
}

fn nanoseconds(time: f64) -> String {
    match time {
        ..1e4 => format!("{time:.0} ns"),
        ..1e7 => format!("{:.1} us", time / 1e3),
        _ => format!("{:.1} ms", time / 1e6),
    }
}

/// Prints a table and puts it between its markers in `docs/benchmarks.md`.
pub(crate) fn report(section: &str, table: &str) {
    println!("\n{table}\n");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/benchmarks.md");
    let page = std::fs::read_to_string(&file).unwrap();
    let (begin, end) = (format!("<!-- cargo-{section}:begin -->\n"), format!("<!-- cargo-{section}:end -->"));
    let from = page.find(&begin).expect("docs/benchmarks.md has the markers") + begin.len();
    let to = page.find(&end).expect("docs/benchmarks.md has the markers");
    std::fs::write(&file, format!("{}{table}\n{}", &page[..from], &page[to..])).unwrap();
}
