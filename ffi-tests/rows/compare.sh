#!/usr/bin/env bash
# The comparison with rivals runs, in short, and all sides of it print figures, which are not judged;
# the tests of its programs pass.
set -euo pipefail
library=$1 build=$2
# Nothing here is debugged, and it is half of what a linker writes.
export CARGO_PROFILE_DEV_DEBUG=false

benches/compare.sh --quick --strict --profile dev --library "$library" --build "$build" \
  --lines "$build/lines" >"$build/out"
cat "$build/out"

# has WORK LANGUAGE SIDE: there is a figure of it.
has() {
  grep -q "^$1"$'\t'"$2"$'\t'"$3"$'\t' "$build/lines" || {
    echo "no figure of '$1' from $3 in $2" >&2
    exit 1
  }
}
for work in choose flaps members wake memory; do
  for language in rust c go; do has $work $language peerage; done
  has $work c++ plain
  has $work go yarpc-go
done
for side in pingora tower floor; do has choose rust $side; done
has choose go grpc-go
for language in rust c++ go; do
  has wake $language condvar
  has members $language hashmap
done

for package in table rust; do
  CARGO_TARGET_DIR=$build/rust cargo test --quiet --manifest-path "benches/compare/$package/Cargo.toml"
done
. ffi-tests/rows/go_env.sh "$library" "$build/go"
cd benches/compare/go
unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "not formatted: $unformatted" >&2; exit 1; }
go vet ./...
go test -count=1 ./...
