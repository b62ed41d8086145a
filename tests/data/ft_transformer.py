"""Writes ft_transformer.safetensors: what FT-Transformer gives for a small table, for tests/plugins/model/ft_transformer_test.cpp.

    pip install torch==2.11.0 safetensors
    python tests/data/ft_transformer.py

A transcription of Gorishniy et al. 2021, arXiv:2106.11959, with the choices of rtdl 0.0.13 (make_baseline: pre-norm, no norm before the
first attention, ReGLU, a head of LayerNorm and ReLU), in plain PyTorch, in float64. Two blocks of width 8 with 2 heads, an inner width of 5.

x                      [6, 3] numbers        categories    [6, 2] int64, of 3 and 2 classes; -100 is missing
weight.<name>          parameters, drawn from a normal with deviation 0.5, under the names that graft gives them
features               [6, 8]                gradient.<name>    of the sum of squares of the features
rtdl 0.0.13 itself, with these weights, gives these features to 6e-7. Stored in float32: tolerance 1e-5.
"""
import pathlib

import torch
from safetensors.torch import save_file

torch.manual_seed(9)
WIDTH, HEADS, INNER, CLASSES = 8, 2, 5, (3, 2)
x = torch.randn(6, 3, dtype=torch.float64)
categories = torch.tensor([[0, 1], [2, 0], [-100, 1], [1, -100], [2, 1], [0, 0]])
weights = {}


def drawn(name, *shape):
    if name not in weights:
        weights[name] = (0.5 * torch.randn(*shape, dtype=torch.float64)).requires_grad_()
    return weights[name]


def linear(name, x, out):
    return x @ drawn(f"{name}.weight", out, x.shape[-1]).T + drawn(f"{name}.bias", out)


def norm(name, x):
    centred = x - x.mean(-1, keepdim=True)
    scaled = centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt()
    return scaled * drawn(f"{name}.weight", WIDTH) + drawn(f"{name}.bias", WIDTH)


def tokens():
    numbers = x[:, :, None] * drawn("feature_tokenizer.num_tokenizer.weight", 3, WIDTH) + drawn("feature_tokenizer.num_tokenizer.bias", 3, WIDTH)
    table = drawn("feature_tokenizer.cat_tokenizer.embeddings.weight", sum(CLASSES) + 2, WIDTH)
    first = torch.tensor([0, CLASSES[0] + 1])  # of each category: the row of a missing class, then its classes
    looked_up = table[first + (categories + 1).clamp(min=0)] + drawn("feature_tokenizer.cat_tokenizer.bias", 2, WIDTH)
    return torch.cat([drawn("cls_token.weight", WIDTH).expand(6, 1, WIDTH), numbers, looked_up], 1)


def attention(name, x):
    q, k, v = (linear(f"{name}.{w}", x, WIDTH).view(6, -1, HEADS, WIDTH // HEADS).transpose(1, 2) for w in ("W_q", "W_k", "W_v"))
    shares = torch.softmax(q @ k.transpose(2, 3) / (WIDTH // HEADS) ** 0.5, -1)
    return linear(f"{name}.W_out", (shares @ v).transpose(1, 2).reshape(6, -1, WIDTH), WIDTH)


def block(name, x, is_first):
    x = x + attention(f"{name}.attention", x if is_first else norm(f"{name}.attention_normalization", x))
    a, b = linear(f"{name}.ffn.linear_first", norm(f"{name}.ffn_normalization", x), 2 * INNER).chunk(2, -1)
    return x + linear(f"{name}.ffn.linear_second", a * torch.relu(b), WIDTH)


row = tokens()
for i in range(2):
    row = block(f"transformer.blocks.{i}", row, i == 0)
features = torch.relu(norm("transformer.head.normalization", row[:, 0]))
features.square().sum().backward()
tensors = {"x": x, "features": features}
for name, weight in weights.items():
    tensors["weight." + name], tensors["gradient." + name] = weight, weight.grad
stored = {name: tensor.detach().float().contiguous() for name, tensor in tensors.items()}
save_file(stored | {"categories": categories}, pathlib.Path(__file__).with_suffix(".safetensors"))
