#!/usr/bin/env bash
# From nothing to balanced requests on servers that are found and probed: the programs of README.md (Rust),
# include/README.md (C) and bindings/go/README.md, as a new user has them, each copied into an empty folder.
# Each finds two servers by the records of a name; one is killed, and then a third takes its place there.
set -euo pipefail
build=$2
root=$PWD prefix=$build/prefix
rm -rf "$prefix" "$build"/{c,go,rust}
mkdir -p "$build"/{c,go/src,rust/src}

# block FILE WORD: the block of a page whose first line ends in WORD.
block() { sed -n "/^\`\`\`[a-z,]* $2\$/,/^\`\`\`\$/p" "$root/$1" | sed '1d;$d' | grep ''; }

PREFIX=$prefix LIBDIR=$prefix/lib include/install.sh >"$build/install.log" 2>&1 ||
  { cat "$build/install.log"; exit 1; }
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
cc -std=c99 -Wall -Wextra -pedantic -Werror ffi-tests/clients/server.c -o "$build/server" -lpthread

block include/README.md found >"$build/c/found.c"
diff examples/c/found.c "$build/c/found.c"
[ "$(wc -l <"$build/c/found.c")" -le 30 ]
read -ra flags <<<"$(pkg-config --cflags --libs peerage)"
(cd "$build/c" && cc -Wall -Wextra -Werror found.c "${flags[@]}" -o found)

block bindings/go/README.md found >"$build/go/main.go"
(cd "$build/go" && go mod init found && go mod edit -require peerage.dev/go@v0.0.0 \
  -replace "peerage.dev/go=$root/bindings/go" && go build -o found .) 2>"$build/go/log" || { cat "$build/go/log"; exit 1; }

block README.md found >"$build/rust/src/main.rs"
(cd "$build/rust" && cat >Cargo.toml <<TOML && cp "$root/Cargo.lock" . &&
[package]
name = "found"
version = "0.0.0"
edition = "2024"
[dependencies]
peerage = { path = "$root", features = ["dns", "probing"] }
[workspace]
TOML
  cargo build --quiet --offline && cp "${CARGO_TARGET_DIR:-target}/debug/found" found)

# lines MAIN: how many stand between the braces of main.
body() { sed -n '/main() .*{$/,/^}$/p' "$1" | sed '1d;$d' | grep -c ''; }
for program in go/main.go rust/src/main.rs; do
  [ "$(body "$build/$program")" -le 11 ] || { echo "$program is longer than it says"; exit 1; }
done

running=()
trap 'kill -9 "${running[@]}" 2>/dev/null || true' EXIT

# serve NAME: starts a server, with its process in `served` and its address in `at`.
serve() {
  : >"$1"
  "$build/server" 0 >"$1" &
  served=$!
  running+=("$served")
  wait_for "$1" '^[0-9]'
  at=127.0.0.1:$(cat "$1")
}

# Below the ports that clients get for their own ends, one of which dnsmasq might find taken.
dns=$((20000 + $$ % 10000)) named=

# name ADDRESS...: these are the servers of the name from now on. It is unknown for a moment meanwhile.
name() {
  local records=() address
  for address; do
    records+=("--srv-host=_rpc._tcp.users.test,a.test,${address#*:}")
  done
  [ -z "$named" ] || { kill "$named"; wait "$named" 2>/dev/null || true; }
  dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --user= \
    --listen-address=127.0.0.1 --bind-interfaces --port="$dns" --local-ttl=1 \
    --host-record=a.test,127.0.0.1,1 "${records[@]}" 2>>"$build/dnsmasq.log" &
  named=$!
  running+=("$named")
}

# wait_for FILE PATTERN [FROM]: until a line from line FROM on has it.
wait_for() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    ! grep -q "$2" <(tail -n "+${3:-1}" "$1") || return 0
    sleep 0.05
  done
  echo "no line with '$2' in $1:"
  tail -n 20 "$1"
  return 1
}

for program in c go rust; do
  cd "$build/$program"
  serve one; one=$at
  serve two; two=$at victim=$served
  name "$one" "$two"
  stdbuf -oL ./found "dns+srv:_rpc._tcp.users.test#servers=127.0.0.1:$dns" >log 2>log.err &
  found=$!
  running+=("$found")
  wait_for log "^$one ok"
  wait_for log "^$two ok"
  kill -9 "$victim"
  wait "$victim" 2>/dev/null || true
  died=$(($(wc -l <log) + 1))
  # Probes have taken it out: a hundred requests in a row, and none of them goes there.
  for ((tries = 0; tries < 200; tries++)); do
    ! { [ "$(wc -l <log)" -gt $((died + 100)) ] && [ "$(tail -n 100 log | grep -c "^$one ok")" -eq 100 ]; } || break
    sleep 0.05
  done
  [ "$tries" -lt 200 ] || { echo "$program still asks a server that is dead"; tail -n 5 log; exit 1; }
  lost=$(tail -n "+$died" log | grep -c lost || true)
  serve three
  name "$one" "$at"
  wait_for log "^$at ok" "$died"
  kill -9 "$found"
  wait "$found" 2>/dev/null || true
  echo "$program: two servers found, one died ($lost requests lost), a third found"
done
