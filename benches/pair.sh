#!/usr/bin/env bash
# The benchmark of another commit beside that of this tree: what a change costs.
#
#   benches/pair.sh COMMIT [PASSES] [OPTION..]
#
# builds `cargo bench --bench choose` of both and runs them in turns, PASSES times each (3), with the options
# (`--only choosing`). Prints the best of each row in nanoseconds, before and after, and their ratio. The
# machine should have nothing else to do.
set -euo pipefail
cd "$(dirname "$0")/.."
commit=${1:?a commit to compare with} passes=${2:-3}
shift $(($# < 2 ? $# : 2))
[ $# -gt 0 ] || set -- --only choosing
target=${CARGO_TARGET_DIR:-$PWD/target}/pair
mkdir -p "$target"
tree=$(mktemp -d "$target/tree.XXXXXX")
trap 'git worktree remove --force "$tree"' EXIT
git worktree add --quiet --detach "$tree" "$commit"

build() { # MANIFEST NAME
  CARGO_TARGET_DIR=$target/$2 cargo bench --quiet --bench choose --no-run --manifest-path "$1" \
    --message-format json | sed -n 's/.*"name":"choose".*"executable":"\([^"]*\)".*/\1/p'
}
before=$(build "$tree/Cargo.toml" before)
after=$(build Cargo.toml after)

for ((pass = 0; pass < passes; pass++)); do
  "$before" --bench "$@" >"$target/before.$pass" || true
  "$after" --bench "$@" >"$target/after.$pass" || true
done
# A row of the table: its name, and the figure in nanoseconds.
best() { sed -n 's/^│ \(.*[^ ]\)  *┆  *\([0-9.]*\) ns \/.*/\1\t\2/p' "$target/$1".* | sort -t "$(printf '\t')" -k1,1 -k2,2n | awk -F '\t' '!seen[$1]++'; }
join -t "$(printf '\t')" <(best before) <(best after) |
  awk -F '\t' '{ printf "%-68s %8.1f ns  %8.1f ns  %.2f ×\n", $1, $2, $3, $3 / $2 }'
