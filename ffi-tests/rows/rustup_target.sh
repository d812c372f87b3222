# Sourced by recipes for other targets.

# has_target TARGET: Rust's own libraries for it are there, or are now.
has_target() {
  rustup target list --installed 2>/dev/null | grep -qx "$1" ||
    rustup target add "$1" >/dev/null 2>&1
}
