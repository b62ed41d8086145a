#!/bin/sh
# Full fine-tuning of MiniLM, fp32: graft against transformers' Trainer with its defaults, run in turn on this machine.
#
#   sh tests/bench/fine_tune.sh [PAIRS] [STEPS]      default: 7 pairs of 60 steps; sets the peer up in .deps/bench (5 GB)
#
# One table out: real tokens a second of both, and the ratio within each pair: median, least and greatest.
set -eu
cd "$(dirname "$0")/../.."
pairs=${1:-7} steps=${2:-60}
. tests/bench/peer.sh
set_up_peer
results=$deps/bench/results.jsonl
: > "$results"
pair=0
while [ $pair -lt "$pairs" ]; do
  pair=$((pair + 1))
  ours=$deps/bench/run
  build/release/bin/graft train examples/01_fine_tune/movies.json --set run.steps="$steps" --out "$ours" --overwrite >/dev/null 2>&1 ||
    build/release/bin/graft train examples/01_fine_tune/movies.json --set run.steps="$steps" --out "$ours" >/dev/null
  theirs=$("$deps/bench/bin/python" tests/bench/peer_trainer.py "$deps" "$steps" 2>/dev/null | tail -n 1)
  "$deps/bench/bin/python" - "$ours" "$theirs" >> "$results" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1] + "/report.json"))
print(json.dumps({"graft": report["train"], "peer": json.loads(sys.argv[2])}))
PYTHON
  tail -n 1 "$results" | "$deps/bench/bin/python" -c 'import json, sys; r = json.loads(sys.stdin.read()); print("pair: %.0f against %.0f real tokens/s" % (r["graft"]["tokens_per_second"], r["peer"]["tokens_per_second"]))'
done
"$deps/bench/bin/python" - "$results" <<'PYTHON'
import json, statistics, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
def line(name, values, form):
    print(f"{name:34s} {form % statistics.median(values):>10s} {form % min(values):>10s} {form % max(values):>10s}")
print(f"{'':34s} {'median':>10s} {'least':>10s} {'greatest':>10s}")
line("graft, real tokens/s", [r["graft"]["tokens_per_second"] for r in rows], "%.0f")
line("Trainer default, real tokens/s", [r["peer"]["tokens_per_second"] for r in rows], "%.0f")
line("ratio within a pair", [r["graft"]["tokens_per_second"] / r["peer"]["tokens_per_second"] for r in rows], "%.2f")
line("graft, peak memory MB", [r["graft"]["peak_rss_mb"] for r in rows], "%.0f")
line("Trainer default, peak memory MB", [r["peer"]["peak_rss_mb"] for r in rows], "%.0f")
PYTHON
