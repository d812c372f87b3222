#!/usr/bin/env bash
# The Go package: formatted, vetted, tested; tested again for data races, for Go pointers that C
# keeps, for invalid accesses, with a garbage collection at every step, and linked with the static
# library; and the benchmark runs.
#
#   ffi-tests/rows/go.sh LIBRARIES BUILD
#
# from the root of the repository. LIBRARIES is the folder with libpeerage.a and libpeerage.so, BUILD
# a folder to build in. Exit code 77: a tool is missing, and the last line says how to get it.
set -euo pipefail
. ffi-tests/rows/go_env.sh "$1" "$2"
cd bindings/go

unformatted=$(gofmt -l ./*.go)
[ -z "$unformatted" ] || { echo "not formatted: $unformatted" >&2; exit 1; }

run() {
  echo "-- $*"
  "$@"
}

run go vet ./...
run go test -count=1 ./...
run go test -count=1 -race ./...
run env GOEXPERIMENT=cgocheck2 go test -count=1 ./...
run go test -count=1 -asan ./...
run go test -count=1 -asan -tags peerage_debug -run 'Deferred|Life|Closed|Alive|Leave|Outlive|Hooks|Policy|Direct' ./...
run go test -run '^$' -bench . -benchtime 1000x -cpu 1,2 ./...

# Half a minute of figures, for who wants them.
[ -z "${PEERAGE_MEASURE:-}" ] || run go test -count=1 -tags peerage_measure -run TestMeasure -v .

run env -u LD_LIBRARY_PATH go test -count=1 -tags peerage_static ./...
