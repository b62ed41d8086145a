#!/bin/sh
# LoRA of rank 8 on query and value of MiniLM, and the head: graft against PEFT in transformers' Trainer, default and tuned.
#
#   sh tests/bench/lora.sh [PAIRS] [STEPS] [SEED ...]      default: 7 pairs of 60 steps, no seeds
#
# Prints real tokens a second, memory, and the ratios within each pair. For each SEED also the test accuracy of whole trainings
# of graft and of Trainer default. Needs a graft whose `graft list adapter` shows lora.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
pairs=${1:-7} steps=${2:-60}
[ $# -lt 2 ] && set -- || shift 2
lora=tests/bench/lora.json options="--train lora --learning-rate 5e-4"
begin lora
choose_tuned $options
while [ $pair -lt "$pairs" ]; do
  pair=$((pair + 1))
  measure_graft graft $lora --set run.steps="$steps"
  measure_trainer "PEFT default" $options --steps "$steps" --like "$run"
  measure_tuned "PEFT tuned" $options --steps "$steps"
done
for pair in "$@"; do
  measure_graft "graft, 3 epochs" $lora --set run.seed="$pair"
  measure_trainer "PEFT default, 3 epochs" $options --seed "$pair" --score
done
print_table
