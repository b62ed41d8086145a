# Sourced by the benchmarks: graft built, the Python peers set up in .deps/bench (torch 2.11.0 and what is below; 6 GB), and how
# one command is measured.
#
#   GRAFT=FILE   measures another binary than build/release/bin/graft; bench_limits and bench_extract lie beside it
#   begin NAME   starts the results NAME: .deps/bench/results/NAME.jsonl, a line a measurement, and the machine's limits beside it
deps=$PWD/.deps bench=$PWD/.deps/bench results=$PWD/.deps/bench/results
python=$bench/bin/python run=$bench/run graft=${GRAFT:-$PWD/build/release/bin/graft}
extract=$(dirname "$graft")/bench_extract
movies=examples/01_fine_tune/movies.json
peers="torch==2.11.0 transformers>=5,<6 accelerate>=1,<2 peft>=0.17,<1 sentence-transformers>=5,<6 scikit-learn>=1.7,<2
tokenizers>=0.22,<1 matplotlib>=3,<4 torchvision==0.26.0"

set_up_peer() {
  [ -n "${GRAFT:-}" ] || { sh examples/setup.sh; cmake --build build/release --target graft_bench -- --quiet; }
  if [ "$(cat "$bench/done" 2>/dev/null)" != "$peers" ]; then
    echo "setting up the peers: $peers"
    [ -x "$bench/bin/pip" ] || /usr/bin/python3 -m venv "$bench"
    set -f  # no word of $peers is a pattern of file names
    "$bench/bin/pip" install --quiet $peers
    set +f
    echo "$peers" > "$bench/done"
  fi
  mkdir -p "$results"
  # The split is a function of the rows alone, so one run's predictions say for all which rows train, choose and test.
  [ -e "$bench/rows/report.json" ] && return 0
  rm -rf "$bench/rows"
  "$graft" train "$movies" --set run.steps=1 --out "$bench/rows" > /dev/null
}

begin() {
  set_up_peer
  table=$1 pair=0
  : > "$results/$table.jsonl"
  : > "$results/$table.log"
  "$(dirname "$graft")/bench_limits" > "$results/$table.limits.json"
}

# measure NAME COMMAND...: one line of results; measure_graft NAME CONFIG ...: a run; measure_trainer NAME ...: the peer's.
measure() { "$python" tests/bench/measure.py "$results/$table" "$pair" "$@"; }
measure_graft() { measured=$1; shift; rm -rf "$run"; measure "$measured" "$graft" train "$@" --out "$run"; }
measure_trainer() { measured=$1; shift; measure "$measured" "$python" tests/bench/peer_trainer.py "$deps" "$@"; }

# The tuned peer is grouped by length, in fp32 or bf16 autocast, with glibc's allocator as it is or told to keep what is freed (as
# graft tells it): what is fastest on this machine. choose_tuned OPTIONS... sets $tuned, options, and $allocator, for `env`.
keeps_memory="MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=1000000000000 MALLOC_ARENA_MAX=2"
choose_tuned() {
  fastest=0 allocator=""
  try_tuned fp32 "" 8 "$@"
  try_tuned bf16 "" 3 "$@"  # without bf16 instructions a step of it takes half a minute
  try_tuned "$precision" "$keeps_memory" 8 "$@"
  printf '{"note": "Trainer tuned is the fastest of those tried: %s"}\n' "$chosen" >> "$results/$table.jsonl"
}
try_tuned() {  # PRECISION ALLOCATOR STEPS OPTIONS...
  tried="grouped by length, $1${2:+, freed memory kept}" with=$1 memory=$2 count=$3
  shift 3
  [ ! -e /dev/nvidiactl ] || count=100  # on a GPU the first steps are start-up alone
  speed=$(env $memory "$python" tests/bench/peer_trainer.py "$deps" --steps "$count" --group --precision "$with" "$@" \
    2>> "$results/$table.log" | sed -n 's/.*"tokens_per_second": *\([0-9]*\).*/\1/p')
  echo "tuned peer, $tried: $speed real tokens/s"
  [ "$speed" -gt "$fastest" ] || return 0
  fastest=$speed precision=$with allocator=$memory chosen=$tried tuned="--group --precision $with"
}
measure_tuned() {
  measured=$1; shift
  measure "$measured" env $allocator "$python" tests/bench/peer_trainer.py "$deps" $tuned "$@"
}

print_table() { "$python" tests/bench/table.py "$results" "$table"; }
