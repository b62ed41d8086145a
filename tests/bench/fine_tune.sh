#!/bin/sh
# Full fine-tuning of MiniLM: graft against transformers' Trainer, with its defaults and tuned, run in turn on this machine.
#
#   sh tests/bench/fine_tune.sh [PAIRS] [STEPS]      default: 7 pairs of 60 steps; sets the peers up in .deps/bench (6 GB)
#
# Trainer default trains on the same rows in the same batches, and fails when it does not. Trainer tuned makes its own batches.
# Where `precision: auto` is not fp32, graft in fp32 is measured as well. Prints real tokens a second, MFU, memory, start; and
# the ratios within each pair: median, least and greatest. Quality: quality.sh.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
pairs=${1:-7} steps=${2:-60}
begin fine_tune
choose_tuned
while [ $pair -lt "$pairs" ]; do
  pair=$((pair + 1))
  measure_graft graft $movies --set run.steps="$steps"
  grep -q '"precision": "fp32"' "$run/report.json" ||
    measure_graft "graft fp32" $movies --set run.steps="$steps" --set run.precision=fp32
  measure_trainer "Trainer default" --steps "$steps" --like "$run"
  measure_tuned "Trainer tuned" --steps "$steps"
done
print_table
