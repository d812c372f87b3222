#!/usr/bin/env bash
# The C programs that have threads, and the inputs of fuzz/regressions_threads, under the thread
# sanitizer. An uninstrumented library hides its locks and atomics from it, which makes false reports,
# so one of two things is done:
#
#   with a nightly toolchain and rust-src, the library and Rust's own are built with the sanitizer:
#   it then sees races in Rust, in C and between them;
#   without, each call of the library counts as one that synchronises (tsan/calls.h), and what the
#   library does itself is not looked at: it then sees races in C only.
#
# In either case a planted race has to be found first.
set -eu
lib=$1 build=$2
flags=(-std=gnu99 -g -fsanitize=thread -I include)
libs=(-lgcc_s -lpthread -lm -ldl)

. ffi-tests/rows/tsan/toolchain.sh

cc "${flags[@]}" ffi-tests/rows/tsan/planted.c -lpthread -o "$build/planted"
must_report "$build/planted"

if with_nightly; then
  echo 'the library is instrumented'
  instrumented build --quiet --features installed --lib
  libs=(ffi-tests/rows/tsan/shim.c "$build/$host/debug/libpeerage.a" "${libs[@]}")
else
  echo 'no nightly toolchain with rust-src: the library is not instrumented'
  {
    echo '#include "tsan/calls.h"'
    grep -oE 'peerage_[a-z0-9_]+\(' include/peerage.h | sort -u | tr -d '(' |
      sed 's/.*/#define &(...) SYNCHRONISING(&(__VA_ARGS__))/'
  } >"$build/calls.h"
  flags+=(-I ffi-tests/rows -include "$build/calls.h")
  # Shared, because the sanitizer leaves out what it is told of by the name of a shared library.
  ln -sf "$lib/libpeerage.so" "$build/libpeerage.so.0.1"
  libs=("$lib/libpeerage.so" "-Wl,-rpath,$build" "${libs[@]}")
  echo 'called_from_lib:libpeerage.so' >"$build/suppressions"
  export TSAN_OPTIONS="suppressions=$build/suppressions"
fi

for source in ffi-tests/c/*.c; do
  cc -M -I include "$source" | grep -q pthread.h || continue
  name=$(basename "$source" .c)
  echo "$name"
  cc "${flags[@]}" "$source" "${libs[@]}" -o "$build/$name"
  timeout 120 "${run[@]}" "$build/$name"
  rm "$build/$name"
done

echo 'the inputs kept from fuzzing'
cc "${flags[@]}" ffi-tests/fuzz_threads/*.c "${libs[@]}" -o "$build/fuzz_threads"
find fuzz/regressions_threads -type f ! -name '*.*' -exec \
  timeout 120 "${run[@]}" "$build/fuzz_threads" {} +
