#!/usr/bin/env bash
# What a change of include/peerage.h means for programs that were compiled with it as it was: rows/abi has
# its functions and types (types.abi, of abidw), and its constants, fields, names of types and inline functions
# (lines.txt) from then. What breaks fails; what is new fails until it is kept, so that it is missed when it goes.
#
#   PEERAGE_BLESS=1       keeps what is new
#   PEERAGE_BLESS=break   keeps what breaks too, for a version that may: 0.2 after 0.1
#
# The header stands for the library, which tests/header.rs and tests/symbols.rs hold to it. Debugging
# information of the library itself goes through every pointer into Rust's structs, which C does not see.
set -eu
build=$2 kept=ffi-tests/rows/abi
. ffi-tests/rows/api/kept.sh
[ "$(uname -m)" = x86_64 ] || { echo 'the types are kept as x86_64 has them'; exit 77; }

# A library with the functions of the header and nothing in them.
{
  echo '#include <peerage.h>'
  echo '#include <peerage.h>' | cc -E -P -Iinclude -DPEERAGE_API=exported -DPEERAGE_MUST_USE= -xc - |
    tr '\n' ' ' | grep -oE '\bexported [^;]*;' |
    sed -e 's/^exported //' -e 's/;$/ { __builtin_trap(); }/'
} >"$build/stub.c"
cc -g -shared -fPIC -Iinclude -Wl,-soname,libpeerage.so.0.1 "$build/stub.c" -o "$build/libpeerage.so"
# Without lines, paths and the compiler's name, which are not the ABI.
abidw --no-show-locs --no-comp-dir-path --no-corpus-path "$build/libpeerage.so" |
  sed -E "s/ (path|comp-dir-path|filepath|language)='[^']*'//g" >"$build/types.abi"
header() { echo '#include <peerage.h>' | cc -E "$@" -Iinclude -xc - ; }
# The version changes with every release, what has arguments is text for the compiler, and an initializer
# grows with its struct: of that the name is kept.
constants() {
  header -dM |
    sed -nE -e 's/^#define (PEERAGE_[A-Z_]+_INIT) .*/\1/p' -e t -e 's/^#define (PEERAGE_[A-Z0-9_]+) (.+)/\1 \2/p' |
    grep -vE '^PEERAGE_(VERSION_|MUST_USE|API|H )'
}
# A field with its place, which may have others after it. abidiff cannot be told that a struct may grow and do
# nothing else: with the suppression below it is silent on all that happens in it.
fields() {
  header -P | tr -s '\n ' ' ' | grep -oE 'typedef struct peerage_[a-z_]+ \{[^}]*\}' |
    awk '{ name = $3; sub(/^[^{]*\{ */, ""); count = split($0, field, / *; */)
      for (n = 1; n < count; n++) print name "[" n - 1 "] " field[n] }'
}
others() {
  header -P | tr -s '\n ' ' ' | grep -oE 'typedef [^;{]*;|static inline [^{]*' | grep -F peerage_ | sed 's/ *;*$//'
}
{ constants; fields; others; } | LC_ALL=C sort >"$build/lines.txt"

# Structs that begin with `size`, or that a function fills as far as the `size` beside them says, may grow at
# their end, as include/README.md has it. Not peerage_memory: it is given whole or not at all.
growing() {
  sed -nE 's/^(peerage_[a-z_]+)\[0\] size_t size$/\1/p' "$kept/lines.txt"
  header -P | tr -s '\n ' ' ' | grep -oE 'peerage_[a-z_]+ \*[a-z_]+, size_t size\)' | sed 's/ .*//'
}
growing | grep -vx peerage_memory | sort -u | while read -r name; do
  printf '[suppress_type]\ntype_kind = struct\nname = %s\nhas_data_member_inserted_at = end\n' "$name"
done >"$build/growth.ini"

# differs OPTIONS..: its exit status is bits: 4 for a change, of which 8 says that no program can survive it.
differs() {
  local code=0
  abidiff "$@" "$kept/types.abi" "$build/types.abi" >"$build/differs" || code=$?
  [ $((code & 3)) -eq 0 ] || { cat "$build/differs"; echo 'abidiff did not work'; exit 1; }
  [ $code -ne 0 ]
}
changes "$kept/lines.txt" "$build/lines.txt"
if differs --no-added-syms --suppressions "$build/growth.ini"; then
  cat "$build/differs"
  broken+=types
elif differs; then
  cat "$build/differs"
  new+=types
fi
# Debian's list of symbols says since when there is each; the row `debian`, which takes minutes, compares it too.
symbols=bindings/debian/debian/libpeerage0.1.symbols
sed -nE "s/^ *<elf-symbol name='([a-z0-9_]+)'.*/\1/p" "$build/types.abi" | LC_ALL=C sort >"$build/functions"
sed -nE 's/^ ([a-z0-9_]+)@.*/\1/p' "$symbols" | LC_ALL=C sort >"$build/in-debian"
unnamed=$(LC_ALL=C comm -23 "$build/functions" "$build/in-debian")
[ -z "$unnamed" ] || { printf "not in Debian's list of symbols:\n%s\n" "$unnamed"; new+=symbols; }

[ -n "$broken$new" ] || { echo 'a program that was compiled with the header as it was kept still runs'; exit 0; }
bless "$broken"
cp "$build/types.abi" "$build/lines.txt" "$kept"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
{
  grep -v '^ ' "$symbols"
  { grep '^ ' "$symbols"; sed -n "s/..*/ &@PEERAGE_${version%.*} $version/p" <<<"$unnamed"; } | LC_ALL=C sort
} >"$build/symbols"
cp "$build/symbols" "$symbols"
