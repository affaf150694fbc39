//! Audit of a call's arguments, beside serde_json's streaming reader, which checks less.
#![expect(missing_docs, reason = "criterion's macros make public items")]

mod common;

use callgate::Gate;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde::de::IgnoredAny;
use std::hint::black_box;

fn audit(criterion: &mut Criterion) {
    let gate = Gate::default();
    for (shape, make) in [("struct", common::structure as fn(usize, u64) -> Vec<u8>), ("blob", common::blob)]
    {
        let mut group = criterion.benchmark_group(shape);
        for (name, bytes) in common::SIZES {
            // Fresh inputs in rotation: a repeated one trains the branch predictor.
            let inputs: Vec<_> =
                (0..(4 << 20) / bytes.max(1 << 16) + 1).map(|seed| make(bytes, seed as u64)).collect();
            let mut next = inputs.iter().cycle();
            group.throughput(Throughput::Bytes(inputs[0].len() as u64));
            assert!(
                inputs.iter().all(|input| gate.audit("t", input).findings().is_empty()),
                "the samples are clean"
            );
            group.bench_function(BenchmarkId::new("callgate", name), |bencher| {
                bencher.iter(|| gate.audit("t", black_box(next.next().unwrap())));
            });
            group.bench_function(BenchmarkId::new("serde_json", name), |bencher| {
                bencher
                    .iter(|| serde_json::from_slice::<IgnoredAny>(black_box(next.next().unwrap())).is_ok());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, audit);
criterion_main!(benches);
