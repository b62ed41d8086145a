#!/bin/sh
# Same file, same seed, same bits: MiniLM on the movie reviews, STEPS steps, again and again.
#
#   sh tests/bench/same_bits.sh [STEPS] [KILLS]      default: 60 steps, 5 runs killed; GRAFT=FILE tests another binary
#
# Two runs; 0, 1 and 4 loader threads; and runs killed by kill -9 at a random moment and resumed. Prints the SHA-256 of each
# run's final weights (trunk and heads); exits 1 when they are not all one.
set -eu
cd "$(dirname "$0")/../.."
steps=${1:-60} kills=${2:-5} graft=${GRAFT:-build/release/bin/graft} out=.deps/bench/same_bits
[ -n "${GRAFT:-}" ] || sh examples/setup.sh
mkdir -p "$out"
config=examples/01_fine_tune/movies.json
common="--set run.steps=$steps --set evaluate.every=1000000 --set checkpoint.every=5"

run() {  # NAME ARGUMENTS
  name=$1; shift
  rm -rf "$out/$name"
  $graft train $config $common --out "$out/$name" "$@" > /dev/null 2>&1
}
print_hash() { printf '%-34s %s\n' "$2" "$(cat "$out/$1/model/"*.safetensors | sha256sum | cut -c1-64)" | tee -a "$out/hashes"; }

: > "$out/hashes"
begin=$(date +%s)
run first; print_hash first "a run"
seconds=$(($(date +%s) - begin))
run second; print_hash second "the same again"
for threads in 0 1 4; do run loader --set run.loader_threads=$threads; print_hash loader "$threads loader threads"; done
kill=0
while [ $kill -lt "$kills" ]; do
  kill=$((kill + 1))
  rm -rf "$out/killed"
  after=$(awk -v seed=$$$kill -v most="$seconds" 'BEGIN { srand(seed); print 1 + int(rand() * (most - 2)) }')
  timeout -s KILL "$after" $graft train $config $common --out "$out/killed" > /dev/null 2>&1 || true
  step=$(sed -n 's/.*"step": *\([0-9]*\).*/\1/p' "$out/killed/checkpoints/last/state.json" 2>/dev/null | head -n 1)
  if [ -d "$out/killed" ]; then $graft train $config $common --out "$out/killed" --resume > /dev/null 2>&1; else run killed; fi
  print_hash killed "kill -9 after $after s, from step ${step:-0}"
done
[ "$(sed 's/.* //' "$out/hashes" | sort -u | wc -l)" = 1 ] && echo "all the same"
