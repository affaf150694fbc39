#!/usr/bin/env bash
# Runs every fuzz target for SECONDS (default 20), with AddressSanitizer over Rust and C.
#
#   scripts/fuzz.sh [SECONDS [TARGET]...]
#
# Needs a nightly Rust toolchain and a C++ compiler. What it finds lies in fuzz/artifacts/<target>.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-20}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  targets=(index audit path_name policy url text redact rpc capi)
fi

# shellcheck source=scripts/sanitizer-flags.sh
. scripts/sanitizer-flags.sh
# The instrumentation that libFuzzer steers by; the same that cargo-fuzz asks for.
export RUSTFLAGS="$asan_rustflags --cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module \
-Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
cargo +nightly build --manifest-path fuzz/Cargo.toml --target-dir fuzz/target --target "$target" --release --bins

for name in "${targets[@]}"; do
  echo "fuzz: $name for $seconds seconds"
  mkdir -p "fuzz/corpus/$name" "fuzz/artifacts/$name"
  log=$(mktemp)
  if ! "fuzz/target/$target/release/$name" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -dict=fuzz/fuzz.dict -artifact_prefix="fuzz/artifacts/$name/" "fuzz/corpus/$name" >"$log" 2>&1; then
    tail -n 60 "$log"
    rm -f "$log"
    echo "fuzz: $name failed" >&2
    exit 1
  fi
  tail -n 1 "$log"
  rm -f "$log"
done
echo "fuzz: ${#targets[@]} targets, no failure"
