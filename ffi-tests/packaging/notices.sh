#!/usr/bin/env bash
# Prints LICENSE-THIRD-PARTY: the crates whose code is inside the library, each with its licence.
#
#   ffi-tests/packaging/notices.sh >LICENSE-THIRD-PARTY
#
# The row `packaging` compares the kept file with a fresh one, so a new dependency cannot be forgotten.
set -eu
cd "$(dirname "$0")/../.."

# Fixed targets, so that the answer does not depend on where it is asked. What only runs while the
# library is compiled, procedural macros and build scripts, is not inside.
crates=$(cargo tree --locked --features installed --edges normal,no-proc-macro --prefix none \
  --target x86_64-unknown-linux-gnu --target aarch64-apple-darwin --target x86_64-pc-windows-gnu \
  --format '{p}|{l}|{r}' | sed 's/ (\*)$//' | sed '/^$/d; /^peerage /d' | sort -u)
manifests=$(cargo metadata --locked --format-version 1 --features installed |
  grep -o '"manifest_path":"[^"]*"' | sed 's/.*:"//; s/"$//; s|\\\\|/|g')

cat <<'TEXT'
The library contains code of the crates below, each under the licence printed with it. Where a crate
offers several, the text is that of the MIT licence.

It also contains parts of Rust's standard library, MIT OR Apache-2.0, and of what that is built
from. Their notices depend on the compiler: they are in its documentation, in
share/doc/rust/COPYRIGHT-library.html, and include/install.sh installs that file too.
TEXT
while IFS='|' read -r crate licence repository; do
  name=${crate% v*} version=${crate##* v}
  folder=$(grep -m 1 "/$name-$version/Cargo.toml$" <<<"$manifests")
  folder=${folder%/Cargo.toml}
  case $name in
    # It brings no file, and is a part of ureq, by its author and under its licence.
    ureq-proto) folder=$(grep -m 1 "/ureq-[0-9][^/]*/Cargo.toml$" <<<"$manifests"); folder=${folder%/Cargo.toml} ;;
  esac
  printf '\n%s\n%s %s (%s)\n%s\n\n' "$(printf '=%.0s' {1..78})" "$name" "$version" "$licence" "$repository"
  found=
  for file in LICENSE-MIT LICENSE LICENSE.txt license-mit; do
    [ -z "$found" ] && [ -f "$folder/$file" ] || continue
    found=$file
    sed 's/\r$//; s/[[:space:]]*$//' "$folder/$file"
  done
  [ -n "$found" ] || { echo "$crate: no licence file in $folder" >&2; exit 1; }
  for file in "$folder"/NOTICE* "$folder"/*THIRD-PARTY*; do
    [ ! -f "$file" ] || { echo; cat "$file"; }
  done
done <<<"$crates"
