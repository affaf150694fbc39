//! The shared vectors and, where they are, the corpora.

use super::*;
use serde::Deserialize;
use std::path::Path;

fn found(text: &str) -> Vec<(Rule, Range<usize>, &'static str)> {
    let mut found = Vec::new();
    scan(text.as_bytes(), |rule, range, what| found.push((rule, range, what)));
    found.sort_by_key(|(_, range, _)| range.start);
    found
}

#[derive(Deserialize)]
struct Case {
    label: String,
    rule: String,
    case: String,
    input: String,
    ranges: Vec<(usize, usize)>,
}

#[test]
fn debug_corpus() {
    let text = std::fs::read_to_string("/tmp/sl.jsonl").unwrap();
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let got: Vec<_> = found(&case.input).into_iter().map(|(r, g, _)| (r.id(), g.start, g.end)).collect();
        let exact: Vec<_> = got.iter().map(|(_, a, b)| (*a, *b)).collect();
        if exact != case.ranges {
            println!("{} {} {} expected {:?} got {:?}", case.label, case.rule, case.case, case.ranges, got);
        }
    }
}

#[test]
fn debug_files() {
    let _ = Path::new("x");
    let list = std::fs::read_to_string("/tmp/files.txt").unwrap();
    let (mut lines, mut flagged, mut files, mut bytes) = (0, 0, 0, 0);
    let mut by = std::collections::BTreeMap::new();
    let mut time = std::time::Duration::ZERO;
    for file in list.lines() {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        files += 1;
        bytes += text.len();
        let start = std::time::Instant::now();
        let whole = found(&text);
        time += start.elapsed();
        let _ = whole;
        for (n, line) in text.lines().enumerate() {
            lines += 1;
            let got = found(line);
            if !got.is_empty() {
                flagged += 1;
                for (r, g, _) in got {
                    *by.entry(r.id()).or_insert(0) += 1;
                    println!(
                        "{} {}:{} {}",
                        r.id(),
                        file.rsplit('/').take(3).collect::<Vec<_>>().join("<"),
                        n + 1,
                        line[..g.end]
                            .chars()
                            .rev()
                            .take(90)
                            .collect::<String>()
                            .chars()
                            .rev()
                            .collect::<String>()
                    );
                }
            }
        }
    }
    println!(
        "files {files} lines {lines} flagged {flagged} {:.4}% bytes {bytes} {:.2} GB/s {by:?}",
        100.0 * flagged as f64 / lines as f64,
        bytes as f64 / time.as_secs_f64() / 1e9
    );
}
