# Sourced by .ci/run and scripts/ci-full.sh: stages, and the seconds that each took.

# Nothing may be skipped but what is said to be optional.
export CI=true
# A warning of the C compiler stops here, and never stops a user with a newer one.
export CALLGATE_C_WERROR=1

stages=()
started=$SECONDS

# stage NAME COMMAND [ARGUMENT]...
stage() {
  local name=$1 before=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  "$@"
  stages+=("$(printf '%5d s  %s' $((SECONDS - before)) "$name")")
}

summary() {
  printf '\n== all checks passed\n'
  printf '%s\n' "${stages[@]}"
  printf '%5d s  in all\n' $((SECONDS - started))
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
