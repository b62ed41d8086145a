#!/bin/sh
# A frozen trunk and a head that learns, from start to end: graft against transformers' Trainer, whose trunk runs in every epoch.
#
#   sh tests/bench/frozen.sh [PAIRS] [EPOCHS ...]      default: 7 pairs, each with 3 and with 10 epochs
#
# graft is measured twice: without features of earlier runs, and with them. Prints wall time, test accuracy, and the ratios
# within each pair. The Trainer's default head reads the pooler, graft's frozen.json the mean of the tokens.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
pairs=${1:-7}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 3 10
frozen=examples/02_swap_the_task/frozen.json
begin frozen
cache=$bench/cache
rm -rf "$cache"
GRAFT_CACHE=$cache "$graft" train $frozen --set run.epochs=1 --out "$run" --overwrite >> "$results/$table.log" 2>&1
while [ $pair -lt "$pairs" ]; do
  pair=$((pair + 1))
  for epochs in "$@"; do
    export GRAFT_CACHE=off
    measure_graft "graft, $epochs epochs" $frozen --set run.epochs="$epochs"
    export GRAFT_CACHE="$cache"
    measure_graft "graft, features kept, $epochs epochs" $frozen --set run.epochs="$epochs"
    measure_trainer "Trainer, $epochs epochs" --epochs "$epochs" --train head --learning-rate 0.003 --score
  done
done
print_table
