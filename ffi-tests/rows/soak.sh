#!/usr/bin/env bash
# Clients in Rust, C, C++ and Go at once, for an hour, on servers that are killed, stopped, slowed and started
# again while DNS and a file change who they are: ffi-tests/soak/README.md.
#
#   PEERAGE_SOAK='--quick'            five minutes
#   PEERAGE_SOAK='--seed 7 --plan'    any options of the program; --help has them
#   PEERAGE_SOAK_PLANTS=yes           instead: each fault that a client can have is found, three minutes
#
#   ffi-tests/rows/soak.sh LIBRARIES BUILD
#
# from the root of the repository. LIBRARIES is the folder with libpeerage.so, BUILD a folder to build in.
set -euo pipefail
mkdir -p "$2"
build=$(realpath "$2")
. ffi-tests/rows/go_env.sh "$1" "$build"
here=ffi-tests/soak

export CARGO_TARGET_DIR=$build/rust
cargo test --quiet --manifest-path "$here/Cargo.toml"
cargo build --quiet --manifest-path "$here/Cargo.toml"
flags=(-Wall -Wextra -Werror -O1 -g -Iinclude)
linked=(-L"$prefix/lib" -lpeerage -pthread)
cc -std=c11 "${flags[@]}" "$here"/c/*.c -o "$build/client-c" "${linked[@]}"
c++ -std=c++17 "${flags[@]}" "$here/cpp/main.cc" -o "$build/client-cpp" "${linked[@]}"
unformatted=$(gofmt -l "$here/go")
[ -z "$unformatted" ] || { echo "not formatted: $unformatted" >&2; exit 1; }
(cd "$here/go" && go vet . && go build -o "$build/client-go" .)

soak() { "$build/rust/debug/peerage-soak" --programs "$build" "$@"; }

if [ -z "${PEERAGE_SOAK_PLANTS:-}" ]; then
  read -ra options <<<"${PEERAGE_SOAK:-}"
  soak --folder "$build/logs" "${options[@]}"
  exit
fi

# finds PLANT LANGUAGE CHECK: a client with this fault fails this check, and none of another client's fails.
finds() {
  local said
  if said=$(soak --seconds 24 --rate 200 --seed 1 --folder "$build/logs-$1" --plant "$1" --plant-in "$2"); then
    printf '%s\n%s in %s is not found\n' "$said" "$1" "$2" >&2
    return 1
  fi
  grep '^FAILED' <<<"$said"
  if ! grep "^FAILED  $2.*$3" <<<"$said" >/dev/null || grep '^FAILED' <<<"$said" | grep -v "^FAILED  $2" >/dev/null; then
    printf '%s\n%s in %s is not what is found\n' "$said" "$1" "$2" >&2
    return 1
  fi
}
finds leak-pick cpp 'requests in flight'
finds leak-memory c 'KiB of memory'
finds leak-fd go 'descriptors'
finds lost-count rust 'picks that were finished'
