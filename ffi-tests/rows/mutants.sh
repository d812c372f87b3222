#!/usr/bin/env bash
# Faults put into the core, one by one, by cargo-mutants: each has to fail a test, or to be in
# rows/mutants/survivors.txt with the reason why none can fail. A test run that hangs counts as
# failed.
#
# There are more mutants than fit into a run, so they are cut into parts that are tried in an order
# drawn from a seed until the time is up.
#
#   PEERAGE_MUTANTS_MINUTES   how long: 25
#   PEERAGE_MUTANTS_SEED      the order of the parts; drawn and printed otherwise
#   PEERAGE_MUTANTS_FILES     these files only, all of their mutants: 'src/rng.rs src/wait/gate/queue.rs'
#
# The tests are those that are fast and look at the core from outside. What only other languages
# call, and what prints for programmers, is left out.
set -eu
build=$2
. ffi-tests/rows/cargo_tool.sh

parts=40
files=(${PEERAGE_MUTANTS_FILES:-'src/slot/*.rs' 'src/roster/*.rs' 'src/wait/**/*.rs' 'src/policy/**/*.rs'})
tests=(threads policies faults list_behaviour model direct hashring stress interfaces slots members wakes)
seed=${PEERAGE_MUTANTS_SEED:-$RANDOM}
minutes=${PEERAGE_MUTANTS_MINUTES:-25}
listed=ffi-tests/rows/mutants/survivors.txt
[ -z "${PEERAGE_MUTANTS_FILES:-}" ] || parts=1

# One that is built by Rust 1.95.
cargo_tool cargo-mutants 27.1.0 cargo-mutants

# A tree of its own, which is changed in place, with what is built and nothing else: everything in it
# is linked for every mutant.
tree=$build/tree
rm -rf "$tree" "$build/out"
mkdir -p "$tree/tests" "$build/out"
cp -r Cargo.toml Cargo.lock build.rs src benches README.md "$tree"
cp -r tests/support "$tree/tests"
for test in "${tests[@]}"; do cp -r "tests/$test"* "$tree/tests"; done
# The manifest's tables of examples, a blank line after each, go with the examples.
sed -i -e 's/^crate-type = .*/crate-type = ["lib"]/' -e '/^\[\[example\]\]$/,/^$/d' "$tree/Cargo.toml"
# What is not compiled is skipped. It goes together with the attribute that says so.
find "$tree/src" -name '*.rs' -exec \
  sed -i 's/#\[cfg(feature = "capi")\]/& #[cfg_attr(test, mutants::skip)]/' {} +

# `sort` and `comm` have to agree.
export LC_ALL=C
export CARGO_TARGET_DIR=$build/target PEERAGE_STRESS_RUNS=4
# Linked many times, debugged never.
export CARGO_PROFILE_DEV_DEBUG=false CARGO_PROFILE_TEST_DEBUG=false RUST_BACKTRACE=0
command=(--lib "${tests[@]/#/--test=}")

if ! (cd "$tree" && cargo test --quiet --no-run "${command[@]}") >"$build/unchanged.log" 2>&1; then
  cat "$build/unchanged.log"
  exit 1
fi
began=$SECONDS
if ! (cd "$tree" && cargo test --quiet "${command[@]}") >"$build/unchanged.log" 2>&1; then
  cat "$build/unchanged.log"
  echo 'the tests fail without a mutant'
  exit 1
fi
# A run that takes three times as long hangs.
hangs=$(((SECONDS - began) * 3 + 15))

option=(--dir "$tree" --no-config --exclude '**/tests.rs' --exclude-re 'fmt::Debug')
for file in "${files[@]}"; do option+=(--file "$file"); done

# text FILE..: the mutants in these lists, without lines and columns, which move.
text() { cat "$@" 2>/dev/null | sed -E 's/^([^:]+):[0-9]+:[0-9]+: /\1: /' | sort; }

total=$(cargo mutants "${option[@]}" --list | wc -l)
[ "$total" -gt 0 ] || { echo "no mutants in ${files[*]}"; exit 1; }
echo "$total mutants, $minutes minutes; PEERAGE_MUTANTS_SEED=$seed"
end=$((SECONDS + minutes * 60))
for part in $(seq 0 $((parts - 1)) | shuf --random-source=<(yes "$seed")); do
  left=$((end - SECONDS))
  [ $left -gt 10 ] || break
  mkdir "$build/out/$part"
  # What its exit status says its lists say better. In this group of processes, to end with it.
  timeout --foreground -k 10 $left cargo mutants "${option[@]}" \
    --shard "$part/$parts" --sharding round-robin --in-place --baseline skip \
    --timeout $hangs --build-timeout 300 --cap-lints true \
    --output "$build/out/$part" --no-times --colors never -- "${command[@]}" \
    >"$build/out/$part.log" 2>&1 || true
done

count() { text "$build"/out/*/mutants.out/"$1".txt | wc -l; }
tried=0
for outcome in caught timeout missed unviable; do
  echo "$outcome: $(count $outcome)"
  tried=$((tried + $(count $outcome)))
done
echo "tried: $tried of $total"
[ "$tried" -gt 0 ] || { cat "$build"/out/*.log; exit 1; }

reasons=$(sed -nE 's/^(src\/.*) -- .+$/\1/p' "$listed" | sort)
missed=$(text "$build"/out/*/mutants.out/missed.txt)
killed=$(comm -12 <(text "$build"/out/*/mutants.out/{caught,timeout}.txt) \
  <(comm -23 <(echo "$reasons") <(echo "$missed")))
[ -z "$killed" ] || printf 'listed as survivors, and killed this time:\n%s\n' "$killed"
unlisted=$(comm -23 <(echo "$missed") <(echo "$reasons"))
[ -z "$unlisted" ] || {
  printf 'survived, and not in %s:\n%s\n' "$listed" "$unlisted"
  exit 1
}
