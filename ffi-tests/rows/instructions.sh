#!/usr/bin/env bash
# Instructions of one choose + finish, from Rust and from C through the shared library, under
# callgrind, against the committed ones: benches/limits/README.md. PEERAGE_BLESS=1 writes these anew.
set -eu
lib=$1 build=$2
here=benches/limits

cc -std=c99 -O2 -Wall -Wextra -pedantic -Werror -I include "$here/replay.c" "$lib/libpeerage.so" \
  -o "$build/replay"
export CARGO_TARGET_DIR=$build/limits
cargo test --release --locked --quiet --manifest-path "$here/Cargo.toml"
cargo build --release --locked --quiet --manifest-path "$here/Cargo.toml"
# A library is called by its SONAME, which is not what cargo names the file.
soname=$(readelf -d "$lib/libpeerage.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
mkdir -p "$build/soname"
ln -sf "$lib/libpeerage.so" "$build/soname/$soname"
export LD_LIBRARY_PATH=$build/soname
"$build/limits/release/peerage-limits" check "$here/instructions.tsv" "$build/replay"
