#!/bin/sh
# What a call of each balancer costs, without a model and without gradients: microseconds for 2, 4, 8 and 20 tasks.
#
#   sh tests/bench/balancers.sh      ten seconds after the build; prints the table, and keeps it in .deps/bench/results/balancers.txt
#
# Has no peer: balancers.cpp says what is timed. GRAFT=FILE measures another build, as in peer.sh.
set -eu
cd "$(dirname "$0")/../.."
results=$PWD/.deps/bench/results graft=${GRAFT:-$PWD/build/release/bin/graft}
[ -n "${GRAFT:-}" ] || { sh examples/setup.sh; cmake --build build/release --target bench_balancers -- --quiet; }
mkdir -p "$results"
"$(dirname "$graft")/bench_balancers" > "$results/balancers.txt"
cat "$results/balancers.txt"
