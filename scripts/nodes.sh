#!/usr/bin/env bash
# Runs the JavaScript suite with several versions of Node, from npm.
#
#   scripts/nodes.sh [--quick] [VERSION]...   (20 22 24)
#
# --quick: vectors, gates, paths, and one smoke test for each transport. Needs what `npm test` left: the addon, and the
# one with test hooks. Everything else lies in target/release-tools.
set -euo pipefail
cd "$(dirname "$0")/.."

tests=(__test__/*.test.mjs __test__/{mcp,proxy}/*.test.mjs)
if [ "${1:-}" = --quick ]; then
  shift
  tests=(__test__/{vectors,gate,path,smoke}.test.mjs)
fi
versions=("$@")
if [ ${#versions[@]} -eq 0 ]; then
  versions=(20 22 24)
fi
platform=$(node -p '`${process.platform}-${process.arch}`')
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for version in "${versions[@]}"; do
  node=$(node -p "require('./scripts/release/nodes.js').glibcNode('$version', '$platform')")
  found=$("$node" --version)
  case $found in
    "v$version".*) ;;
    *) echo "nodes: $version was asked for, and npm gave $found" >&2; exit 1 ;;
  esac
  # First on the PATH too, so that npm and everything below the tests run with it.
  if ! PATH="$(dirname "$node"):$PATH" "$node" --test --test-reporter=tap --test-concurrency="$(nproc)" "${tests[@]}" >"$log" 2>&1; then
    grep -B1 -A40 '^ *not ok' "$log" | head -n 200 >&2
    echo "nodes: the suite fails with Node $found" >&2
    exit 1
  fi
  passed=$(sed -n 's/^# pass //p' "$log")
  [ "${passed:-0}" -gt 100 ] || { echo "nodes: only ${passed:-no} tests ran with Node $found" >&2; exit 1; }
  echo "nodes: $passed tests pass with Node $found"
done
