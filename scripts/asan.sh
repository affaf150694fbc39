#!/usr/bin/env bash
# Runs the unit tests and the C programs with AddressSanitizer over Rust and the C helper.
#
#   scripts/asan.sh
#
# Needs a nightly Rust toolchain and gcc. Everything is built in target/asan.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=scripts/sanitizer-flags.sh
. scripts/sanitizer-flags.sh
export RUSTFLAGS="$asan_rustflags"
export CARGO_TARGET_DIR=target/asan
features=(--no-default-features --features capi,test-hooks --target "$target")

echo "asan: unit tests"
# Leaks are looked for below: here one test leaks on purpose, a panic's payload that cannot be dropped.
ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" cargo +nightly test --quiet --lib "${features[@]}"

echo "asan: C programs"
cargo +nightly build --quiet --lib "${features[@]}"
library="$PWD/$CARGO_TARGET_DIR/$target/debug"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in capi use_after_free; do
  gcc -std=c11 -g -Wall -Wextra -fsanitize=address -I include "tests/c/$name.c" -o "$work/$name" \
    -L "$library" -lcallgate -pthread -Wl,-rpath,"$library"
done
mkdir "$work/root"
"$work/capi" "$work/root" 2>"$work/log" || { cat "$work/log"; echo "asan: the C program failed" >&2; exit 1; }

# A tool that finds nothing must have been looking.
if "$work/use_after_free" >"$work/log" 2>&1 || ! grep -q heap-use-after-free "$work/log"; then
  cat "$work/log"
  echo "asan: a planted use after free was not found" >&2
  exit 1
fi
echo "asan: no failure, and the planted one was found"
