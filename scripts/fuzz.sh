#!/usr/bin/env bash
# Replays the committed inputs of every fuzz target and runs a fixed number of executions from a fixed seed, with
# AddressSanitizer over Rust and C. Green means the same each time.
#
#   scripts/fuzz.sh [TARGET]...
#   scripts/fuzz.sh --seconds N [TARGET]...   by time instead, from a seed of its own, and keeps what it learns
#
# Needs a nightly Rust toolchain and a C++ compiler. What it finds lies in fuzz/artifacts/<target>; what a run by time
# learns in fuzz/learnt/<target>. `fuzz/corpus` is committed: scripts/fuzz-corpus.sh makes it from what was learnt.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=
if [ "${1:-}" = --seconds ]; then
  seconds=$2
  shift 2
fi
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  mapfile -t targets < <(sed -n 's/^path = "targets\/\(.*\)\.rs"$/\1/p' fuzz/Cargo.toml)
fi
# Executions of a target; those that build gates or touch files are slow.
declare -A runs=([path_name]=4000 [capi]=4000 [policy]=6000 [schema]=6000)
default_runs=20000

# shellcheck source=scripts/sanitizer-flags.sh
. scripts/sanitizer-flags.sh
# The instrumentation that libFuzzer steers by; the same that cargo-fuzz asks for.
export RUSTFLAGS="$asan_rustflags --cfg fuzzing -Cpasses=sancov-module \
-Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
cargo +nightly build --manifest-path fuzz/Cargo.toml --target-dir fuzz/target --target "$target" --release --bins

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
log=$scratch/log
for name in "${targets[@]}"; do
  mkdir -p "fuzz/corpus/$name" "fuzz/artifacts/$name" "fuzz/learnt/$name"
  common=(-max_len=4096 -timeout=10 -rss_limit_mb=2048 -dict=fuzz/fuzz.dict -artifact_prefix="fuzz/artifacts/$name/")
  if [ -n "$seconds" ]; then
    echo "fuzz: $name for $seconds seconds"
    how=(-max_total_time="$seconds" "fuzz/learnt/$name" "fuzz/corpus/$name")
  else
    echo "fuzz: $name, ${runs[$name]:-$default_runs} executions"
    # What libFuzzer learns goes to its first folder, which must stay as it is committed.
    rm -rf "$scratch/$name"
    mkdir "$scratch/$name"
    how=(-seed=1 -runs="${runs[$name]:-$default_runs}" "$scratch/$name" "fuzz/corpus/$name")
  fi
  if ! "fuzz/target/$target/release/$name" "${common[@]}" "${how[@]}" >"$log" 2>&1; then
    # What a failed assertion says stands before the traces.
    grep -A 2 'panicked at' "$log" | tail -n 3 || true
    tail -n 60 "$log"
    echo "fuzz: $name failed" >&2
    exit 1
  fi
  tail -n 1 "$log"
done
echo "fuzz: ${#targets[@]} targets, no failure"
