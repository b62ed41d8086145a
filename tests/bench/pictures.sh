#!/bin/sh
# Pictures from files to batches: image_folder against torchvision's ImageFolder in torch's DataLoader, with one loader and with two.
#
#   sh tests/bench/pictures.sh [PAIRS]      default: 7 pairs
#
# JPEG and PNG of 320 x 256 brought to 224 x 224, and digits of 8 x 8 as they are. graft's loaders are threads, the peer's processes; the
# peer reads with Pillow, as most do, and with torchvision.io. Prints images a second of a first pass, and of graft's later ones, which
# read from memory.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/peer.sh
pairs=${1:-7}
begin pictures
folder=$bench/pictures
[ -e "$folder/done" ] || { "$python" tests/bench/peer_pictures.py make examples/08_digits/digits.csv "$folder" && touch "$folder/done"; }
while [ $pair -lt "$pairs" ]; do
  pair=$((pair + 1))
  for kind in jpeg:224 png:224 digits:8; do
    for loaders in 1 2; do
      set -- "$folder/${kind%:*}" "${kind#*:}" $loaders
      measure "graft, ${kind%:*}, $loaders" "$(dirname "$graft")/bench_pictures" "$@"
      for way in tensor pil; do
        measure "$way, ${kind%:*}, $loaders" "$python" tests/bench/peer_pictures.py $way "$@"
      done
    done
  done
done
print_table
