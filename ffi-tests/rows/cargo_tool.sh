# Sourced. cargo_tool PACKAGE VERSION COMMAND: sees to it that COMMAND can be run, built if need be
# into the target folder, where it is kept. Not optimised and without debugging information: these
# tools are large, and are run once or twice.
cargo_tool() {
  export PATH=$PATH:$CARGO_TARGET_DIR/tools/bin
  command -v "$3" >/dev/null && return
  echo "building $1 $2 into the target folder"
  CARGO_PROFILE_DEV_DEBUG=false CARGO_PROFILE_DEV_INCREMENTAL=false \
    cargo install "$1" --version "$2" --locked --debug --bin "$3" --quiet \
    --root "$CARGO_TARGET_DIR/tools" --target-dir "$CARGO_TARGET_DIR/tools/build" || return
  rm -rf "$CARGO_TARGET_DIR/tools/build"
}
