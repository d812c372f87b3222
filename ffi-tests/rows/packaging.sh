#!/usr/bin/env bash
# Installs the library with include/install.sh, and for the row `cargo-c` with that as well, and uses the
# installation as a stranger would: by hand through pkg-config, with CMake and with Meson; shared and static.
set -eu
build=$2 row=$3
. ffi-tests/rows/cargo_tool.sh

# block WORD: the block of include/README.md whose first line ends in WORD.
block() { sed -n "/^\`\`\`[a-z]* $1\$/,/^\`\`\`\$/p" include/README.md | sed '1d;$d' | grep ''; }

# shared PROGRAM: asks for the SONAME, and runs with it.
shared() {
  readelf -d "$1" | grep -q 'NEEDED.*\[libpeerage.so.0.1\]'
  LD_LIBRARY_PATH=$libraries "$1"
}

# static PROGRAM: asks for no libpeerage, and runs.
static() {
  ! readelf -d "$1" | grep -q libpeerage || { echo "$1 is not static" >&2; return 1; }
  "$1"
}

by_pkg_config() {
  local flags=(-std=c99 -Wall -Wextra -pedantic -Werror) libs program
  [ "$(pkg-config --modversion peerage)" = "$version" ]
  [ "$(pkg-config --modversion peerage-static)" = "$version" ]
  for program in ffi-tests/packaging/hello.c "$build/example.c"; do
    read -ra libs <<<"$(pkg-config --cflags --libs peerage)"
    cc "${flags[@]}" "$program" "${libs[@]}" -o "$build/shared"
    shared "$build/shared"

    read -ra libs <<<"$(pkg-config --cflags --libs peerage-static)"
    cc "${flags[@]}" "$program" "${libs[@]}" -o "$build/static"
    static "$build/static"
  done
}

# A program with no shared library at all. cargo-c writes -lgcc_s, of which there is no archive.
wholly_static() {
  local libs
  read -ra libs <<<"$(pkg-config --static --cflags --libs peerage)"
  cc -static ffi-tests/packaging/hello.c "${libs[@]}" -o "$build/wholly" 2>"$build/linker"
  ! readelf -d "$build/wholly" | grep -q NEEDED || return 1
  "$build/wholly"
}

by_cmake() {
  local wanted
  rm -rf "$build/cmake"
  cmake -S ffi-tests/packaging -B "$build/cmake" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
  cmake --build "$build/cmake" >/dev/null
  shared "$build/cmake/shared"
  shared "$build/cmake/pkg_config"
  static "$build/cmake/static"
  # Before 1.0 another minor version is another ABI.
  for wanted in 0.0.9 0.2 1 0.1.99; do
    ! cmake -S ffi-tests/packaging -B "$build/cmake" -DWANTED=$wanted >/dev/null 2>&1 ||
      { echo "CMake takes $version for $wanted" >&2; return 1; }
  done
  for wanted in "$version" 0.1...0.3; do
    cmake -S ffi-tests/packaging -B "$build/cmake" -DWANTED=$wanted >/dev/null
  done
}

by_meson() {
  rm -rf "$build/meson"
  meson setup "$build/meson" ffi-tests/packaging >"$build/meson.log" 2>&1 || { cat "$build/meson.log"; return 1; }
  ninja -C "$build/meson" >/dev/null
  shared "$build/meson/shared"
  static "$build/meson/static"
}

# A second archive by Rust, optimised as a whole, so that it has all symbols in one object.
beside_another() {
  local libs
  read -ra libs <<<"$(pkg-config --cflags --libs peerage-static)"
  rustc --edition 2024 -O -C lto --crate-type staticlib ffi-tests/packaging/other.rs -o "$build/libother.a"
  cc ffi-tests/packaging/two_rust.c "$build/libother.a" "${libs[@]}" -o "$build/two_rust"
  static "$build/two_rust"
}

# Bitcode of one LLVM cannot be read by another.
with_clang_lto() {
  local libs
  command -v clang >/dev/null || return 0
  read -ra libs <<<"$(pkg-config --cflags --libs peerage-static)"
  clang -flto ffi-tests/packaging/hello.c "${libs[@]}" -o "$build/lto"
  static "$build/lto"
}

# Where it was built is in no file.
without_paths() {
  local word
  for word in "$PWD" "${CARGO_HOME:-$HOME/.cargo}" "$build" "$CARGO_TARGET_DIR"; do
    ! grep -rlF "$word" "$1" || { echo "they name $word" >&2; return 1; }
  done
}

use() {
  echo "== used from $prefix"
  diff -r -x README.md -x install.sh -x cmake -x pkgconfig include "$prefix/include"
  readelf -d "$libraries/libpeerage.so" | grep -q 'soname: \[libpeerage.so.0.1\]'
  readelf -W --dyn-syms "$libraries/libpeerage.so" | grep -q ' peerage_version@@PEERAGE_0.1$'
  by_pkg_config
  by_cmake
  by_meson
}

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
block example >"$build/example.c"
diff LICENSE-THIRD-PARTY <(ffi-tests/packaging/notices.sh) ||
  { echo 'run ffi-tests/packaging/notices.sh >LICENSE-THIRD-PARTY' >&2; exit 1; }

# By the script, into a folder that is not where it will be used, as a distribution does it.
stage=$build/stage
rm -rf "$stage" "$build/cargo-c"
DESTDIR=$stage PREFIX=/opt/peerage LIBDIR=/opt/peerage/lib/here include/install.sh --quiet
[ "$(ls "$stage")$(ls "$stage/opt")" = optpeerage ]
without_paths "$stage"
prefix=$stage/opt/peerage libraries=$stage/opt/peerage/lib/here
export PKG_CONFIG_PATH=$libraries/pkgconfig PKG_CONFIG_SYSROOT_DIR=$stage
if [ "$row" = packaging ]; then
  use
  wholly_static
  beside_another
  with_clang_lto
  [ "$(stat -c %s "$libraries/libpeerage.a")" -lt 6500000 ]
  exit
fi

# The last version that is built by Rust 1.95.
cargo_tool cargo-c 0.10.24 cargo-cinstall
RUSTFLAGS=$(include/install.sh --rustflags) cargo cinstall --release --features installed \
  --prefix "$build/cargo-c" --libdir "$build/cargo-c/lib" --target-dir "$build/target"
prefix=$build/cargo-c libraries=$build/cargo-c/lib
export PKG_CONFIG_PATH=$libraries/pkgconfig PKG_CONFIG_SYSROOT_DIR=
without_paths "$libraries/libpeerage.so"
use

# Both ways install the same files, but for what belongs to the toolchain.
files() { (cd "$1" && find . | sed 's|/lib/here|/lib|' | grep -v RUST-LIBRARY | sort -u); }
diff <(files "$stage/opt/peerage") <(files "$build/cargo-c")
