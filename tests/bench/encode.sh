#!/bin/sh
# A frozen trunk and a linear head, from start to end: graft against sentence-transformers' encode and scikit-learn's
# LogisticRegression.
#
#   sh tests/bench/encode.sh [PAIRS]      default: 7 pairs
#
# Both take the mean of the tokens (the peer scales it to length 1, as the model's own modules.json says) and train and test on
# the same rows; graft starts without features of earlier runs. Prints wall time, test accuracy, and the ratio within each pair.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
pairs=${1:-7}
begin encode
export GRAFT_CACHE=off
while [ $pair -lt "$pairs" ]; do
  pair=$((pair + 1))
  measure_graft graft examples/02_swap_the_task/frozen.json
  measure "encode + LogisticRegression" "$python" tests/bench/peer_encode.py "$deps"
done
print_table
