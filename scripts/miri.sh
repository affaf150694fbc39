#!/usr/bin/env bash
# Runs the C interface, the reader and the policy under Miri, which finds undefined behaviour in Rust. The
# structural index is answered by a stand-in in Rust (src/helper/index/miri.rs), because Miri cannot run C.
#
#   scripts/miri.sh
#
# Needs a nightly Rust toolchain with the component miri; where it cannot be had this says so and passes.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo +nightly miri --version >/dev/null 2>&1 &&
  ! rustup component add --toolchain nightly miri rust-src >/dev/null 2>&1; then
  echo "SKIPPED: Miri: the nightly toolchain has no component miri" >&2
  exit 0
fi
export CARGO_TARGET_DIR=target/miri
# Property tests ask for the time and the working directory; one test leaks on purpose, a payload that cannot be
# dropped.
export MIRIFLAGS="-Zmiri-disable-isolation -Zmiri-ignore-leaks"
# Miri is some hundred times slower: a few cases of each property.
export PROPTEST_CASES=4
cargo +nightly miri test --quiet --lib --no-default-features --features capi,test-hooks -- \
  capi:: policy:: rules:: json::text json::number json::tests::a_pass helper::index::tests::positions helper::index::tests::a_window
echo "miri: no undefined behaviour"
