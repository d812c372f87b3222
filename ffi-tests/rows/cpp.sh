#!/usr/bin/env bash
# Builds and runs the tests of include/peerage.hpp: plain, and with the address and
# undefined-behaviour sanitizers.
#
#   ffi-tests/rows/cpp.sh LIBRARIES BUILD
#
# from the root of the repository. LIBRARIES is the folder with libpeerage.a and libpeerage.so, BUILD
# a folder to build in. Needs cmake, a C++17 compiler and GoogleTest (Debian's libgtest-dev).
set -euo pipefail
libraries=$(realpath "$1")
mkdir -p "$2"
build=$(realpath "$2")

# The shared library is asked for by its SONAME, which cargo does not lay out.
soname=$build/lib
mkdir -p "$soname"
ln -sf "$libraries/libpeerage.so" "$soname/libpeerage.so.0.1"
export LD_LIBRARY_PATH=$soname${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}

for kind in plain sanitizers; do
  sanitize=OFF
  [ "$kind" = plain ] || sanitize=ON
  echo "-- C++, $kind"
  cmake -S ffi-tests/cpp -B "$build/$kind" -DPEERAGE_LIBRARIES="$libraries" -DSANITIZE="$sanitize" \
    >"$build/$kind.log" || { cat "$build/$kind.log"; exit 1; }
  cmake --build "$build/$kind" --parallel "${JOBS:-2}"
  (cd "$build/$kind" && ctest --output-on-failure)
done
