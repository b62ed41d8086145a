#!/bin/sh
# Sets graft up, builds it and runs its tests; arguments go to ctest (-L fast: those under three minutes).
set -eu
cd "$(dirname "$0")/.."
sh examples/setup.sh
ctest --test-dir build/release -j "$(nproc)" --output-on-failure "$@"
