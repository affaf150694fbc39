#!/usr/bin/env bash
# Makes the packages for Linux and tests them: each on its own platform, installed without a compiler, and built from
# the shipped sources.
#
#   scripts/release.sh [TARGET]...   such as linux-x64-gnu; without one, every target for Linux
#
# Needs Rust, npm, python3 with venv, PyPI and Debian's packages; uses qemu-user where it is. All is kept in target/.
set -euo pipefail
cd "$(dirname "$0")/.."

export CALLGATE_RELEASE_TARGETS="$*"
npm run --silent build:release
# One after the other: each takes both processors.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for name in install platforms; do
  if ! node --test --test-reporter=tap "__test__/release/$name.mjs" >"$log" 2>&1; then
    grep -B1 -A40 '^ *not ok' "$log" | head -n 200 >&2
    echo "release: $name failed" >&2
    exit 1
  fi
  sed -n 's/^ *ok .* # SKIP/release: SKIPPED:/p' "$log" >&2
  echo "release: $name: $(sed -n 's/^# pass //p' "$log") tests pass"
done
