# Sourced by the benchmarks: graft built, and the Python peer set up in .deps/bench (torch 2.11.0, transformers 5; 5 GB).
deps=$PWD/.deps

set_up_peer() {
  sh examples/setup.sh
  [ -e "$deps/bench/done" ] && return 0
  echo "setting up the peer: torch 2.11.0, transformers 5, accelerate"
  rm -rf "$deps/bench"
  /usr/bin/python3 -m venv "$deps/bench"
  "$deps/bench/bin/pip" install --quiet torch==2.11.0 'transformers>=5,<6' accelerate
  touch "$deps/bench/done"
}
