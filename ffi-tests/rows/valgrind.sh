#!/usr/bin/env bash
# Every program of ffi-tests/c under memcheck, which also sees into the Rust side. Whatever is lost
# is a failure, possibly lost too, but for what valgrind.supp names. One program for each processor
# at a time: memcheck itself runs on one.
set -eu
export lib=$1 build=$2

check() {
  local name
  name=$(basename "$1" .c)
  cc -std=c99 -g -I include "$1" "$lib/libpeerage.a" -lgcc_s -lpthread -lm -ldl -o "$build/$name" &&
    timeout 300 valgrind --quiet --error-exitcode=99 --leak-check=full \
      --show-leak-kinds=definite,indirect,possible \
      --errors-for-leak-kinds=definite,indirect,possible \
      --suppressions=ffi-tests/rows/valgrind.supp "$build/$name" >"$build/$name.log" 2>&1 ||
    { echo "$name: FAILED"; cat "$build/$name.log"; return 1; }
  # Each holds the whole archive, which is a gigabyte for all of them.
  rm "$build/$name"
  echo "$name: ok"
}
export -f check

printf '%s\0' ffi-tests/c/*.c | xargs -0 -n 1 -P "$(nproc)" bash -c 'check "$1"' check
