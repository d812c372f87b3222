#!/usr/bin/env bash
# Builds and runs the Thrift client of ffi-tests/thrift, with its servers, under the address and
# undefined-behaviour sanitizers.
#
#   ffi-tests/rows/thrift.sh LIBRARIES BUILD
#
# from the root of the repository. LIBRARIES is the folder with libpeerage.a, BUILD a folder to build
# in. Needs cmake, pkg-config, a C++17 compiler, Thrift and its compiler (Debian's libthrift-dev,
# thrift-compiler).
set -euo pipefail
libraries=$(realpath "$1")
mkdir -p "$2"
build=$(realpath "$2")

cmake -S ffi-tests/thrift -B "$build" -DPEERAGE_LIBRARIES="$libraries" -DSANITIZE=ON \
  -DCMAKE_BUILD_TYPE=Debug >"$build/configure.log" || { cat "$build/configure.log"; exit 1; }
cmake --build "$build" --parallel "${JOBS:-2}"
timeout 60 "$build/thrift_peers"
