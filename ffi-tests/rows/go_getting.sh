#!/usr/bin/env bash
# What bindings/go/README.md says under "Getting it", as a new user has it: the page's program and commands,
# in empty folders, with a library that is installed in a folder of its own. And where something is missing
# the page has the words that are said then, and what helps.
set -euo pipefail
build=$2
root=$PWD
page=$root/bindings/go/README.md
rm -rf "$build"
mkdir -p "$build"/{home,nothing,no_compiler,no_pkg_config}

# block WORD: the block of the page whose first line ends in WORD.
block() { sed -n "/^\`\`\`[a-z]* $1\$/,/^\`\`\`\$/p" "$page" | sed '1d;$d' | grep ''; }

# The page's own folder is in a home that nothing else is taken from.
CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
GOENV=$(go env GOENV) GOCACHE=$(go env GOCACHE) GOMODCACHE=$(go env GOMODCACHE) GOPATH=$(go env GOPATH)
export CARGO_HOME RUSTUP_HOME GOENV GOCACHE GOMODCACHE GOPATH CHECKOUT=$root HOME=$build/home
unset PKG_CONFIG_PATH LD_LIBRARY_PATH CGO_CPPFLAGS CGO_ENABLED CC PKG_CONFIG
block own-folder >"$build/own-folder"
. "$build/own-folder" >"$build/install.log" 2>&1 || { cat "$build/install.log"; exit 1; }
[ "$PKG_CONFIG_PATH:$LD_LIBRARY_PATH" = "$HOME/peerage/lib/pkgconfig:$HOME/peerage/lib" ]

# The build cache of Go knows flags and no libraries: one flag for this library here, one with which no
# build succeeds, so that nothing is found made.
sum=$({ echo "$HOME"; cat "$HOME"/peerage/include/peerage.h "$HOME"/peerage/lib/libpeerage.{a,so}; } | cksum | cut -d' ' -f1)
export CGO_CPPFLAGS=-DPEERAGE_BUILD=$sum
fresh=CGO_CPPFLAGS=-DPEERAGE_BUILD=none
# Nothing is fetched.
proxy=$(go env GOPROXY)
export GOPROXY=off GOTOOLCHAIN=local

# begin FOLDER: an empty one, with the program alone.
begin() {
  mkdir "$build/$1"
  cd "$build/$1"
  block hello >main.go
  [ -z "$(gofmt -l .)" ]
}

# runs COMMAND...: that it prints what the program does, two requests to each of two peers.
runs() {
  local peer
  "$@" >out 2>err || { cat out err; return 1; }
  for peer in 1 2; do
    [ "$(grep -cx "to 10.0.0.$peer:80" out)" -eq 2 ] || { echo "$* printed:"; cat out err; return 1; }
  done
}

# says TEXT COMMAND...: it fails with these words, which the page has.
says() {
  local text=$1
  shift
  grep -qF "$text" "$page" || { echo "the page does not explain '$text'"; return 1; }
  if "$@" >out 2>&1; then echo "$* does not fail"; return 1; fi
  grep -qF "$text" out || { echo "$* does not say '$text', but:"; cat out; return 1; }
  echo "said: $text"
}

for way in shared static workspace; do
  begin "$way"
  block "$way" >commands
  [ "$(wc -l <commands)" -eq 3 ]
  runs sh -e commands
  echo "$way: runs after three commands"
done
for way in shared static; do
  cp -r "$build/$way" "$build/$way-vendored"
  cd "$build/$way-vendored"
  block vendored >commands
  [ "$way" = shared ] || sed -i 's/^go run/& -tags peerage_static/' commands
  runs sh -e commands
  [ "$(go list -f '{{.Dir}}' peerage.dev/go)" = "$PWD/vendor/peerage.dev/go" ]
  echo "$way: runs from the module's own copy"
done

# What a program asks for where it runs.
cd "$build/static"
go build -tags peerage_static -o hello .
runs env -u LD_LIBRARY_PATH ./hello
cd "$build/shared"
go build -o hello .
says 'libpeerage.so.0.1: cannot open shared object file' env -u LD_LIBRARY_PATH ./hello
advised=$(sed -n 's/.*build with `\(-ldflags "-r [^`]*\)`.*/\1/p' "$page")
sh -ec "go build -o with_folder $advised ."
runs env -u LD_LIBRARY_PATH ./with_folder

# What is missing.
without=(env -u PKG_CONFIG_PATH "PKG_CONFIG_LIBDIR=$build/nothing" "$fresh")
says 'Package peerage was not found in the pkg-config search path' "${without[@]}" go build .
says 'peerage-static' "${without[@]}" go build -tags peerage_static .
for tool in go cc gcc as ld; do
  ! from=$(command -v "$tool") || ln -s "$from" "$build/no_pkg_config/$tool"
done
says 'exec: "pkg-config": executable file not found' env "PATH=$build/no_pkg_config" "$fresh" go build .
for tool in go pkg-config; do ln -s "$(command -v "$tool")" "$build/no_compiler/$tool"; done
needs_cgo='"peerage.dev/go is linked to a C library: install a C compiler'
says "$needs_cgo" env "PATH=$build/no_compiler" go build .
says "$needs_cgo" env CGO_ENABLED=0 go build .
[ "$(grep -c '\.go:[0-9]' out)" -eq 1 ] || { echo 'and it says more than that:'; cat out; exit 1; }
other=arm64
[ "$(go env GOARCH)" != arm64 ] || other=amd64
files=$(GOARCH=$other go list -f '{{.GoFiles}}' peerage.dev/go)
grep -qw link_needs_cgo.go <<<"$files"
says 'C compiler "gcc" not found' env "PATH=$build/no_compiler" CGO_ENABLED=1 "$fresh" go build .
cp -r "$build/shared" "$build/no_replace"
cd "$build/no_replace"
go mod edit -droprequire peerage.dev/go -dropreplace peerage.dev/go
says 'no required module provides package peerage.dev/go' go build .

# A header of another version.
cd "$build/shared"
for minor in 0 2; do
  mkdir -p "$build/other.$minor"
  sed "s/^\(#define PEERAGE_VERSION_MINOR\) .*/\1 $minor/" "$HOME/peerage/include/peerage.h" >"$build/other.$minor/peerage.h"
  sed "s|^includedir=.*|includedir=$build/other.$minor|" "$HOME/peerage/lib/pkgconfig/peerage.pc" >"$build/other.$minor/peerage.pc"
  says 'peerage.h is not of version 0.1' env "PKG_CONFIG_PATH=$build/other.$minor" "$fresh" go build .
done

# The lists for YARPC, whose modules may have to be fetched.
page=$root/bindings/go/yarpc/README.md
export GOPROXY=$proxy
for way in shared workspace; do
  begin "yarpc-$way"
  block "$way" >commands
  [ "$(wc -l <commands)" -eq 3 ]
  sh -e commands >out 2>err || { cat out err; exit 1; }
  [ "$(grep -c '^hello from server [01]$' out)" -eq 4 ] || { cat out err; exit 1; }
  echo "for YARPC, $way: runs after three commands"
done
cd "$build/yarpc-shared"
go mod vendor
go run -tags peerage_static . >out
[ "$(grep -c '^hello from server [01]$' out)" -eq 4 ]
echo 'for YARPC, static and vendored: runs'
page=$root/bindings/go/README.md

# The library has moved. Its peerage.pc still names where it was, so it is installed anew, as is said there.
cd "$build/shared"
mv "$HOME/peerage" "$HOME/elsewhere"
sed -i "s|^prefix=.*|prefix=$HOME/elsewhere|" "$HOME"/elsewhere/lib/pkgconfig/*.pc
export PKG_CONFIG_PATH=$HOME/elsewhere/lib/pkgconfig LD_LIBRARY_PATH=$HOME/elsewhere/lib
says 'cannot find -lpeerage' go build -o moved .
sh -ec "$(block anew)"
runs ./hello
echo 'moved: builds as the page says'
