#!/usr/bin/env bash
# Lists fed by etcd: how soon a change is in the list, and what is there after etcd was killed,
# compacted, stopped, and given users and certificates.
set -euo pipefail

# One at a time: each has a server of its own, and some are timed.
cargo test --features etcd,tls,testing --test feeds_etcd -- --include-ignored --test-threads 1 \
  --show-output 2>&1 | grep -v '^$\|^    [a-z_]*::'
