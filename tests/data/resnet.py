"""Writes resnet.json: what torchvision's ResNets give for weights and pictures that a formula makes, so that neither need be kept.

    python3 -m venv venv && venv/bin/pip install torch==2.11.0 torchvision==0.26.0 && venv/bin/python tests/data/resnet.py

number(name, i) hashes the FNV-1a hash of the name and i to [-0.5, 0.5). Convolutions and fc take it times sqrt(24 / fan in), norms
1 + 0.2 of it, biases and means 0.2 of it, variances 1 + it. Pixels are its bytes. Features and logits are those in evaluation, the
gradient that of the mean square of the features there (in training two pictures make it a matter of rounding); "trained" are the
features in training, which also moves the running statistics.
"""

import json
import pathlib

import numpy
import torch
import torchvision

SHAPE = (2, 3, 40, 36)


def bits(name, count):
    key = numpy.uint32(2166136261)
    with numpy.errstate(over="ignore"):
        for byte in name.encode():
            key = (key ^ numpy.uint32(byte)) * numpy.uint32(16777619)
        x = key + numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(2654435761)
        for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
            x = (x ^ (x >> numpy.uint32(shift))) * numpy.uint32(factor)
        return x ^ (x >> numpy.uint32(16))


def numbers(name, shape):
    count = int(numpy.prod(shape))
    return torch.from_numpy(((bits(name, count) >> 8).astype(numpy.float64) / 2**24 - 0.5)).reshape(shape)


def fill(name, tensor):
    u = numbers(name, tuple(tensor.shape))
    if tensor.dim() > 1:
        return u * (24 / tensor[0].numel()) ** 0.5
    if name.endswith("running_var"):
        return 1 + u
    is_norm_weight = name.endswith("weight")
    return 0.2 * u + (1 if is_norm_weight else 0)


def model_of(depth):
    model = getattr(torchvision.models, f"resnet{depth}")(weights=None)
    state = {name: tensor if tensor.dtype == torch.int64 else fill(name, tensor).float() for name, tensor in model.state_dict().items()}
    model.load_state_dict(state)
    return model


def listed(tensor, count=None):
    return [float(f"{value:.8g}") for value in tensor.detach().reshape(-1)[:count].tolist()]


def reference(depth):
    pixels = torch.from_numpy((bits("pixels", int(numpy.prod(SHAPE))) >> 24).astype(numpy.uint8)).reshape(SHAPE)
    mean, std = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    x = (pixels / 255 - mean) / std
    model = model_of(depth)
    body = torch.nn.Sequential(*list(model.children())[:-1], torch.nn.Flatten())
    model.eval()
    features, logits = body(x), model(x)
    features.square().mean().backward()
    model.train()
    trained = body(x)
    return {
        "features": listed(features[:, :64]), "logits": listed(logits[:, :64]), "trained": listed(trained[:, :64]),
        "running_mean": listed(model.layer1[0].bn1.running_mean), "running_var": listed(model.layer1[0].bn1.running_var),
        "gradient": listed(model.layer2[0].downsample[0].weight.grad, 64),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    result = {"torchvision": torchvision.__version__, "depths": {str(depth): reference(depth) for depth in (18, 34, 50)}}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
