#!/usr/bin/env bash
# Installs the library in two ways, with cargo-c and by the commands of include/README.md, and uses each
# installation as a stranger would: through pkg-config, shared and static, and through CMake.
set -eu
build=$2
. ffi-tests/rows/cargo_tool.sh

# block WORD: the block of include/README.md whose first line ends in WORD.
block() { sed -n "/^\`\`\`[a-z]* $1\$/,/^\`\`\`\$/p" include/README.md | sed '1d;$d' | grep ''; }

use() {
  local prefix=$1 flags libs program
  export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
  echo "== used from $prefix"
  diff -r -x README.md include "$prefix/include"
  readelf -d "$prefix/lib/libpeerage.so" | grep -q 'soname: \[libpeerage.so.0.1\]'
  [ "$(pkg-config --modversion peerage)" = "$version" ]

  flags=(-std=c99 -Wall -Wextra -pedantic -Werror)
  for program in ffi-tests/packaging/hello.c "$build/example.c"; do
    # Shared: what the program asks for is the SONAME.
    read -ra libs <<<"$(pkg-config --cflags --libs peerage)"
    cc "${flags[@]}" "$program" "${libs[@]}" -o "$build/shared"
    readelf -d "$build/shared" | grep -q 'NEEDED.*\[libpeerage.so.0.1\]'
    LD_LIBRARY_PATH=$prefix/lib "$build/shared"

    # Static: the archive is named, because the linker prefers the shared library next to it.
    read -ra libs <<<"$(pkg-config --static --cflags --libs peerage | sed 's/-lpeerage/-l:libpeerage.a/')"
    cc "${flags[@]}" "$program" "${libs[@]}" -o "$build/static"
    ! readelf -d "$build/static" | grep -q libpeerage || return 1
    "$build/static"
  done

  rm -rf "$build/cmake"
  cmake -S ffi-tests/packaging -B "$build/cmake" >/dev/null
  cmake --build "$build/cmake" >/dev/null
  readelf -d "$build/cmake/hello" | grep -q 'NEEDED.*\[libpeerage.so.0.1\]'
  LD_LIBRARY_PATH=$prefix/lib "$build/cmake/hello"
}

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
block example >"$build/example.c"

rm -rf "$build/by-hand" "$build/cargo-c"
block by-hand >"$build/by-hand.sh"
PREFIX=$build/by-hand bash -eu "$build/by-hand.sh"
use "$build/by-hand"

# The last version that is built by Rust 1.95.
cargo_tool cargo-c 0.10.24 cargo-cinstall
cargo cinstall --release --prefix "$build/cargo-c" --libdir "$build/cargo-c/lib" \
  --target-dir "$build/target"
use "$build/cargo-c"

# Both ways give the same folder and the same answers.
diff <(cd "$build/by-hand" && find . | sort) <(cd "$build/cargo-c" && find . | sort)
for folder in by-hand cargo-c; do
  PKG_CONFIG_PATH=$build/$folder/lib/pkgconfig pkg-config --static --cflags --libs peerage |
    sed "s|$build/$folder||g" >"$build/$folder.flags"
done
diff "$build/by-hand.flags" "$build/cargo-c.flags"
