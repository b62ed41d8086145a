#!/bin/sh
# Sets graft up, then fine-tunes MiniLM on movie reviews. From a bare Debian 12 to a report; arguments go to `graft train`.
set -eu
cd "$(dirname "$0")/../.."
sh examples/setup.sh
build/release/bin/graft train examples/01_fine_tune/movies.json "$@"
