#!/usr/bin/env bash
# The version is that of Cargo.toml wherever it is written. Then builds a copy of the crate as the next minor
# version, and loads both libraries into one process: each user is answered by the version that it was built
# for, in whichever order they come.
set -eu
build=$2
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
this=${version%.*}

# written FILE LINE: an extended regular expression for a whole line, in which the version is @, and its major and
# minor part are %. The header is generated and Cargo.lock written by cargo; the other copies are for readers
# that cannot ask Cargo.toml.
written() {
  local line=${2//@/${version//./\\.}}
  grep -qxE "${line//%/${this//./\\.}}" "$1" || { echo "$1 has not version $version: no line $line"; exit 1; }
}
written CHANGELOG.md '## @ - [0-9]{4}-[0-9]{2}-[0-9]{2}'
layout=$(sed -nE 's/^#define PEERAGE_MEMORY_LAYOUT .*\)([0-9]+)\)$/\1/p' include/peerage.h)
written CHANGELOG.md ".*\`PEERAGE_MEMORY_LAYOUT\` $layout[^0-9].*"
written include/pkgconfig/peerage-static.pc 'Version: @'
written bindings/debian/debian/changelog 'peerage \(@-[0-9]+\) .*'
written bindings/debian/README.md 'cd /tmp/deb/peerage-@'
written bindings/go/shim.h '#error "peerage\.h is not of version %,.*'
written bindings/go/README.md '.*`bindings/go/v@`.*'
written README.md '.*; `peerage = "%"` once it is published \|'
written include/README.md 'The SONAME is `libpeerage\.so\.%` for all of %\..*'
grep -q "^#define PEERAGE_VERSION_MINOR ${this#*.}$" include/peerage.h
next=${this%.*}.$((${this#*.} + 1))

# The next version differs in its number alone; the lock file has the number too.
copy=$build/copy
rm -rf "$copy" "$build"/users-*
mkdir -p "$copy"
cp -R Cargo.toml Cargo.lock build.rs cbindgen.toml src include benches examples tests "$copy"
sed -i "0,/^version = \"$version\"/s//version = \"$next.0\"/" "$copy/Cargo.toml"
sed -i "/^name = \"peerage\"/{n;s/\"$version\"/\"$next.0\"/}" "$copy/Cargo.lock"
sed -i -e "s/^\(#define PEERAGE_VERSION_MINOR\) .*/\1 ${next#*.}/" \
  -e "s/^\(#define PEERAGE_VERSION_PATCH\) .*/\1 0/" "$copy/include/peerage.h"
(cd "$copy" && cargo build --quiet --lib --features installed --target-dir "$build/target")

# user VERSION CHECKOUT LIBRARY: a plugin, with its library beside it under its SONAME.
user() {
  local folder=$build/users-$1
  mkdir -p "$folder"
  cp "$3/libpeerage.so" "$folder/libpeerage.so.$1"
  readelf -d "$folder/libpeerage.so.$1" | grep -q "soname: \[libpeerage.so.$1\]"
  cc -std=c99 -Wall -Wextra -pedantic -Werror -fPIC -shared -I"$2/include" \
    ffi-tests/versions/plugin.c "$folder/libpeerage.so.$1" -Wl,-rpath,"$folder" -o "$folder/plugin.so"
  readelf -W --dyn-syms "$folder/plugin.so" | grep -q " peerage_version@PEERAGE_$1 "
}
user "$this" . "$1"
user "$next" "$copy" "$build/target/debug"

old=$build/users-$this/plugin.so new=$build/users-$next/plugin.so
cc -std=c99 -Wall -Wextra -pedantic -Werror ffi-tests/versions/host.c -ldl -o "$build/host"
"$build/host" "$old" "$new"
"$build/host" "$new" "$old"

# Linked in from the start, as two libraries that a program needs.
cc -std=c99 -Wall -Wextra -pedantic -Werror ffi-tests/versions/host.c "-Wl,--no-as-needed" \
  "$build/users-$this/libpeerage.so.$this" "$build/users-$next/libpeerage.so.$next" \
  -Wl,-rpath,"$build/users-$this:$build/users-$next" -ldl -o "$build/host-linked"
"$build/host-linked" "$old" "$new"

# A host with the archive inside that exports all its symbols: those of the archive have to be left
# out, because they have no version and would answer for any.
cc -std=c99 -Wall -Wextra -pedantic -Werror -DWITH_OWN -I"$copy/include" -rdynamic ffi-tests/versions/host.c \
  "$build/target/debug/libpeerage.a" -Wl,--exclude-libs,libpeerage.a -lpthread -lm -ldl -o "$build/host-own"
"$build/host-own" "$old"
