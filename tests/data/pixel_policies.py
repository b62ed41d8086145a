"""Writes pixel_policies.safetensors: every result that torchvision's RandAugment and TrivialAugmentWide can give for three pictures.

    python3 -m venv venv && venv/bin/pip install torch==2.11.0 torchvision==0.26.0 safetensors && venv/bin/python tests/data/pixel_policies.py

"rgb" [3, 3, 7, 9] and "grey" [3, 1, 7, 9] are the pictures: noise, waves, one flat. "rand.<picture>.<operation>.<magnitude>" [S, 3, C,
7, 9] has what the operation gives at that bin of 31, S signs; "trivial.<operation>" [31 * S, 3, 7, 9] all bins for the waves in rgb.
"big" [3, 3, 16, 18] are those that have pixels enough for equalize to change them.
Operations and magnitudes are torchvision's own, by _apply_image_or_video_transform and _AUGMENTATION_SPACE.
"""

import pathlib

import numpy
import torch
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode, v2

HEIGHT, WIDTH, BINS = 7, 9, 31
NAMES = {
    "Identity": "identity", "ShearX": "shear_x", "ShearY": "shear_y", "TranslateX": "translate_x", "TranslateY": "translate_y",
    "Rotate": "rotate", "Brightness": "brightness", "Color": "color", "Contrast": "contrast", "Sharpness": "sharpness",
    "Posterize": "posterize", "Solarize": "solarize", "AutoContrast": "autocontrast", "Equalize": "equalize",
}


def results(policy, image, operation, number):
    magnitudes, is_signed = policy._AUGMENTATION_SPACE[operation]
    values = magnitudes(BINS, HEIGHT, WIDTH)
    magnitude = 0.0 if values is None else float(values[number])
    signed = [magnitude, -magnitude] if is_signed else [magnitude]
    return torch.stack([policy._apply_image_or_video_transform(image, operation, m, InterpolationMode.NEAREST, {}) for m in signed])


def pictures(channels, height=HEIGHT, width=WIDTH):
    noise = numpy.random.default_rng(3).integers(0, 256, (channels, height, width))
    c, y, x = numpy.meshgrid(numpy.arange(channels), numpy.arange(height), numpy.arange(width), indexing="ij")
    waves = 90 + 60 * numpy.sin(0.4 * x + 0.2 * y * (c + 1))
    return torch.from_numpy(numpy.stack([noise, waves, numpy.full_like(noise, 77)]).astype(numpy.uint8))


if __name__ == "__main__":
    torch.set_num_threads(1)
    tensors = {"rgb": pictures(3), "grey": pictures(1), "big": pictures(3, 16, 18)}
    rand, trivial = v2.RandAugment(), v2.TrivialAugmentWide()
    for operation, name in NAMES.items():
        for number in (9, 30):
            for picture in ("rgb", "grey"):
                rows = [results(rand, image, operation, number) for image in tensors[picture]]
                tensors[f"rand.{picture}.{name}.{number}"] = torch.stack(rows, 1).contiguous()
        if operation in ("ShearY", "TranslateX", "Rotate", "Contrast", "Posterize", "Solarize"):
            tensors["trivial." + name] = torch.cat([results(trivial, tensors["rgb"][1], operation, b) for b in range(BINS)])
    for operation in ("AutoContrast", "Equalize", "Sharpness"):
        rows = [results(rand, image, operation, 9) for image in tensors["big"]]
        tensors[f"rand.big.{NAMES[operation]}.9"] = torch.stack(rows, 1).contiguous()
    path = pathlib.Path(__file__).with_suffix(".safetensors")
    save_file(tensors, path)
    path.chmod(0o644)
