#!/bin/sh
# Builds the library and installs what a C or C++ program needs of it: headers, shared library,
# archive, peerage.pc, peerage-static.pc, CMake's package, licences. It lies beside what it installs.
#
#   include/install.sh [FLAG…]       FLAGs are cargo's: --offline, --locked, --target i686-…
#   include/install.sh --rustflags   prints the flags that keep this machine's paths out, for cargo-c
#
# From the environment, each with its default:
#   PREFIX=/usr/local  LIBDIR=$PREFIX/lib  INCLUDEDIR=$PREFIX/include  DATADIR=$PREFIX/share
#   CMAKEDIR=$DATADIR/cmake/peerage
#   FEATURES=installed what the library has: every source and the probes; `installed,tls` has TLS for
#                      them too, `capi` has neither, and so the crates of neither
#   DESTDIR=           put in front of all of them, and written into no file
#   ARCHIVE=one        one object that shows peerage_* alone; `built` installs the archive as rustc
#                      made it, with its bitcode and debugging information
#   CC=cc  OBJCOPY=objcopy  READELF=readelf  AR=ar
set -eu
cd "$(dirname "$0")/.."

PREFIX=${PREFIX:-/usr/local}
LIBDIR=${LIBDIR:-$PREFIX/lib}
INCLUDEDIR=${INCLUDEDIR:-$PREFIX/include}
DATADIR=${DATADIR:-$PREFIX/share}
CMAKEDIR=${CMAKEDIR:-$DATADIR/cmake/peerage}
DESTDIR=${DESTDIR:-}
sysroot=$(rustc --print sysroot)

for folder in "$PREFIX" "$LIBDIR" "$INCLUDEDIR" "$DATADIR" "$CMAKEDIR"; do
  case $folder in
    /*) ;;
    *) echo "install.sh: $folder is not an absolute path" >&2; exit 2 ;;
  esac
done

# Panics name the file they come from.
remap="--remap-path-prefix=$PWD=/peerage
--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo
--remap-path-prefix=$sysroot/lib/rustlib/src/rust=/rust"
# A registry's folder is called by its host. The last prefix that fits is taken.
for registry in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
  [ ! -d "$registry" ] || remap="$remap
--remap-path-prefix=${registry%/}=/cargo"
done
if [ "${1:-}" = --rustflags ]; then
  echo "$remap" | tr '\n' ' '
  exit
fi

# cargo reads one of the two variables; flags are separated by a byte that no path contains.
separator=$(printf '\037')
given=${CARGO_ENCODED_RUSTFLAGS:-$(printf %s "${RUSTFLAGS:-}" | tr -s ' ' "$separator")}
CARGO_ENCODED_RUSTFLAGS=${given:+$given$separator}$(printf %s "$remap" | tr '\n' "$separator")
export CARGO_ENCODED_RUSTFLAGS
cargo build --release --lib --features "${FEATURES:-installed}" "$@"

target=${CARGO_BUILD_TARGET:-}
previous=
for argument; do
  case $argument in --target=*) target=${argument#*=} ;; esac
  [ "$previous" != --target ] || target=$argument
  previous=$argument
done
built=${CARGO_TARGET_DIR:-target}/${target:+$target/}release
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
case $version in
  0.*) abi=${version%.*} ;;
  *) abi=${version%%.*} ;;
esac

# put MODE FILE FOLDER [NAME]
put() {
  mkdir -p "$DESTDIR$3"
  install -m "$1" "$2" "$DESTDIR$3/${4:-$(basename "$2")}"
}

for header in include/*.h include/*.hpp; do put 644 "$header" "$INCLUDEDIR"; done
for header in include/peerage/*; do put 644 "$header" "$INCLUDEDIR/peerage"; done

# The shared library under its full version, with the name that programs ask for and the one that
# the linker looks for.
if [ -f "$built/libpeerage.so" ]; then
  put 755 "$built/libpeerage.so" "$LIBDIR" "libpeerage.so.$version"
  ln -sf "libpeerage.so.$version" "$DESTDIR$LIBDIR/libpeerage.so.$abi"
  ln -sf "libpeerage.so.$version" "$DESTDIR$LIBDIR/libpeerage.so"
elif [ -f "$built/libpeerage.dylib" ]; then
  put 755 "$built/libpeerage.dylib" "$LIBDIR" "libpeerage.$version.dylib"
  ln -sf "libpeerage.$version.dylib" "$DESTDIR$LIBDIR/libpeerage.$abi.dylib"
  ln -sf "libpeerage.$version.dylib" "$DESTDIR$LIBDIR/libpeerage.dylib"
fi

# Two archives by Rust in one program define the same symbols of its standard library, and bitcode
# of one LLVM cannot be read by another. One object has neither: its other symbols are local, and
# what no function of the header reaches is left out.
one_object() {
  "${READELF:-readelf}" -W --syms "$built/libpeerage.a" |
    awk '$5 == "GLOBAL" && $7 != "UND" && $8 ~ /^peerage_/ { print "-Wl,-u," $8 }' >"$scratch/roots"
  cp "$built/libpeerage.a" "$scratch/libpeerage.a"
  "${OBJCOPY:-objcopy}" --strip-debug -R .llvmbc -R .llvmcmd "$scratch/libpeerage.a" || return
  ${CC:-cc} -nostdlib -r -Wl,--gc-sections "@$scratch/roots" \
    -Wl,--whole-archive "$scratch/libpeerage.a" -Wl,--no-whole-archive -o "$scratch/all.o" || return
  # The linker keeps the names of what it left out, and objcopy would make them global.
  "${READELF:-readelf}" -W --syms "$scratch/all.o" |
    awk '$5 == "LOCAL" && $7 == "UND" && $8 != "" { print $8 }' >"$scratch/unused"
  "${OBJCOPY:-objcopy}" --strip-symbols="$scratch/unused" --wildcard \
    --keep-global-symbol='peerage_*' "$scratch/all.o" "$scratch/peerage.o" || return
  rm "$scratch/libpeerage.a"
  "${AR:-ar}" rcs "$scratch/libpeerage.a" "$scratch/peerage.o"
}
archive=${ARCHIVE:-one}
case ${target:-$(rustc -vV | sed -n 's/^host: //p')} in
  *-apple-* | *-windows-*) archive=built ;;
esac
if [ "$archive" = one ]; then
  one_object || { echo 'install.sh: needs GNU binutils for ARCHIVE=one; see ARCHIVE=built' >&2; exit 1; }
  put 644 "$scratch/libpeerage.a" "$LIBDIR"
else
  put 644 "$built/libpeerage.a" "$LIBDIR"
fi

# What Rust's standard library needs of the system. The compiler driver adds the unwinder itself,
# the shared or with -static the other one, which rustc's list could not say.
needs=$(echo | rustc ${target:+--target "$target"} --crate-type staticlib --print native-static-libs \
  -o "$scratch/empty.a" - 2>&1 | sed -n 's/.*native-static-libs: //p' | sed 's/-lgcc_s *//; s/ *-lc$//')

# below FOLDER: as a path in peerage.pc.
below() {
  case $1 in
    "$PREFIX"/*) echo "\${prefix}/${1#"$PREFIX"/}" ;;
    *) echo "$1" ;;
  esac
}
cat >"$scratch/peerage.pc" <<PC
prefix=$PREFIX
libdir=$(below "$LIBDIR")
includedir=$(below "$INCLUDEDIR")

Name: peerage
Description: Which peer gets this request?
Version: $version
Libs: -L\${libdir} -lpeerage
Libs.private: $needs
Cflags: -I\${includedir}
PC
put 644 "$scratch/peerage.pc" "$LIBDIR/pkgconfig"

# Apple's linker has no -l: and takes the archive by its path.
case ${target:-$(rustc -vV | sed -n 's/^host: //p')} in
  *-apple-*) named="\${libdir}/libpeerage.a" ;;
  *) named="-L\${libdir} -l:libpeerage.a" ;;
esac
sed -e "s|^prefix=.*|prefix=$PREFIX|" -e "s|^libdir=.*|libdir=$(below "$LIBDIR")|" \
  -e "s|^includedir=.*|includedir=$(below "$INCLUDEDIR")|" -e "s|^Version:.*|Version: $version|" \
  -e "s|^Libs:.*|Libs: $named $needs|" -e '/^#/d' include/pkgconfig/peerage-static.pc >"$scratch/peerage-static.pc"
put 644 "$scratch/peerage-static.pc" "$LIBDIR/pkgconfig"

# Told where it looks; a folder outside the prefix is named as it is.
case $CMAKEDIR in
  "$PREFIX"/*) up="\${CMAKE_CURRENT_LIST_DIR}/$(echo "${CMAKEDIR#"$PREFIX"/}" | sed 's|[^/][^/]*|..|g')" ;;
  *) up=$PREFIX ;;
esac
for file in include/cmake/*; do
  sed -e "s|\${CMAKE_CURRENT_LIST_DIR}/../../..|$up|" \
    -e "s|^\(set(_peerage_includes\) .*|\1 \"${INCLUDEDIR#"$PREFIX"/}\")|" \
    -e "s|^\(set(_peerage_libraries\) .*|\1 \"${LIBDIR#"$PREFIX"/}\")|" \
    -e "s|^\(set(_peerage_needs\) .*|\1 $needs)|" "$file" >"$scratch/cmake"
  put 644 "$scratch/cmake" "$CMAKEDIR" "$(basename "$file")"
done

for file in LICENSE-*; do put 644 "$file" "$DATADIR/doc/peerage"; done
notices=$sysroot/share/doc/rust/COPYRIGHT-library.html
if [ -f "$notices" ]; then
  put 644 "$notices" "$DATADIR/doc/peerage" LICENSE-RUST-LIBRARY.html
else
  echo "install.sh: the notices of Rust's own library are not in $notices" >&2
fi
