#!/usr/bin/env bash
# The peer lists for YARPC, against the YARPC that go.mod names: formatted, vetted, tested, tested for data
# races, and the benchmark runs. The tests once more against the oldest version there is support for, and
# one between.
#
#   ffi-tests/rows/go_yarpc.sh LIBRARIES BUILD
#
# from the root of the repository. LIBRARIES is the folder with libpeerage.a and libpeerage.so, BUILD
# a folder to build in. Exit code 77: a tool is missing, and the last line says how to get it.
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
run go test -count=1 ./...
run go test -count=1 -race ./...
run go run ./bench -quick

# With what that version requires itself.
for version in v1.47.2 v1.60.0; do
  for file in mod sum; do cp "go.$file" "$build/$version.$file"; done
  indirect=$(go mod edit -json | sed -n '/"Path"/h; /"Indirect": true/{x;s/.*"Path": "\(.*\)",/-droprequire=\1/p}')
  go mod edit $indirect -require "go.uber.org/yarpc@$version" "$build/$version.mod"
  run go mod tidy -modfile "$build/$version.mod"
  run go test -count=1 -modfile "$build/$version.mod" .
done
