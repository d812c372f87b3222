#!/usr/bin/env bash
# Runs every test of the project: one row each, and one line for each at the end.
#
#   ffi-tests/run.sh             every row
#   ffi-tests/run.sh ROW [ROW…]  these rows only
#   ffi-tests/run.sh --list      what rows there are
#
# A row whose tool is missing is skipped and says why. On CI (CI=true) a skipped row is a failure,
# but for those marked optional, which need a nightly toolchain.
set -uo pipefail
cd "$(dirname "$0")/.."

# name | required or optional | what it shows
rows=(
  'format|required|sources are formatted'
  'clippy|required|no lint fires, with warnings denied'
  'test|required|unit, integration and example tests'
  'doc-test|required|examples in the documentation compile and run'
  'docs|required|the documentation builds without a broken link'
  'capi|required|the header is the generated one, exports are the header, C programs run'
  'quickstart|required|the main job runs over real sockets, for every policy'
  'bench|required|the benchmark runs (its figures are not judged)'
  'loom|required|every interleaving of the slot word, the gate and the snapshot'
  'miri|optional|no undefined behaviour in the unit tests and the unsafe parts of the list'
)

have() { command -v "$1" >/dev/null 2>&1; }

# A row prints what it likes, returns 0 or not, or calls `skip` with the reason.
skip() { echo "$1" >"$log.skipped"; return 0; }

row_format() { cargo fmt --all --check; }
row_clippy() { cargo clippy --all-targets --all-features -- -D warnings; }
row_test() { cargo test --lib --tests --examples; }
row_doc-test() { cargo test --doc; }
row_docs() {
  RUSTDOCFLAGS='-D warnings' cargo doc --no-deps &&
    RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --all-features
}

row_capi() {
  have cc || { skip 'needs a C compiler'; return; }
  cargo test --features capi --test header --test symbols --test c_programs
}

row_quickstart() {
  local policy
  for policy in round-robin random two-random-choices fewest-pending-requests hashring32; do
    cargo run --release --quiet --example quickstart -- --policy "$policy" --seconds 2 || return 1
  done
  cargo run --release --quiet --example policy_concurrent &&
    cargo run --release --quiet --example policy_serial
}

row_bench() { cargo bench --bench choose -- --quick; }

# Loom builds the crate with its own primitives, so the artefacts are kept apart. The bound on
# preemptions is what makes the run finite in practice; src/models/mod.rs says why it suffices.
row_loom() {
  CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/loom" \
    RUSTFLAGS='--cfg loom' LOOM_MAX_PREEMPTIONS="${LOOM_MAX_PREEMPTIONS:-3}" \
    cargo test --release --lib models
}

row_miri() {
  cargo +nightly miri --version >/dev/null 2>&1 || { skip 'needs a nightly toolchain with miri'; return; }
  MIRIFLAGS='-Zmiri-disable-isolation' \
    CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/miri" \
    cargo +nightly miri test --lib
}

ci=false
[ "${CI:-}" = true ] && ci=true
have cargo || { echo 'cargo is missing: install Rust 1.95 or later, with rustfmt and clippy' >&2; exit 1; }

if [ "${1:-}" = --list ]; then
  printf '%s\n' "${rows[@]}" | column -t -s '|'
  exit 0
fi
wanted=" $* "
for name in "$@"; do
  printf '%s\n' "${rows[@]}" | grep -q "^$name|" || { echo "no row is called '$name'; see --list" >&2; exit 2; }
done

log=$(mktemp)
trap 'rm -f "$log" "$log.skipped"' EXIT
summary=() passed=0 failed=0 skipped=0
for row in "${rows[@]}"; do
  IFS='|' read -r name need what <<<"$row"
  [ "$wanted" = '  ' ] || [[ $wanted == *" $name "* ]] || continue
  echo "== $name: $what"
  rm -f "$log.skipped"
  began=$SECONDS
  "row_$name" 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  result=ok reason=''
  if [ -s "$log.skipped" ]; then
    result=skipped reason=" ($(cat "$log.skipped"))"
    if $ci && [ "$need" = required ]; then result=FAILED; fi
  elif [ "$code" -ne 0 ]; then
    result=FAILED
  fi
  case $result in
    ok) passed=$((passed + 1)) ;;
    skipped) skipped=$((skipped + 1)) ;;
    *) failed=$((failed + 1)) ;;
  esac
  summary+=("$(printf '%-12s %-8s %4ds  %s%s' "$name" "$result" $((SECONDS - began)) "$what" "$reason")")
done

echo
printf '%s\n' "${summary[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
