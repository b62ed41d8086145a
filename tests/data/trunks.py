"""Writes trunks.safetensors: what models on a trunk give, for tests/plugins/model/twin_test.cpp, mmoe_test.cpp and cgc_test.cpp.

    pip install torch==2.11.0 safetensors
    python tests/data/trunks.py

A transcription of the formulas of Reimers and Gurevych 2019 (SBERT's classification features), Ma et al. 2018 (MMoE) and Tang et al.
2020 (CGC, PLE) in plain PyTorch, in float64.

x, y                           rows [6, 5]; outputs of mmoe, cgc and ple are called a and b; experts, and the trunk of twin, have
                               layers of 4 and 3 with tanh; the others' trunk is x itself
<case>.weight.<name>           parameters, drawn from a normal with deviation 0.7, under the names that graft gives them
<case>.<output>                [6, 3]; features of twin [6, 9]
<case>.gradient.<name>         of the sum of squares of all outputs
Cases: twin (x beside y); mmoe (3 experts); cgc (2 experts each, 1 shared); ple (the same in 2 levels). Stored in float32: tolerance 1e-5.
"""
import pathlib

import torch
from safetensors.torch import save_file

torch.manual_seed(5)
OUTPUTS, WIDTHS = ("a", "b"), (4, 3)
x, y = torch.randn(6, 5, dtype=torch.float64), torch.randn(6, 5, dtype=torch.float64)
tensors = {"x": x, "y": y}


class Weights(dict):
    """Makes a parameter the first time that it is asked for."""

    def draw(self, name, *shape):
        if name not in self:
            self[name] = (0.7 * torch.randn(*shape, dtype=torch.float64)).requires_grad_()
        return self[name]

    def expert(self, name, x):
        for i, width in enumerate(WIDTHS):
            weight, bias = self.draw(f"{name}.{i}.weight", width, x.shape[1]), self.draw(f"{name}.{i}.bias", width)
            x = torch.tanh(x @ weight.T + bias)
        return x

    def experts(self, name, count, x):
        return [self.expert(f"{name}.{i}", x) for i in range(count)]

    def mixture(self, gate, x, experts):
        share = torch.softmax(x @ self.draw(gate + ".weight", len(experts), x.shape[1]).T, dim=1)
        return sum(share[:, i : i + 1] * expert for i, expert in enumerate(experts))


def twin(w):
    u, v = w.expert("trunk.hidden", x), w.expert("trunk.hidden", y)
    return {"first": u, "second": v, "features": torch.cat([u, v, (u - v).abs()], 1)}


def mmoe(w):
    experts = w.experts("experts", 3, x)
    return {k: w.mixture(f"gates.{k}", x, experts) for k in OUTPUTS}


def extraction(w, levels):
    own, shared = {k: x for k in OUTPUTS}, x
    for level in range(levels):
        at = f"levels.{level}."
        common = w.experts(at + "shared", 1, shared)
        specific = {k: w.experts(f"{at}specific.{k}", 2, own[k]) for k in OUTPUTS}
        above = {k: w.mixture(f"{at}gates.{k}", own[k], specific[k] + common) for k in OUTPUTS}
        if level + 1 < levels:
            shared = w.mixture(at + "shared_gate", shared, specific["a"] + specific["b"] + common)
        own = above
    return own


for case, forward in (("twin", twin), ("mmoe", mmoe), ("cgc", lambda w: extraction(w, 1)), ("ple", lambda w: extraction(w, 2))):
    weights = Weights()
    outputs = forward(weights)
    sum(output.square().sum() for output in outputs.values()).backward()
    for k, output in outputs.items():
        tensors[f"{case}.{k}"] = output
    for name, value in weights.items():
        tensors[f"{case}.weight.{name}"], tensors[f"{case}.gradient.{name}"] = value, value.grad
save_file({name: t.detach().float().contiguous() for name, t in tensors.items()},
          str(pathlib.Path(__file__).with_suffix(".safetensors")))
