#!/usr/bin/env bash
# The program `peerage` as its users run it, with the sessions of docs/program.md, and what a package takes
# from it. Costs a build of its crates, about two minutes on two cores, and ten seconds.
set -euo pipefail
build=$2
cd "$(dirname "$0")/../.."

cargo test --quiet --features cli --bin peerage --test cli

program=$(realpath "${CARGO_TARGET_DIR:-target}")/debug/peerage
rm -rf "$build"
mkdir -p "$build"

# A shell that is there reads its completion, and bash completes with it.
for shell in bash zsh fish; do
  "$program" completion "$shell" >"$build/$shell"
  ! command -v "$shell" >/dev/null || "$shell" -n "$build/$shell"
done
completed=$(bash -c "source '$build/bash'; COMP_WORDS=(peerage wa) COMP_CWORD=1; _peerage peerage wa peerage; echo \"\${COMPREPLY[*]}\"")
[ "$completed" = watch ] || { echo "bash completes 'wa' as '$completed'" >&2; exit 1; }

# A page for the program and one for each subcommand, without a warning where there is groff.
"$program" man "$build/man1"
for page in peerage peerage-{check,watch,top,simulate,explain,completion,man}; do
  [ -s "$build/man1/$page.1" ] || { echo "there is no page $page.1" >&2; exit 1; }
  ! command -v groff >/dev/null || warned=$(groff -ww -man -Tutf8 -z "$build/man1/$page.1" 2>&1)
  [ -z "${warned:-}" ] || { printf '%s\n' "$warned" >&2; exit 1; }
done
