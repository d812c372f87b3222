#!/usr/bin/env bash
# YARPC's own tests, those of its peer lists and of all that makes one, with the lists of peerage in the place
# of YARPC's. They pass, or fail as the table in bindings/go/yarpc/README.md says.
#
#   ffi-tests/rows/go_yarpc_suites.sh LIBRARIES BUILD
#
# from the root of the repository. LIBRARIES is the folder with libpeerage.a and libpeerage.so, BUILD
# a folder to build in: YARPC's module is copied there out of the module cache. Exit code 77: a tool is
# missing, and the last line says how to get it.
set -euo pipefail
. ffi-tests/rows/go_env.sh "$1" "$2"
build=$(realpath "$2")
cd bindings/go/yarpc
go run ./suites "$build/yarpc"
