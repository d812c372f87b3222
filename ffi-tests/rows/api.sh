#!/usr/bin/env bash
# What is public in Rust (with every feature, and with none), C++ and Go, as texts of one name a line, against
# those of rows/api. What is gone or has changed fails; what is new fails until it is kept, so that the commit
# which adds it shows it, and so that it is missed when it goes.
#
#   PEERAGE_BLESS=1       keeps what is new
#   PEERAGE_BLESS=break   keeps what breaks too, for a version that may
#
# A text sees every signature, bound, field and value, but not what a new item does to others: that a method
# added to a trait has no default, say. The row `semver` looks at that.
set -euo pipefail
build=$2 kept=ffi-tests/rows/api
. "$kept/kept.sh"
. ffi-tests/rows/cargo_tool.sh

# What rustdoc writes as JSON has a number of its own in each version of Rust; this one's is read by that tool.
rust=1.95.0
with_rust() {
  toolchain=()
  [[ $(rustc --version) != "rustc $rust "* ]] || return 0
  toolchain=("+$rust")
  cargo "+$rust" --version >/dev/null 2>&1 ||
    rustup toolchain install "$rust" --profile minimal >/dev/null 2>&1
}

# of_crate FEATURES..: the impls that every type has are left out, and those that only the compiler asks for; of
# what is derived the impl is told and its methods are not.
of_crate() {
  RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$build/target cargo "${toolchain[@]}" rustdoc --quiet --lib "$@" -- \
    -Z unstable-options --output-format json --cap-lints allow
  cargo-public-api public-api --rustdoc-json "$build/target/doc/peerage.json" --omit blanket-impls --color never |
    grep -vE -e '^impl.*core::(marker::(Freeze|UnsafeUnpin|StructuralPartialEq)|panic::unwind_safe::[A-Za-z]+) for ' \
      -e '::(fmt\(&self, &mut core::fmt::Formatter|clone\(&self\)|eq\(&self, &|hash<)' |
    LC_ALL=C sort -u
}

# names_in_rust: what a crate that asks for no feature has, and behind a mark the rest.
names_in_rust() {
  of_crate >"$build/without"
  of_crate --all-features >"$build/with"
  LC_ALL=C comm -12 "$build/without" "$build/with"
  LC_ALL=C comm -13 "$build/without" "$build/with" | sed 's/$/ [with a feature]/'
  LC_ALL=C comm -23 "$build/without" "$build/with" | sed 's/$/ [without features]/'
}

# names_in_cpp: as doxygen sees the headers for the reference. Kept with 1.9.4; spaces, in which versions differ, are
# made even.
names_in_cpp() {
  rm -rf "$build/xml"
  mkdir -p "$build/xml"
  {
    cat docs/Doxyfile
    printf '%s\n' 'INPUT = include/peerage.hpp include/peerage' 'EXCLUDE_SYMBOLS = std::hash*' \
      'GENERATE_HTML = NO' 'GENERATE_XML = YES' 'XML_PROGRAMLISTING = NO' 'WARNINGS = NO'
  } | PEERAGE_SITE=$build doxygen -
  python3 "$kept/cpp.py" "$build/xml"
}

# names_in_go FOLDER
names_in_go() {
  (cd "$1" && CGO_ENABLED=1 go doc -all .) | awk -f "$kept/go.awk"
}

failed=0
# look NAME OWNER COMMAND..: see `changes`.
look() {
  "${@:3}" | { grep -v '^$' || true; } | LC_ALL=C sort -u >"$build/$1.txt"
  [ -s "$build/$1.txt" ] || { echo "$1: there are no names"; exit 1; }
  touch "$kept/$1.txt"
  changes "$kept/$1.txt" "$build/$1.txt" "$2"
  if [ -z "$new$broken" ]; then
    echo "$1: $(wc -l <"$build/$1.txt") names, as they were kept"
  elif bless "$broken"; then
    cp "$build/$1.txt" "$kept/$1.txt"
  else
    failed=1
  fi
}

with_rust || { echo "needs Rust $rust: rustup toolchain install $rust --profile minimal"; exit 77; }
# What a class or an interface that is there asks for anew.
look cpp 's/^virtual .* (peerage::[a-z_]+)::.*=0$/class \1/p' names_in_cpp
look go 's/^(type .* interface): .*/\1/p' names_in_go bindings/go
look go-yarpc 's/^(type .* interface): .*/\1/p' names_in_go bindings/go/yarpc
# The last version that reads the JSON of that Rust.
cargo_tool cargo-public-api 0.52.0 cargo-public-api
look rust '' names_in_rust
exit $failed
