"""Writes pictures/ and pictures.json: small pictures of every kind, and their pixels as Pillow and torchvision give them.

    python3 -m venv venv && venv/bin/pip install pillow torch==2.11.0 torchvision==0.26.0 && venv/bin/python tests/data/pictures.py

Every picture is 7 high and 9 wide once upright, but big.jpg and big.png, 34 high and 23 wide, which are brought to size.
"rgb" and "grey" are ImageOps.exif_transpose, then convert("RGB") and convert("L"); 16 bits are value * 255 / 65535, rounded,
where Pillow cuts. JPEG may differ by one level: Pillow brings a libjpeg-turbo of its own.
"""

import json
import pathlib
import struct
import zlib

import numpy
import torch
from PIL import Image, ImageOps
from torchvision.transforms import v2

FOLDER = pathlib.Path(__file__).parent / "pictures"
HEIGHT, WIDTH = 7, 9


def waves(height, width, channels):
    y, x, c = numpy.meshgrid(numpy.arange(height), numpy.arange(width), numpy.arange(channels), indexing="ij")
    return (127.5 + 127 * numpy.sin(0.5 * x + 0.3 * y * (c + 1) + c)).astype(numpy.uint8)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(rows, depth, kind, width, height):
    """A PNG of raw rows: what Pillow cannot write."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def write():
    FOLDER.mkdir(exist_ok=True)
    rgb, grey = Image.fromarray(waves(HEIGHT, WIDTH, 3)), Image.fromarray(waves(HEIGHT, WIDTH, 1)[..., 0])
    alpha = Image.fromarray(waves(HEIGHT, WIDTH, 4)[..., 3])
    rgba = rgb.copy()
    rgba.putalpha(alpha)
    rgb.save(FOLDER / "rgb.png")
    grey.save(FOLDER / "grey.png")
    rgba.save(FOLDER / "rgba.png")
    Image.merge("LA", (grey, alpha)).save(FOLDER / "grey_alpha.png")
    rgb.quantize(16).save(FOLDER / "palette.png")
    rgb.quantize(16).save(FOLDER / "palette_clear.png", transparency=3)
    grey.point(lambda v: 255 * (v > 127)).convert("1").save(FOLDER / "bits.png")
    rgb.save(FOLDER / "turned.png", exif=exif(3))
    rgb.save(FOLDER / "rgb.jpg", quality=95, subsampling=0)
    rgb.save(FOLDER / "half.jpg", quality=80, subsampling=2)
    rgb.save(FOLDER / "progressive.jpg", quality=90, progressive=True)
    grey.save(FOLDER / "grey.jpg", quality=95)
    rgb.convert("CMYK").save(FOLDER / "cmyk.jpg", quality=95)
    for orientation in range(1, 9):
        held = Image.fromarray(waves(HEIGHT, WIDTH, 3) if orientation < 5 else waves(WIDTH, HEIGHT, 3))
        held.save(FOLDER / f"exif{orientation}.jpg", quality=95, subsampling=0, exif=exif(orientation))
    big = Image.fromarray(waves(34, 23, 3))
    big.save(FOLDER / "big.png")
    big.save(FOLDER / "big.jpg", quality=95, subsampling=0)

    deep = {"rgb16.png": waves16(3), "grey16.png": waves16(1)}
    for name, values in deep.items():
        rows = [row.astype(">u2").tobytes() for row in values.reshape(HEIGHT, -1)]
        (FOLDER / name).write_bytes(png_of(rows, 16, 2 if values.shape[2] == 3 else 0, WIDTH, HEIGHT))
    return deep


def waves16(channels):
    y, x, c = numpy.meshgrid(numpy.arange(HEIGHT), numpy.arange(WIDTH), numpy.arange(channels), indexing="ij")
    return (32767.5 + 32767 * numpy.sin(0.7 * x + 0.4 * y * (c + 1) + c)).astype(numpy.uint16)


def flat(picture):
    return numpy.asarray(picture).reshape(-1).tolist()


def pixels(path, deep):
    picture = ImageOps.exif_transpose(Image.open(path))
    if path.name in deep:
        values = numpy.rint(deep[path.name] * 255.0 / 65535).astype(numpy.uint8)
        picture = Image.fromarray(values if values.shape[2] == 3 else values[..., 0])
    return {"rgb": flat(picture.convert("RGB")), "grey": flat(picture.convert("L"))}


def sized(name):
    image = v2.functional.pil_to_tensor(Image.open(FOLDER / name).convert("RGB"))
    stretched = v2.functional.resize(image, [8, 6], antialias=True)
    cropped = v2.functional.center_crop(v2.functional.resize(image, [8], antialias=True), [8, 8])
    pillow = v2.functional.pil_to_tensor(Image.open(FOLDER / name).convert("RGB").resize((6, 8), Image.BILINEAR))
    return {"stretch": flat(stretched.permute(1, 2, 0)), "crop": flat(cropped.permute(1, 2, 0)), "pillow": flat(pillow.permute(1, 2, 0))}


if __name__ == "__main__":
    torch.set_num_threads(1)
    deep = write()
    names = sorted(path.name for path in FOLDER.iterdir() if not path.name.startswith("big"))
    reference = {
        "height": HEIGHT, "width": WIDTH,
        "pictures": {name: pixels(FOLDER / name, deep) for name in names},
        "sized": {name: sized(name) for name in ("big.png", "big.jpg")},
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")
