#!/bin/sh
# WordPiece alone, on the training rows: graft against tokenizers' encode_batch, on one thread and on two.
#
#   sh tests/bench/tokenise.sh [PAIRS]      default: 7 pairs
#
# Fails unless both give the same ids. Prints rows and tokens a second, and the ratios within each pair; encode_batch_fast is
# the peer's way without offsets into the text, which graft does not make either.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
pairs=${1:-7}
begin tokenise
while [ $pair -lt "$pairs" ]; do
  pair=$((pair + 1))
  for threads in 1 2; do
    measure "graft, threads $threads" "$extract" $movies tokens $threads "$bench/tokens.safetensors"
    for call in encode_batch encode_batch_fast; do
      measure "$call, threads $threads" "$python" tests/bench/peer_extract.py "$deps" $call $threads "$bench/tokens.safetensors"
    done
  done
done
print_table
