#!/usr/bin/env bash
# The peer lists for YARPC: formatted, vetted, tested, tested for data races, and the benchmark runs.
#
#   ffi-tests/rows/go_yarpc.sh LIBRARIES BUILD
#
# from the root of the repository. LIBRARIES is the folder with libpeerage.a and libpeerage.so, BUILD
# a folder to build in. Exit code 77: a tool is missing, and the last line says how to get it.
#
# This tests against bindings/go/yarpc/standin. PEERAGE_YARPC=VERSION tests against that version of the
# real go.uber.org/yarpc too, which go downloads.
set -euo pipefail
. ffi-tests/rows/go_env.sh "$1" "$2"
build=$(realpath "$2")
cd bindings/go/yarpc

unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "not formatted: $unformatted" >&2; exit 1; }

run() {
  echo "-- $*"
  "$@"
}

run go vet ./...
(cd standin && run go vet ./...)
run go test -count=1 ./...
run go test -count=1 -race ./...
run go run ./bench -quick

if [ -n "${PEERAGE_YARPC:-}" ]; then
  cp go.mod "$build/real.mod"
  cp go.sum "$build/real.sum"
  go mod edit -dropreplace go.uber.org/yarpc -require "go.uber.org/yarpc@$PEERAGE_YARPC" "$build/real.mod"
  run go mod tidy -modfile "$build/real.mod"
  run go test -count=1 -race -modfile "$build/real.mod" ./...
fi
