#!/usr/bin/env bash
# The rows that are one call of cargo: $3 names the row.
set -eu
build=$2 row=$3
feeds='file dns etcd http json probing pool ureq tls yaml log tracing metrics'

case $row in
  format)
    for manifest in Cargo.toml fuzz/Cargo.toml ffi-tests/*/Cargo.toml benches/*/Cargo.toml \
      benches/*/*/Cargo.toml; do
      cargo fmt --all --check --manifest-path "$manifest"
    done
    ;;
  # The lint that holds the sources to the oldest compiler is put to the test with a newer call.
  clippy)
    cargo clippy --all-targets --all-features -- -D warnings
    for package in benches/limits benches/growth benches/compare/table ffi-tests/soak; do
      cargo clippy --quiet --all-targets --manifest-path "$package/Cargo.toml" -- -D warnings
    done
    mkdir -p "$build/planted/src"
    {
      printf '[workspace]\n[package]\nname = "planted"\nedition = "2024"\n'
      sed -n '/^rust-version = /p; /^\[lints.clippy\]/,/^$/p' Cargo.toml
    } >"$build/planted/Cargo.toml"
    echo 'pub fn of_1_87(n: u32) -> bool { n.is_multiple_of(3) }' >"$build/planted/src/lib.rs"
    if said=$(cargo clippy --quiet --offline --manifest-path "$build/planted/Cargo.toml" 2>&1) ||
      [[ $said != *incompatible_msrv* ]]; then
      printf 'a call of Rust 1.87 does not fail:\n%s\n' "$said" >&2
      exit 1
    fi
    ;;
  # Without the C ABI, which has rows of its own.
  test) cargo test --lib --tests --examples --features "$feeds" ;;
  # Prints how soon a change is in the list, and how long a stop takes.
  feeds)
    cargo test --features "$feeds" --test feeds -- --nocapture
    # JSON is none of `file` alone, nor is https of `http`.
    cargo test --quiet --features file --test feeds file
    cargo test --quiet --features http --test feeds a_uri
    ;;
  doc-test) cargo test --doc --features "$feeds" ;;
  docs)
    RUSTDOCFLAGS='-D warnings' cargo doc --no-deps
    RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --all-features
    ;;
  # As docs.rs builds it. The feature `capi` has no item that Rust sees.
  docs-rs)
    RUSTDOCFLAGS='--cfg docsrs -D warnings' CARGO_TARGET_DIR=$build \
      cargo +nightly doc --quiet --no-deps --all-features
    grep -q 'Available on <strong>crate feature <code>testing</code></strong> only' \
      "$build/doc/peerage/testing/index.html" ||
      { echo 'the module `testing` does not say which feature it needs' >&2; exit 1; }
    ;;
  msrv)
    version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    cargo "+$version" --version >/dev/null 2>&1 ||
      { echo "needs Rust $version: rustup toolchain install $version --profile minimal"; exit 77; }
    # All but `cli`: the crates of the program need Rust 1.88, and no library needs them.
    all=$(sed -n '/^\[features\]/,/^\[lib\]/s/^\([a-z]*\) = .*/\1/p' Cargo.toml | grep -vx 'default\|cli' | tr '\n' ' ')
    # Those of no other feature too, each by itself: what one forgets another may bring.
    for features in '' serde config yaml probing log tracing metrics "$all"; do
      CARGO_TARGET_DIR=$build cargo "+$version" check --lib --features "$features"
    done
    # The program, with the oldest compiler that CHANGELOG.md names for it.
    version=$(sed -n 's/.*, \([0-9.]*\) for the program.*/\1/p' CHANGELOG.md)
    if cargo "+$version" --version >/dev/null 2>&1; then
      CARGO_TARGET_DIR=$build cargo "+$version" check --bin peerage --features cli
    else
      echo "the program was not tried: rustup toolchain install ${version:?} --profile minimal"
    fi
    ;;
  # In a folder of its own, as a registry hands the crate out. There nothing turns
  # the feature `testing` on, and what is not in the package is not there. A registry takes 10 MB.
  published)
    rm -rf "$build/package"
    cargo package --quiet --no-verify --allow-dirty --target-dir "$build"
    crate=$(find "$build/package" -maxdepth 1 -name "peerage-*.crate")
    echo "$(stat -c %s "$crate") bytes, $(tar -tf "$crate" | wc -l) files"
    [ "$(stat -c %s "$crate")" -lt 2000000 ] || { echo 'a file is in it that should not be' >&2; exit 1; }
    rm -rf "$build/unpacked"
    mkdir "$build/unpacked"
    tar -xf "$crate" -C "$build/unpacked" --strip-components 1
    # What the crate is made of, and nothing else that may lie in these folders.
    strays=$(find "$build/unpacked" -mindepth 2 -type f \( -name 'README*' -o ! -regex \
      '.*\.\(rs\|h\|hpp\|c\|cc\|in\|pc\|cmake\|sh\|toml\|ya?ml\|json\|md\|css\|txt\|html\|prom\|openmetrics\)' \))
    [ -z "$strays" ] || { echo "not of this package: $strays" >&2; exit 1; }
    cd "$build/unpacked"
    export CARGO_TARGET_DIR=$build/target
    cargo test --quiet
    cargo test --quiet --all-features
    ;;
  quickstart)
    for policy in round-robin random two-random-choices fewest-pending-requests hashring32; do
      cargo run --release --quiet --example quickstart -- --policy "$policy" --seconds 2
    done
    cargo run --release --quiet --example policy_concurrent
    cargo run --release --quiet --example policy_serial
    ;;
  # A flip that is not seen, or one that is invented, fails it.
  probing) cargo run --release --quiet --features probing --example probe_many -- --seconds 5 ;;
  simulate) cargo run --release --quiet --example simulate -- --quick ;;
  bench)
    cargo bench --bench choose -- --quick
    export CARGO_TARGET_DIR=$build/growth
    cargo test --release --quiet --manifest-path benches/growth/Cargo.toml
    cargo run --release --quiet --manifest-path benches/growth/Cargo.toml -- --quick
    ;;
  # Loom builds the crate with its own primitives, so the artefacts are kept apart. The bound on
  # preemptions is what makes the run finite in practice; src/models/mod.rs says why it suffices. One
  # of the models is of the C layer.
  loom)
    CARGO_TARGET_DIR=$build RUSTFLAGS='--cfg loom' \
      LOOM_MAX_PREEMPTIONS=${LOOM_MAX_PREEMPTIONS:-3} cargo test --release --features capi --lib models
    ;;
  miri)
    cargo +nightly miri --version >/dev/null 2>&1 ||
      rustup component add miri --toolchain nightly >/dev/null 2>&1 ||
      { echo 'needs miri: rustup component add miri --toolchain nightly'; exit 77; }
    # The tests of the ring hash thousands of points, those of texts and of pages read and write thousands of
    # them, and what they look at is safe code.
    CARGO_TARGET_DIR=$build MIRIFLAGS='-Zmiri-disable-isolation' cargo +nightly miri test --lib -- \
      --skip ring::tests --skip sources::text --skip page:: --skip metrics:: --skip when_it_goes_wrong
    ;;
  *)
    echo "rust.sh has no recipe for '$row'" >&2
    exit 2
    ;;
esac
