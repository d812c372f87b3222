#!/usr/bin/env bash
# The library for another target, with warnings denied, and the programs of ffi-tests/c on it: under
# an emulator where the processor is another one.
#
#   ffi-tests/rows/targets.sh - BUILD ROW
#
# from the root of the repository. Exit code 77: Rust's libraries for the target cannot be had.
set -eu
export build=$2 cc run=''
row=$3
export libs='-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc'
. ffi-tests/rows/rustup_target.sh

# emulated PROCESSOR GNU-NAME: Debian keeps the libraries of another processor under its name.
emulated() {
  local qemu
  qemu=$(command -v "qemu-$1-static" || command -v "qemu-$1")
  cc=$2-gcc run="$qemu -L /usr/$2"
}

case $row in
  # The kernel's headers are those of the 64-bit system. With -m32 gcc finds them only where
  # gcc-multilib is, and that package excludes the compilers for other processors.
  capi-32)
    target=i686-unknown-linux-gnu
    cc="cc -m32 -idirafter /usr/include/$(cc -print-multiarch)"
    ;;
  aarch64)
    target=aarch64-unknown-linux-gnu
    emulated aarch64 aarch64-linux-gnu
    ;;
  armv7)
    target=armv7-unknown-linux-gnueabihf
    emulated arm arm-linux-gnueabihf
    ;;
  # The unwinder that gcc brings is for the C library of the system. Rust brings one for musl.
  musl)
    target=x86_64-unknown-linux-musl
    cc='musl-gcc -static'
    libs="-L $(rustc --print target-libdir --target "$target")/self-contained -lunwind"
    ;;
  *)
    echo "targets.sh has no recipe for '$row'" >&2
    exit 2
    ;;
esac

has_target "$target" || { echo "needs the target: rustup target add $target"; exit 77; }
if [ "$row" != musl ]; then
  variable=CARGO_TARGET_$(tr a-z- A-Z_ <<<"$target")
  export "${variable}_LINKER=${cc%% *}"
fi
export RUSTFLAGS='-D warnings' built=$CARGO_TARGET_DIR/$target/debug
cargo build --quiet --lib --features installed --target "$target"

# check SOURCE [LINKER-ARGUMENT…]: against the archive, unless it is told of another library.
check() {
  local source=$1 name
  shift
  [ $# -gt 0 ] || set -- "$built/libpeerage.a"
  name=$(basename "$source" .c)
  $cc -std=c99 -Wall -Wextra -pedantic -Werror -g -I include "$source" "$@" $libs -o "$build/$name" &&
    timeout 300 $run "$build/$name" || { echo "$name: FAILED"; return 1; }
  # Each holds the whole archive, which is a gigabyte for all of them.
  rm "$build/$name"
  echo "$name: ok"
}
export -f check

# The linker and the loader have to agree with the shared library as well. Rust makes none for musl
# unless it is told to.
if [ -e "$built/libpeerage.so" ]; then
  soname=$(readelf -d "$built/libpeerage.so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
  case $soname in
    libpeerage.so.[0-9]*) ln -sf "$built/libpeerage.so" "$build/$soname" ;;
    *) echo "libpeerage.so has the SONAME '$soname'" >&2; exit 1 ;;
  esac
  check ffi-tests/c/threads.c "$built/libpeerage.so" "-Wl,-rpath,$build"
fi
printf '%s\0' ffi-tests/c/*.c | xargs -0 -n 1 -P "$(nproc)" bash -c 'check "$1"' check

# Rust's own view, where another processor is to be seen. The ring's tests hash thousands of points
# in safe code, which takes an emulator minutes.
if [ "$row" = aarch64 ]; then
  export "${variable}_RUNNER=$run"
  cargo test --quiet --lib --features installed --target "$target" -- --skip ring::tests
fi

[ "${CI:-}" != true ] || rm -rf "${CARGO_TARGET_DIR:?}/$target"
