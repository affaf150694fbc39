#!/usr/bin/env bash
# Makes the committed inputs of fuzz targets anew: the smallest ones that cover what `scripts/fuzz.sh --seconds N`
# learnt, at most 48 of at most 512 bytes each.
#
#   scripts/fuzz-corpus.sh [TARGET]...
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(rustc +nightly -vV | sed -n 's/^host: //p')
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  mapfile -t targets < <(sed -n 's/^path = "targets\/\(.*\)\.rs"$/\1/p' fuzz/Cargo.toml)
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for name in "${targets[@]}"; do
  mkdir -p "fuzz/corpus/$name" "fuzz/learnt/$name" "$scratch/$name"
  ASAN_OPTIONS=detect_leaks=0 "fuzz/target/$target/release/$name" -merge=1 -max_len=512 "$scratch/$name" \
    "fuzz/learnt/$name" "fuzz/corpus/$name" >"$scratch/log" 2>&1 || { tail -n 40 "$scratch/log"; exit 1; }
  rm -rf "fuzz/corpus/$name"
  mkdir "fuzz/corpus/$name"
  # The largest cover the most.
  find "$scratch/$name" -type f -printf '%s %p\n' | sort -rn | head -n 48 | cut -d' ' -f2- |
    xargs -r -I{} cp {} "fuzz/corpus/$name/"
  echo "fuzz-corpus: $name: $(find "fuzz/corpus/$name" -type f | wc -l) inputs"
done
