#!/usr/bin/env bash
# The crate as it is published: what it holds, that it builds with and without Node, that its documentation is clean.
#
#   scripts/crate.sh
#
# Needs the registry of crates. Uploads nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "crate: what it holds"
list=$(cargo package --list --allow-dirty --quiet 2>/dev/null)
others=$(grep -vE '^(\.cargo_vcs_info\.json|Cargo\.(toml|toml\.orig|lock)|build\.rs|(README|CHANGELOG)\.md|LICENSE-(MIT|APACHE)|c_src/[a-z0-9_]+\.[ch]|include/callgate\.h|presets/[a-z-]+\.json|src/.+\.(rs|txt))$' <<<"$list" || true)
if [ -n "$others" ]; then
  printf 'crate: these do not belong into it:\n%s\n' "$others" >&2
  exit 1
fi
for file in LICENSE-MIT LICENSE-APACHE README.md build.rs src/lib.rs src/path/blocked/names.txt c_src/callgate_helper.h include/callgate.h presets/strict.json; do
  grep -qxF "$file" <<<"$list" || { echo "crate: $file is missing" >&2; exit 1; }
done

echo "crate: cargo publish --dry-run"
# The crate is unpacked below target/package and built there, from nothing but what it holds. What it depends on is
# there already: the tests were built in the same target folder.
CARGO_TARGET_DIR="$PWD/target" cargo publish --dry-run --allow-dirty --quiet \
  --config profile.dev.package.callgate.opt-level=0
echo "crate: without Node and without the C interface"
cargo clippy --quiet --all-targets --no-default-features -- -D warnings

echo "crate: documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --quiet
echo "crate: ready to be published"
