#!/usr/bin/env bash
# Says of each crate in the folder $1 whose it is and on what terms, in the form of debian/copyright,
# which has the text of every licence named here. An expression that is not known is an error, to be
# read by a person.
set -eu

# Where one of several may be chosen, the choice is one whose text is there.
terms() {
  case $1 in
    MIT | 'Unlicense OR MIT') echo Expat ;;
    'MIT OR Apache-2.0' | 'Apache-2.0 OR MIT' | 'MIT/Apache-2.0') echo 'Expat or Apache-2.0' ;;
    'Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT') echo 'Expat or Apache-2.0' ;;
    'MIT OR Apache-2.0 OR LGPL-2.1-or-later') echo 'Expat or Apache-2.0' ;;
    '(MIT OR Apache-2.0) AND Unicode-3.0') echo 'Expat or Apache-2.0, and Unicode-3.0' ;;
    'Apache-2.0 OR ISC OR MIT') echo 'Expat or Apache-2.0' ;;
    'Apache-2.0 AND ISC') echo 'Apache-2.0 and ISC' ;;
    MPL-2.0 | BSD-3-Clause | ISC | CDLA-Permissive-2.0) echo "$1" ;;
    *) return 1 ;;
  esac
}

# holders CRATE: its authors, and whom the lines of its licences name.
holders() {
  {
    find "$1" -maxdepth 1 -type f \( -iname 'LICEN[CS]E*' -o -iname 'COPYRIGHT*' \) \
      -exec grep -hiE '^ *(copyright )+(\(c\)|©|[0-9]|by |the )' {} + |
      grep -viE '\[|yyyy|owner|notice' | sed -E 's/^ *([Cc]opyright *)+(\([cC]\)|©)? *//' |
      grep '[a-z][a-z]' | sort -u
    tr '\n' ' ' <"$1/Cargo.toml" | sed -n 's/.*[[:space:]]authors = \[\([^]]*\)\].*/\1/p' |
      grep -o '"[^"]*"' | tr -d '"'
  } | grep '' || echo "the developers of $(basename "$1")"
}

for crate in "$1"/*/; do
  crate=${crate%/}
  expression=$(sed -n 's/^license = "\(.*\)"/\1/p' "$crate/Cargo.toml" | head -n 1)
  terms=$(terms "$expression") || {
    echo "bindings/debian/copyright.sh does not know '$expression', the licence of $crate" >&2
    exit 1
  }
  printf '\nFiles: %s/*\nCopyright: %s\nLicense: %s\n' "$crate" \
    "$(holders "$crate" | sed '2,$s/^/ /')" "$terms"
done
