#!/usr/bin/env bash
# The clients of include/README.md, as a new user has them: copied into an empty folder, and
# compiled with nothing but an installed prefix. Two of them talk to two servers each, of which one is
# killed and started again: they are as short as the page says, and the same as those of examples/. The
# third shows what a list does beside choosing, and opens no connection.
set -euo pipefail
build=$2
root=$PWD prefix=$build/prefix folder=$build/folder
rm -rf "$prefix" "$folder"
mkdir -p "$folder"

# block WORD: the block of include/README.md whose first line ends in WORD.
block() { sed -n "/^\`\`\`[a-z]* $1\$/,/^\`\`\`\$/p" "$root/include/README.md" | sed '1d;$d' | grep ''; }

PREFIX=$prefix LIBDIR=$prefix/lib include/install.sh >"$build/install.log" 2>&1 ||
  { cat "$build/install.log"; exit 1; }
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
cc -std=c99 -Wall -Wextra -pedantic -Werror ffi-tests/clients/server.c -o "$build/server" -lpthread

cd "$folder"
block client-c >tcp_client.c
block client-cpp >tcp_client.cc
diff "$root/examples/c/tcp_client.c" tcp_client.c
diff "$root/examples/cpp/tcp_client.cc" tcp_client.cc
[ "$(wc -l <tcp_client.c)" -lt 60 ]
[ "$(wc -l <tcp_client.cc)" -le 25 ]
read -ra flags <<<"$(pkg-config --cflags --libs peerage)"
cc -Wall -Werror tcp_client.c "${flags[@]}" -o client-c
c++ -std=c++17 -pthread -Wall -Wextra -Werror tcp_client.cc "${flags[@]}" -o client-cpp

# The list that looks after its peers says what it does.
block looks-after >looks_after.c
cc -std=c99 -Wall -Werror looks_after.c "${flags[@]}" -o looks-after
./looks-after >looks_after.log
for line in 'users: 3 of 3 members in the subset: 3 joined, 0 left' 'to 10.0.0.2:80' \
  'users: tier 0 of other zones serves too: 1 of 2 peers before it available' 'no peer is ejected'; do
  grep -qxF "$line" looks_after.log || { echo "not printed: $line"; cat looks_after.log; exit 1; }
done

running=()
trap 'kill -9 "${running[@]}" 2>/dev/null || true' EXIT

# serve NAME [PORT]: starts a server, with its process in `served` and its port in the file NAME.
serve() {
  : >"$1"
  "$build/server" "${2:-0}" >"$1" &
  served=$!
  running+=("$served")
  wait_for "$1" '^[0-9]'
}

# wait_for FILE PATTERN [FROM]: until a line from line FROM on has it.
wait_for() {
  local tries
  for ((tries = 0; tries < 100; tries++)); do
    ! grep -q "$2" <(tail -n "+${3:-1}" "$1") || return 0
    sleep 0.05
  done
  echo "no line with '$2' in $1:"
  cat "$1"
  return 1
}

lines() { wc -l <"$1"; }

serve one
serve two
victim=$served
one=127.0.0.1:$(cat one) two=127.0.0.1:$(cat two)
for client in client-c client-cpp; do
  log=$client.log
  : >"$log"
  stdbuf -oL "./$client" "$one" "$two" >"$log" &
  running+=("$!")
  wait_for "$log" "^$one ${one#*:} hello"
  wait_for "$log" "^$two ${two#*:} hello"

  kill -9 "$victim"
  wait "$victim" 2>/dev/null || true
  died=$(lines "$log")
  sleep 1
  lost=$(tail -n "+$((died + 1))" "$log" | grep -c lost || true)
  answered=$(tail -n "+$((died + 1))" "$log" | grep -c "^$one .*hello" || true)
  echo "$client: a server died: $answered requests answered by the other, $lost lost"
  [ "$answered" -ge 5 ]
  [ "$lost" -le 2 ] # the one that notices; the client in C++ looks ten times a second

  back=$(($(lines "$log") + 1))
  serve two "${two#*:}"
  victim=$served
  wait_for "$log" "^$two .*hello" "$back"
  echo "$client: it is back, and has its share again"
  kill -9 "${running[-2]}"
  wait "${running[-2]}" 2>/dev/null || true
done
