#!/bin/sh
# Every benchmark, and one table: .deps/bench/table.md, and .deps/bench/report.html with the limits of the machine and the plot.
#
#   sh tests/bench/all.sh [PAIRS]      default: 7 pairs, and a third of them where one pair takes many minutes
#   SEEDS="1 2 3"                      whole trainings for the quality; empty: the table has those that quality.sh measured before
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
pairs=${1:-7} long_pairs=$(((${1:-7} + 2) / 3)) seeds=${SEEDS-1 2 3}
set_up_peer
sh tests/bench/tokenise.sh "$pairs"
sh tests/bench/tfidf.sh "$pairs"
sh tests/bench/pictures.sh "$pairs"
sh tests/bench/fine_tune.sh "$pairs"
sh tests/bench/encode.sh "$pairs"
! "$graft" list adapter | grep -q '^ *lora ' || sh tests/bench/lora.sh "$pairs" 60 $seeds
sh tests/bench/work_grows.sh
sh tests/bench/balancers.sh
sh tests/bench/frozen.sh "$long_pairs"
[ -z "$seeds" ] || sh tests/bench/quality.sh $seeds
"$python" tests/bench/report.py "$results" "$bench"
