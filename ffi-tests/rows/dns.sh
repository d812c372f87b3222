#!/usr/bin/env bash
# Names as peers: nasty answers from a server in the process, then Knot with a zone of its own and
# dnsmasq, which change, fail, hang and come back. The times are printed.
set -eu

cargo test --quiet --features dns --lib sources::dns
cargo test --quiet --features dns --test dns -- --ignored --nocapture --test-threads 1
