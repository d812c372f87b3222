#!/usr/bin/env bash
# Policies, and HAProxy with its own rule, before the same bad servers: who sends them less. Nothing
# is asked of the latencies, which say as much of the machine.
set -eu

cargo test --quiet --release --example scene
cargo run --quiet --release --example scene -- --seconds 4 --check \
  --only round-robin --only two-random-choices --only least-l --only 'haproxy leastconn'
