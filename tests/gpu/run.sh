#!/bin/sh
# The tests that need an NVIDIA GPU: sets graft up with LibTorch's CUDA libraries, builds it and runs them, one line a case.
set -eu
cd "$(dirname "$0")/../.."
GRAFT_CUDA=1 sh examples/setup.sh
ctest --test-dir build/release --output-on-failure --verbose -L gpu "$@"
