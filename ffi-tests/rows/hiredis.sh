#!/usr/bin/env bash
# A C program with hiredis on an event loop: Redis servers die and come back, and requests move.
set -euo pipefail
lib=$1 build=$2

read -ra cflags <<<"$(pkg-config --cflags-only-I hiredis | sed 's|/hiredis\b||')"
read -ra libs <<<"$(pkg-config --libs hiredis)"

# build_and_run NAME FLAG...
build_and_run() {
  local program=$build/hiredis-$1
  cc -std=c99 -Wall -Wextra -pedantic -Werror -g "${@:2}" -I include ${cflags[@]+"${cflags[@]}"} \
    ffi-tests/hiredis/*.c "$lib/libpeerage.a" "${libs[@]}" \
    -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o "$program"
  echo "$1"
  timeout 60 "$program"
}

build_and_run plain
build_and_run sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all
