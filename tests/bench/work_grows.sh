#!/bin/sh
# Milliseconds a step and peak memory of full fine-tuning of MiniLM as batches and rows grow, against the time that the FLOP
# alone would take at the measured peak.
#
#   sh tests/bench/work_grows.sh [STEPS]      default: 12 steps each; prints a table, draws .deps/bench/work_grows.svg
#
# Batches of 8 to 256 rows of natural length, then rows of 16 to 512 tokens, made of reviews joined and cut.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
steps=${1:-12}
begin work_grows
"$python" tests/bench/work_grows.py make "$deps" "$steps"
grow() {  # NAME FILE ROWS MAX_LENGTH
  measure_graft "$1" tests/bench/work_grows.json --set data.movies.source.path="$bench/grows/$2.tsv" \
    --set run.batch_size="$3" --set run.steps="$steps" --set pipeline.tokens.max_length="$4"
}
for rows in 8 16 32 64 128 256; do
  pair=$((pair + 1))
  grow "$rows rows" natural $rows 512
done
for length in 16 32 64 128 256 512; do
  pair=$((pair + 1)) rows=$((4096 / length))
  [ $rows -lt 32 ] || rows=32
  grow "$rows rows of $length tokens" $length $rows $length
done
"$python" tests/bench/work_grows.py draw "$deps" "$results"
