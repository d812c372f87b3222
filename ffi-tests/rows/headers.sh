#!/usr/bin/env bash
# Every header of include/: alone in a unit, twice in one, and in two units of one program. Whatever
# it needs it brings itself, it is guarded, and it defines nothing twice.
set -eu
lib=$1 build=$2
warn=(-Wall -Wextra -pedantic -Werror)

# check NAME HEADER SUFFIX COMPILER...
check() {
  local name=$1 header=$2 suffix=$3 compile=("${@:4}" "${warn[@]}" -I include) dir=$build/$1
  mkdir -p "$dir"
  printf '#include <%s>\n' "$header" "$header" >"$dir/twice.$suffix"
  printf '#include <%s>\nint other(void);\nint other(void) { return peerage_version() != 0; }\n' \
    "$header" >"$dir/other.$suffix"
  printf '#include <%s>\nint other(void);\n%s\n' "$header" \
    'int main(void) { return other() && peerage_version() == PEERAGE_VERSION_NUMBER ? 0 : 1; }' \
    >"$dir/main.$suffix"
  "${compile[@]}" -c "$dir/twice.$suffix" -o "$dir/twice.o"
  "${compile[@]}" "$dir/main.$suffix" "$dir/other.$suffix" "$lib/libpeerage.a" \
    -lgcc_s -lpthread -lm -ldl -o "$dir/program"
  "$dir/program"
  echo "$header as $name: ok"
}

for standard in c99 c11; do check "$standard" peerage.h c cc "-std=$standard"; done
for header in peerage.h peerage.hpp; do
  [ -f "include/$header" ] || continue
  check "c++17-$header" "$header" cpp g++ -std=c++17
  check "c++17-$header-bare" "$header" cpp g++ -std=c++17 -fno-exceptions -fno-rtti
done

# The parts of peerage.hpp: each brings what it needs.
for header in $(find include -mindepth 2 -name '*.hpp' | sort); do
  printf '#include <%s>\n' "${header#include/}" "${header#include/}" >"$build/part.cpp"
  g++ -std=c++17 "${warn[@]}" -I include -fsyntax-only "$build/part.cpp"
  echo "${header#include/} alone: ok"
done
