"""Writes pixel_ops.safetensors: what torchvision's transforms of pictures give for fixed parameters, and how often each result comes.

    python3 -m venv venv && venv/bin/pip install torch==2.11.0 torchvision==0.26.0 safetensors && venv/bin/python tests/data/pixel_ops.py

The pictures are those of pixel_policies.py. "<operation>.<picture>.<case>" [3, C, H, W] are results of transforms.v2.functional, one a
picture. "<name>.results" [N, C, H, W] are all different results that random parameters can lead to, "<name>.shares" [N] how often each
comes: by counting where the parameters are few, by a fine grid over the uniform numbers drawn where they are not. "small" [1, 5, 6] is
the picture whose boxes are counted.
"""

import itertools
import math
import pathlib

import numpy
import torch
from safetensors.torch import save_file
from torchvision.transforms import AutoAugmentPolicy, InterpolationMode, v2
from torchvision.transforms.v2 import functional as F

from pixel_policies import pictures

MODES = {"nearest": InterpolationMode.NEAREST, "bilinear": InterpolationMode.BILINEAR}
FACTORS = {"brightness": 1.3, "contrast": 0.5, "saturation": 1.7, "hue": -0.2}
ADJUST = {"brightness": F.adjust_brightness, "contrast": F.adjust_contrast, "saturation": F.adjust_saturation, "hue": F.adjust_hue}
AFFINE = {  # name: degrees, scale, shear, mode, fill
    "turned": (30, 1, (0, 0), "nearest", 0), "grown": (0, 1.3, (0, 0), "nearest", 40), "sheared": (0, 1, (20, -10), "nearest", 255),
    "all": (-50, 0.8, (10, 5), "nearest", 0), "smooth": (25, 1.2, (0, 0), "bilinear", 0), "all_smooth": (-50, 0.8, (10, 5), "bilinear", 90),
}


def distinct(pairs):
    """Pictures and shares with equal pictures made one."""
    shares = {}
    for picture, share in pairs:
        key = (tuple(picture.shape), picture.numpy().tobytes())
        shares[key] = shares.get(key, 0) + share
    found = [(torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(shape), share) for (shape, data), share in shares.items() if share > 0]
    return torch.stack([picture for picture, _ in found]), torch.tensor([share for _, share in found], dtype=torch.float64)


def counted(tensors, name, pairs):
    tensors[name + ".results"], tensors[name + ".shares"] = distinct(pairs)


def sides(area, scale, ratio, points=3000):
    """How often draws of area and log ratio give each pair of rounded sides, first / second = ratio."""
    at = (numpy.arange(points) + 0.5) / points
    share = area * (scale[0] + (scale[1] - scale[0]) * at)[:, None]
    aspect = numpy.exp(math.log(ratio[0]) + (math.log(ratio[1]) - math.log(ratio[0])) * at)[None]
    first, second = numpy.rint(numpy.sqrt(share * aspect)), numpy.rint(numpy.sqrt(share / aspect))
    pairs, counts = numpy.unique(numpy.stack([first.ravel(), second.ravel()], 1).astype(int), axis=0, return_counts=True)
    return {tuple(pair): count / points**2 for pair, count in zip(pairs.tolist(), counts.tolist())}


def boxes(found, fits, height, width):
    """(top, left, h, w): share, when what does not fit is drawn again, ten times at most; and the share of none."""
    good = {(h, w): share for (h, w), share in found.items() if fits(h, w)}
    fit = sum(good.values())
    again = (1 - (1 - fit) ** 10) / fit
    result = {}
    for (h, w), share in good.items():
        places = list(itertools.product(range(height - h + 1), range(width - w + 1)))
        for top, left in places:
            result[top, left, h, w] = share * again / len(places)
    return result, (1 - fit) ** 10


def box_shares(tensors, small):
    _, height, width = small.shape
    area = height * width
    turned = {(h, w): share for (w, h), share in sides(area, (0.08, 1), (3 / 4, 4 / 3)).items()}
    found, none = boxes(turned, lambda h, w: 0 < h <= height and 0 < w <= width, height, width)
    cut = [(F.resized_crop(small, *box, [height, width], antialias=True), share) for box, share in found.items()]
    counted(tensors, "random_resized_crop.small", cut + [(small, none)])
    found, none = boxes(sides(area, (0.02, 0.33), (0.3, 3.3)), lambda h, w: h < height and w < width, height, width)
    covered = [(F.erase(small, *box, torch.zeros(1, 1, 1, dtype=torch.uint8)), share / 2) for box, share in found.items()]
    counted(tensors, "erasing.small", covered + [(small, none / 2), (small, 0.5)])


def affine(picture, degrees, scale, shear, mode, fill, translate=(0, 0)):
    return F.affine(picture, degrees, list(translate), scale, list(shear), interpolation=MODES[mode], fill=fill)


def affine_shares(tensors, picture):
    def rounded(share, side):  # round(uniform(-most, most))
        most = share * side
        return {k: max(0.0, min(k + 0.5, most) - max(k - 0.5, -most)) / (2 * most) for k in range(-math.ceil(most), math.ceil(most) + 1)}
    across, down = rounded(0.2, picture.shape[2]), rounded(0.1, picture.shape[1])
    moved = [(affine(picture, 0, 1, (0, 0), "nearest", 0, (x, y)), p * q) for (x, p), (y, q) in itertools.product(across.items(), down.items())]
    counted(tensors, "affine.translate", moved)
    points = 8000
    turns = [affine(picture, -20 + 40 * (i + 0.5) / points, 1, (0, 0), "nearest", 0) for i in range(points)]
    counted(tensors, "affine.degrees", [(turn, 1 / points) for turn in turns])


def orders(picture):
    for order in itertools.permutations(FACTORS):
        result = picture
        for name in order:
            result = ADJUST[name](result, FACTORS[name])
        yield result, 1 / 24


def parts(policy, picture, part):
    """What one operation of a pair makes of the picture, and how often."""
    operation, probability, number = part
    magnitudes, is_signed = policy._AUGMENTATION_SPACE[operation]
    values = magnitudes(10, *picture.shape[1:])
    magnitude = 0.0 if values is None else float(values[number])
    signed = [magnitude, -magnitude] if is_signed else [magnitude]
    yield picture, 1 - probability
    for m in signed:
        made = policy._apply_image_or_video_transform(picture, operation, m, InterpolationMode.NEAREST, {})
        yield made, probability / len(signed)


def auto_augmented(name, picture):
    policy = v2.AutoAugment(AutoAugmentPolicy(name))
    for first, second in policy._policies:
        for once, p in parts(policy, picture, first):
            for twice, q in parts(policy, once, second):
                yield twice, p * q / len(policy._policies)


def main():
    torch.set_num_threads(1)
    small = torch.from_numpy(numpy.random.default_rng(5).permutation(30).reshape(1, 5, 6).astype(numpy.uint8) * 8 + 7)
    tensors = {"small": small}
    given = {"rgb": pictures(3), "grey": pictures(1), "big": pictures(3, 16, 18)}
    for name, images in (("rgb", given["rgb"]), ("grey", given["grey"])):
        for change, factor in FACTORS.items():
            tensors[f"color_jitter.{name}.{change}"] = ADJUST[change](images, factor)
        for case, parameters in AFFINE.items():
            tensors[f"affine.{name}.{case}"] = affine(images, *parameters)
        for size, sigma in ((3, 0.7), (5, 1.5), (9, 3.0)):
            tensors[f"gaussian_blur.{name}.{size}"] = F.gaussian_blur(images, [size, size], [sigma, sigma])
        tensors[f"grayscale.{name}"] = F.rgb_to_grayscale(images, num_output_channels=images.shape[1])
    for turn in (-0.5, 0.1, 0.35):
        tensors[f"color_jitter.rgb.hue.{turn}"] = F.adjust_hue(given["rgb"], turn)
    for mode in ("constant", "edge", "reflect", "symmetric"):
        padded = F.pad(given["rgb"][0], 2, fill=9 if mode == "constant" else 0, padding_mode=mode)
        cuts = [F.crop(padded, top, left, 7, 9) for top, left in itertools.product(range(5), range(5))]
        tensors[f"crop.{mode}"] = torch.stack(cuts)
    places = itertools.product(range(5), range(7))
    tensors["random_resized_crop.big"] = torch.stack([F.resized_crop(given["big"][0], *at, 12, 12, [16, 18], antialias=True) for at in places])
    box_shares(tensors, small)
    affine_shares(tensors, given["grey"][0])
    counted(tensors, "color_jitter.orders", orders(given["rgb"][0]))
    impulse = torch.zeros(1, 5, 5, dtype=torch.uint8)
    impulse[0, 2, 2] = 255
    grid = [F.gaussian_blur(impulse, [3, 3], [s, s]) for s in (0.1 + 1.9 * (numpy.arange(20000) + 0.5) / 20000).tolist()]
    counted(tensors, "gaussian_blur.impulse", [(picture, 1 / len(grid)) for picture in grid])
    for policy in ("imagenet", "cifar10", "svhn"):
        counted(tensors, "auto_augment." + policy, auto_augmented(policy, given["big"][0][:, :15]))
    path = pathlib.Path(__file__).with_suffix(".safetensors")
    save_file({name: tensor.clone().contiguous() for name, tensor in tensors.items()}, path)
    path.chmod(0o644)


if __name__ == "__main__":
    main()
