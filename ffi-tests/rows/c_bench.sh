#!/usr/bin/env bash
# choose + finish through the shared library, from C and from Rust, in one process. The figures are
# not judged, an allocation is.
set -eu
lib=$1 build=$2
here=ffi-tests/bench

cc -std=c99 -O2 -Wall -Wextra -pedantic -Werror -fPIC -shared -I include -I "$here" \
  "$here/bench.c" -L "$lib" -lpeerage "-Wl,-rpath,$lib" -o "$build/libbench.so"
CARGO_TARGET_DIR=$build/bench cargo build --release --quiet --manifest-path "$here/Cargo.toml"
# A library is called by its SONAME, which is not what cargo names the file.
soname=$(readelf -d "$lib/libpeerage.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
mkdir -p "$build/soname"
ln -sf "$lib/libpeerage.so" "$build/soname/$soname"
LD_LIBRARY_PATH=$build/soname "$build/bench/release/peerage-c-bench" "$build/libbench.so"
