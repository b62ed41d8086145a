#!/bin/sh
# TF-IDF alone, fitted on the training rows and applied to them: graft against scikit-learn's TfidfVectorizer.fit_transform.
#
#   sh tests/bench/tfidf.sh [PAIRS]      default: 7 pairs
#
# Words and pairs of words, sublinear, as examples/02_swap_the_task/classic.json has them. Fails unless both give the same terms,
# and values equal to 1e-6. The peer uses one thread. Prints rows a second, and the ratios within each pair.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
pairs=${1:-7}
begin tfidf
while [ $pair -lt "$pairs" ]; do
  pair=$((pair + 1))
  for threads in 1 2; do
    measure "graft, threads $threads" "$extract" examples/02_swap_the_task/classic.json words $threads "$bench/words.safetensors"
  done
  measure "TfidfVectorizer" "$python" tests/bench/peer_extract.py "$deps" tfidf 1 "$bench/words.safetensors"
done
print_table
