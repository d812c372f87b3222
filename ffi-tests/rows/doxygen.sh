#!/usr/bin/env bash
# The reference of the headers as a site, without a warning; a name in a comment that is nowhere
# declared is one, and is planted first to see that it is found.
#
#   ffi-tests/rows/doxygen.sh - BUILD
#
# from the root of the repository.
set -eu
build=$2

site() {
  mkdir -p "$build/$1"
  sed "s|^INPUT .*|INPUT = $2|" docs/Doxyfile | PEERAGE_SITE=$build/$1 doxygen -
}

{ cat include/peerage.h; printf '/*\n * ---- planted: a topic ----\n * See peerage_nowhere.\n */\n'; } \
  >"$build/planted.h"
if site planted "$build/planted.h" >"$build/planted.log" 2>&1 || ! grep -q peerage_nowhere "$build/planted.log"; then
  echo 'a name that is nowhere declared was not found'
  exit 1
fi

rm -rf "$build/site"
mkdir -p "$build/site"
PEERAGE_SITE=$build/site doxygen docs/Doxyfile

# What a reader would look for: every topic, every function, and the box to search in.
html=$build/site/html
for topic in $(sed -n 's/^ \* ---- \([a-z]*\): .*/\1/p' include/peerage.h); do
  [ -f "$html/group__topic__$topic.html" ] || { echo "$topic has no page"; exit 1; }
done
grep -q searchBox "$html/index.html"
missing=0
for name in $(sed -n '/^PEERAGE_API$/,/;/p' include/peerage.h |
  grep -oE '\bpeerage_[a-z0-9_]+\(' | tr -d '(' | sort -u); do
  grep -qrF "'$name'" "$html/search" || { echo "$name cannot be searched for"; missing=1; }
done
[ $missing -eq 0 ]
echo "the site: $html/index.html"
