"""The Python peer of image_folder: torchvision's ImageFolder in a DataLoader; and the pictures that both read.

usage: peer_pictures.py make DIGITS.csv FOLDER               writes FOLDER/jpeg, FOLDER/png, FOLDER/digits, two classes each
       peer_pictures.py pil|tensor FOLDER SIZE WORKERS       prints one JSON line

  make     jpeg: 600 pictures of 320 x 256, quality 90, waves and noise of three scales, 30 KB each; png: 300 of them; digits: 1,797 PNGs
  pil      the way of the documentation: Pillow reads, Resize and CenterCrop, then a tensor
  tensor   the fast way: torchvision.io.decode_image, then Resize with antialiasing and CenterCrop on bytes
  images_per_second   from files to batches of 64 in random order, the fastest of five epochs; workers live through all of them. The
                      peer decodes in every epoch: later ones are as the first
"""
import json
import os
import sys
import time

import numpy

PASSES, BATCH = 5, 64


def photo(number, height=256, width=320):
    draws = numpy.random.default_rng(number)
    y, x = numpy.mgrid[:height, :width]
    picture = numpy.zeros((height, width, 3))
    for c in range(3):
        for _ in range(4):
            fx, fy, phase = draws.uniform(-0.08, 0.08, 2).tolist() + [draws.uniform(0, 6.3)]
            picture[..., c] += 40 * numpy.sin(fx * x + fy * y + phase)
        for cell in (2, 8, 32):
            noise = draws.normal(0, 10, (height // cell, width // cell))
            picture[..., c] += numpy.kron(noise, numpy.ones((cell, cell)))
    return numpy.clip(picture + 128, 0, 255).astype(numpy.uint8)


def make(digits, folder):
    from PIL import Image

    def save(kind, number, picture, **options):
        ending = "jpg" if kind == "jpeg" else "png"
        path = f"{folder}/{kind}/{'ab'[number % 2]}/{number:05}.{ending}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Image.fromarray(picture).save(path, **options)
    for number in range(600):
        save("jpeg", number, photo(number), quality=90)
    for number in range(300):
        save("png", number, photo(number))
    table = numpy.genfromtxt(digits, delimiter=",", names=True)
    pixels = [name for name in table.dtype.names if name.startswith("pixel")]
    for number, row in enumerate(table):
        save("digits", number, (numpy.array([row[name] for name in pixels]).reshape(8, 8) * 255 / 16).astype(numpy.uint8))


def epoch(loader):
    begin, count = time.monotonic(), 0
    for images, _ in loader:
        count += len(images)
    return count / (time.monotonic() - begin)


def measure(way, folder, size, workers):
    import torch
    from torchvision import datasets, io
    from torchvision.transforms import v2
    torch.set_num_threads(1)
    sized = [v2.Resize(size, antialias=True), v2.CenterCrop(size)]
    if way == "pil":
        data = datasets.ImageFolder(folder, transform=v2.Compose([*sized, v2.PILToTensor()]))
    else:
        data = datasets.ImageFolder(folder, transform=v2.Compose(sized), loader=lambda path: io.decode_image(path, io.ImageReadMode.RGB))
    loader = torch.utils.data.DataLoader(data, batch_size=BATCH, shuffle=True, num_workers=workers, persistent_workers=workers > 0)
    print(json.dumps({"images_per_second": max(epoch(loader) for _ in range(PASSES))}))


if sys.argv[1] == "make":
    make(*sys.argv[2:])
else:
    measure(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
