# Sourced by .ci/run and scripts/ci-full.sh: stages, and the seconds that each took, by the clock and of processors.

# Nothing may be skipped but what is said to be optional.
export CI=true
# A warning of the C compiler stops here, and never stops a user with a newer one.
export CALLGATE_C_WERROR=1

stages=()
started=$SECONDS

# Answers in REPLY the seconds of processors that all programs took that have ended. Two busy processors count twice.
processor_seconds() {
  # In a subshell, `times` would tell of the subshell.
  local file
  file=$(mktemp)
  times >"$file"
  REPLY=$(awk 'NR == 2 { split($1 " " $2, part, /[ms ]+/); print int(part[1] * 60 + part[2] + part[3] * 60 + part[4]) }' "$file")
  rm "$file"
}

# stage NAME COMMAND [ARGUMENT]...
stage() {
  local name=$1 before=$SECONDS processor
  processor_seconds
  processor=$REPLY
  shift
  printf '\n== %s\n' "$name"
  "$@"
  processor_seconds
  stages+=("$(row $((SECONDS - before)) $((REPLY - processor)) "$name")")
}

row() {
  printf '%6s %10s  %s' "$@"
}

summary() {
  printf '\n== all checks passed\n'
  row clock processor stage
  printf '\n'
  printf '%s\n' "${stages[@]}"
  processor_seconds
  row $((SECONDS - started)) "$REPLY" "in all"
  printf '\n'
}

has_nightly() {
  cargo +nightly --version >/dev/null 2>&1
}

evaluation() {
  if [ -d ../shared/corpora ] || [ -d ../../shared/corpora ]; then
    npm run --silent eval -- --no-page
  else
    echo "SKIPPED: the evaluation: no ../shared/corpora" >&2
  fi
}
