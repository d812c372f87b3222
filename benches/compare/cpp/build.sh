#!/usr/bin/env bash
# Builds the program of this folder: build.sh LIBRARIES BUILD, both folders. The first has
# libpeerage.so, the second gets `compare-cpp`, which finds the library by itself.
set -euo pipefail
libraries=$(realpath "$1")
mkdir -p "$2"
build=$(realpath "$2")
cd "$(dirname "$0")"

# A library is called by its SONAME, which is not what cargo names the file.
soname=$(readelf -d "$libraries/libpeerage.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
ln -sf "$libraries/libpeerage.so" "$build/$soname"

warn='-Wall -Wextra -pedantic -Werror'
# shellcheck disable=SC2086
${CC:-cc} -std=c99 -O2 $warn -I ../../../include -c ours.c -o "$build/ours.o"
# shellcheck disable=SC2016,SC2086
${CXX:-g++} -std=c++17 -O2 $warn -pthread ./*.cc "$build/ours.o" -o "$build/compare-cpp" \
  -L "$libraries" -lpeerage '-Wl,-rpath,$ORIGIN'
