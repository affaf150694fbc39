//! Audit of a call's arguments, beside `serde_json`'s streaming reader, which checks less.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that cannot go on stops")]

mod common;
#[path = "common/turns.rs"]
mod turns;

use callgate::Gate;
use criterion::{BenchmarkId, Criterion, Throughput};
use serde::de::IgnoredAny;
use std::hint::black_box;
use std::time::Duration;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let gate = Gate::default();
    let rules = br#"{ "rules": { "injection.*": "off", "text.*": "off", "secret.*": "off",
        "path.*": "off", "url.*": "off" } }"#;
    let structure = Gate::from_json(rules).unwrap();
    let mut rows = Vec::new();
    for (shape, make) in [("struct", common::structure as fn(usize, u64) -> Vec<u8>), ("blob", common::blob)]
    {
        let mut group = criterion.benchmark_group(shape);
        for (name, bytes) in common::SIZES {
            // Fresh inputs in rotation: a repeated one trains the branch predictor.
            let inputs: Vec<_> = (0..8).map(|seed| make(bytes, seed)).collect();
            assert!(inputs.iter().all(|input| gate.audit("t", input).findings().is_empty()), "clean samples");
            let (mut ours, mut theirs) = (inputs.iter().cycle(), inputs.iter().cycle());
            let mut half = inputs.iter().cycle();
            let mut audit = || {
                black_box(gate.audit("t", black_box(ours.next().unwrap())));
            };
            let mut audit_structure = || {
                black_box(structure.audit("t", black_box(half.next().unwrap())));
            };
            let mut read = || {
                black_box(serde_json::from_slice::<IgnoredAny>(black_box(theirs.next().unwrap())).is_ok());
            };
            group.throughput(Throughput::Bytes(inputs[0].len() as u64));
            group.bench_function(BenchmarkId::new("callgate", name), |bencher| bencher.iter(&mut audit));
            group.bench_function(BenchmarkId::new("serde_json", name), |bencher| bencher.iter(&mut read));
            rows.push((
                format!("{shape}, {name}"),
                turns::least([&mut audit, &mut audit_structure, &mut read]),
            ));
        }
        group.finish();
    }
    turns::report("audit", &turns::table("input", ["audit", "structure alone", "serde_json"], &rows));
    criterion.final_summary();
}
