#!/usr/bin/env bash
# A C program with a transport of libcurl: a server dies and comes back, and requests move.
set -euo pipefail
lib=$1 build=$2

pkg-config --exists libcurl || { echo 'needs libcurl: apt-get install libcurl4-openssl-dev'; exit 77; }
read -ra cflags <<<"$(pkg-config --cflags libcurl)"
read -ra libs <<<"$(pkg-config --libs libcurl)"

# build_and_run NAME FLAG...
build_and_run() {
  local program=$build/curl-$1
  cc -std=c99 -Wall -Wextra -pedantic -Werror -g "${@:2}" -I include ${cflags[@]+"${cflags[@]}"} \
    ffi-tests/curl/*.c "$lib/libpeerage.a" "${libs[@]}" \
    -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o "$program"
  echo "$1"
  timeout 30 "$program"
}

build_and_run plain
build_and_run sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all
