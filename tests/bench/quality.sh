#!/bin/sh
# Test accuracy of examples/01_fine_tune and of transformers' Trainer, default and tuned, on the same training and test rows,
# seed by seed; with the time of these whole trainings.
#
#   sh tests/bench/quality.sh [SEED ...]      default: 1 2 3; half an hour a seed on two cores
#
# graft takes the step that is best on its validation rows, the Trainer its last one.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
[ $# -gt 0 ] || set -- 1 2 3
begin quality
choose_tuned
for pair in "$@"; do
  measure_graft graft $movies --set run.seed="$pair"
  measure_trainer "Trainer default" --seed "$pair" --score
  measure_tuned "Trainer tuned" --seed "$pair" --score
done
print_table
