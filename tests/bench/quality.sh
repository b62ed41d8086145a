#!/bin/sh
# Test accuracy of examples/01_fine_tune and of transformers' Trainer on the same training and test rows, seed by seed.
#
#   sh tests/bench/quality.sh [SEED ...]      default: 1 2 3; half an hour a seed on two cores
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
set_up_peer
[ $# -gt 0 ] || set -- 1 2 3
for seed in "$@"; do
  run=$deps/bench/quality-$seed
  rm -rf "$run"
  build/release/bin/graft train examples/01_fine_tune/movies.json --set run.seed="$seed" --out "$run" > /dev/null 2>&1
  "$deps/bench/bin/python" -c 'import json, sys; print("graft  seed", sys.argv[2], json.load(open(sys.argv[1]))["metrics"]["test"])' \
    "$run/report.json" "$seed"
  printf 'peer   '
  "$deps/bench/bin/python" tests/bench/peer_quality.py "$deps" "$run" "$seed" 2>/dev/null | tail -n 1
done
