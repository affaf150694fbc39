#!/usr/bin/env bash
# What takes too long for every change: each night, for each tag, and once before a piece of work is called done.
#
#   scripts/ci-full.sh
#
# Runs .ci/run first. FUZZ_SECONDS: how long each fuzz target runs (60).
set -euo pipefail
cd "$(dirname "$0")/.."

bash .ci/run

# shellcheck source=ci.sh
. scripts/ci.sh

stage "system packages for the full checks" scripts/system-packages.sh --full
stage "the C helper for arm64 under an emulator" cargo test --quiet --features test-hooks --test contract rungs
stage "what jsonschema asks of a document" cargo test --quiet --lib --features test-conformance json::value
stage "instruction counts" cargo test --features test-hooks --test contract steps::a_byte -- --ignored --nocapture
stage "the index without AVX2" env CALLGATE_C_DEFINES=CALLGATE_NO_AVX2 cargo test --quiet --lib helper::index
stage "the whole JavaScript suite with Node 22 and 24" scripts/nodes.sh 22 24
stage "the packages for Linux" scripts/release.sh
if has_nightly; then
  stage "AddressSanitizer with every property case" scripts/asan.sh
  stage "Miri" scripts/miri.sh
  stage "fuzz targets by time" scripts/fuzz.sh --seconds "${FUZZ_SECONDS:-60}"
else
  echo "SKIPPED: AddressSanitizer, Miri and fuzz targets by time: no nightly Rust toolchain" >&2
fi
summary
