#!/usr/bin/env bash
# Builds and runs the gRPC client of ffi-tests/grpc, with its servers.
#
#   ffi-tests/rows/grpc.sh LIBRARIES BUILD
#
# from the root of the repository. LIBRARIES is the folder with libpeerage.a, BUILD a folder to build
# in. Needs cmake, pkg-config, a C++17 compiler, gRPC and its compiler (Debian's libgrpc++-dev,
# protobuf-compiler-grpc).
set -euo pipefail
libraries=$(realpath "$1")
mkdir -p "$2"
build=$(realpath "$2")

cmake -S ffi-tests/grpc -B "$build" -DPEERAGE_LIBRARIES="$libraries" -DCMAKE_BUILD_TYPE=Debug \
  >"$build/configure.log" || { cat "$build/configure.log"; exit 1; }
cmake --build "$build" --parallel "${JOBS:-2}"
timeout 60 "$build/grpc_peers"
