# Sourced by the rows of the thread sanitizer: how to build Rust with it, and how to run a program.

# The sanitizer's map of memory has no room for more randomness than this.
run=()
[ "$(cat /proc/sys/vm/mmap_rnd_bits)" -le 28 ] || run=(setarch -R)

# Whether there is a nightly toolchain that can build Rust's own libraries, installed if need be.
with_nightly() {
  local sysroot
  sysroot=$(rustc +nightly --print sysroot 2>/dev/null) || return
  [ -d "$sysroot/lib/rustlib/src/rust/library" ] ||
    rustup component add rust-src --toolchain nightly >/dev/null 2>&1
}

# instrumented COMMAND..: cargo's COMMAND of the nightly toolchain, with all of Rust instrumented.
# What it builds is in $build/$host.
instrumented() {
  RUSTFLAGS=-Zsanitizer=thread CARGO_TARGET_DIR=$build cargo +nightly "$1" -Zbuild-std \
    --target "$host" "${@:2}"
}

# must_report PROGRAM: a program with a race, to see that the sanitizer is awake.
must_report() {
  if "${run[@]}" "$1" >"$1.log" 2>&1 || ! grep -q 'data race' "$1.log"; then
    cat "$1.log"
    echo 'the planted race was not found'
    exit 1
  fi
}

host=$(rustc +nightly -vV 2>/dev/null | sed -n 's/^host: //p') || true
