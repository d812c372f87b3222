#!/usr/bin/env bash
# The same work on peerage and on what a program would use instead, side by side: builds the programs
# of benches/compare (Rust, C and C++, Go), runs them in turn and prints their figures as tables of
# Markdown. Sides that are compared take turns within one process; of each figure the best counts.
#
#   benches/compare.sh                 all of it, about a quarter of an hour on a quiet machine
#   benches/compare.sh --only choose   one work: choose, flaps, members, wake or memory
#
#   --quick           few and short repetitions: shows that all of it runs, and little else
#   --passes N        how many times each program runs (2; 1 with --quick)
#   --out FILE        the Markdown goes to this file too
#   --lines FILE      the lines that the tables are made of go to this file
#   --write           the Markdown replaces what is between the two markers of benches/README.md
#   --strict          what is missing, such as Go, is an error; else it is said and left out
#   --profile NAME    of cargo, for what is built in Rust (release)
#   --library FOLDER  has libpeerage.a and libpeerage.so, with the features `installed`, and spares
#                     their build; the default is one with the profile of above
#   --build FOLDER    where to build (target/compare)
set -euo pipefail
repository=$(realpath "$(dirname "$0")/..")

fail() {
  echo "compare.sh: $1" >&2
  exit "${2:-1}"
}

quick='' only='' passes='' out='' lines='' write='' strict='' profile=release library='' build=''
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=yes ;;
    --write) write=yes ;;
    --strict) strict=yes ;;
    --only | --passes | --out | --lines | --profile | --library | --build)
      [ $# -gt 1 ] || fail "$1 wants a value" 2
      printf -v "${1#--}" %s "$2"
      shift
      ;;
    --help | -h) sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"; exit ;;
    *) fail "'$1' is not understood; see --help" 2 ;;
  esac
  shift
done
case $only in
  '' | choose | flaps | members | wake | memory) ;;
  *) fail "there is no work '$only': it is choose, flaps, members, wake or memory" 2 ;;
esac
passes=${passes:-$([ -n "$quick" ] && echo 1 || echo 2)}
[[ $passes =~ ^[1-9][0-9]*$ ]] || fail "--passes wants a number from 1 on, not '$passes'" 2
[ -z "$write" ] || [ -z "$quick$only" ] || fail '--write wants all works at full length' 2

# Names of files are those of the caller's folder.
mkdir -p "${build:-${CARGO_TARGET_DIR:-$repository/target}/compare}"
build=$(realpath "${build:-${CARGO_TARGET_DIR:-$repository/target}/compare}")
out=${out:+$(realpath "$out")} lines=$(realpath "${lines:-$build/lines}")
library=${library:+$(realpath "$library")}
cd "$repository"
export CARGO_TARGET_DIR=$build/rust
# Cargo calls the folder of the profile `dev` otherwise.
folder=$profile
[ "$profile" != dev ] || folder=debug

# has NAME WHAT-FOR: whether there is such a command.
has() {
  ! command -v "$1" >/dev/null || return 0
  [ -z "$strict" ] || fail "$1 is missing"
  echo "compare.sh: $1 is missing: $2 is left out" >&2
  return 1
}

command -v cargo >/dev/null || fail 'cargo is missing: install Rust'
begun=$SECONDS
if [ -z "$library" ]; then
  cargo build --quiet --profile "$profile" --lib --features installed --target-dir "$build/library"
  library=$build/library/$folder
fi

# What can be built here.
programs=(rust)
for package in table rust; do
  cargo build --quiet --locked --profile "$profile" --manifest-path "benches/compare/$package/Cargo.toml"
done
if has cc 'C and C++' && has g++ 'C and C++' && has readelf 'C and C++'; then
  benches/compare/cpp/build.sh "$library" "$build/cpp"
  programs+=(cpp)
fi
# In a shell of its own, as go_env.sh ends the one that it is sourced in where Go is missing or old;
# the program finds again what it lays out.
code=0
(
  . ffi-tests/rows/go_env.sh "$library" "$build/go" &&
    cd benches/compare/go &&
    go build -o "$build/go/compare-go" .
) || code=$?
case $code in
  0) programs+=(go) ;;
  77) [ -z "$strict" ] || fail 'Go is missing'; echo 'compare.sh: Go is left out' >&2 ;;
  *) fail 'the program in Go was not built' ;;
esac
echo "compare.sh: built in $((SECONDS - begun)) s" >&2

run() {
  case $1 in
    rust) "$CARGO_TARGET_DIR/$folder/peerage-compare" "${@:2}" ;;
    cpp) "$build/cpp/compare-cpp" "${@:2}" ;;
    go)
      LD_LIBRARY_PATH=$build/go/prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} \
        "$build/go/compare-go" "${@:2}"
      ;;
  esac
}

flags=(${quick:+--quick} ${only:+--only "$only"})
: >"$lines"
for ((pass = 1; pass <= passes; pass++)); do
  for program in "${programs[@]}"; do
    begun=$SECONDS
    run "$program" ${flags[@]+"${flags[@]}"} >>"$lines"
    echo "compare.sh: pass $pass of $passes: the program in $program took $((SECONDS - begun)) s" >&2
  done
done

# locked CRATE: its version in the lock file of the program in Rust.
locked() {
  awk -v name="\"$1\"" '$1 == "name" { it = $3 == name } $1 == "version" && it { gsub(/"/, "", $3); print $3; exit }' \
    benches/compare/rust/Cargo.lock
}

# required MODULE: its version in the go.mod of the program in Go.
required() { awk -v name="$1" '$1 == name || $2 == name { print $NF; exit }' benches/compare/go/go.mod; }

about() {
  local cpu commit tools=''
  cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | sort -u | paste -sd, -)
  commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  git diff --quiet HEAD -- 2>/dev/null || commit+=' with changes'
  tools=$(rustc --version | cut -d' ' -f1,2)
  ! command -v g++ >/dev/null || tools+=", g++ $(g++ -dumpfullversion)"
  [[ " ${programs[*]} " != *' go '* ]] || tools+=", $(go version | cut -d' ' -f3)"
  echo "* machine: ${cpu:-unknown CPU}, $(nproc) cores, $(uname -sr | cut -d- -f1)"
  echo "* $tools; peerage at $commit"
  echo "* pingora-load-balancing $(locked pingora-load-balancing), tower $(locked tower)," \
    "yarpc-go $(required go.uber.org/yarpc), grpc-go $(required google.golang.org/grpc)"
  echo "* $(date -u '+%-d %B %Y'), $passes pass$([ "$passes" -eq 1 ] || echo es)," \
    "\`benches/compare.sh${quick:+ --quick}${only:+ --only $only}\`"
  [ "$profile" = release ] || echo "* built with the profile \`$profile\`: no figure means anything"
  echo
}

# An error of the table names a line of this file.
tables=$("$CARGO_TARGET_DIR/$folder/peerage-compare-table" <"$lines") || fail "$lines does not make tables"
{
  about
  printf '%s\n' "$tables"
} | tee "$build/tables.md"
[ -z "$out" ] || cp "$build/tables.md" "$out"

if [ -n "$write" ]; then
  readme=benches/README.md
  for marker in begin end; do
    grep -qx "<!-- compare: $marker -->" "$readme" || fail "$readme has no line '<!-- compare: $marker -->'"
  done
  awk -v file="$build/tables.md" '
    $0 == "<!-- compare: end -->" { while ((getline line < file) > 0) print line; skip = 0 }
    !skip { print }
    $0 == "<!-- compare: begin -->" { skip = 1; print "" }
  ' "$readme" >"$build/README.md"
  cat "$build/README.md" >"$readme"
fi
