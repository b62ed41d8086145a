"""Writes lora_reference.safetensors: what peft's LoRA gives on two linear layers, for tests/plugins/adapter/lora_test.cpp.

    pip install torch==2.11.0 peft==0.21.2 safetensors
    python tests/data/lora.py

<case>.x, <case>.y             input [7, 6] and output [7, 4] of value(tanh(query(x))), with B drawn at random
<case>.<layer>.{weight,bias,A,B}, <case>.<layer>.merged, and d_A, d_B: gradients of the sum of squares of y
Cases: plain (rank 2, alpha 16), stabilised (the same with rsLoRA). Tolerance 1e-6 relative: float sums of at most 6 terms.
"""
import pathlib

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.value = torch.nn.Linear(6, 5), torch.nn.Linear(5, 4)

    def forward(self, x):
        return self.value(torch.tanh(self.query(x)))


tensors = {}
for case, stabilised in (("plain", False), ("stabilised", True)):
    torch.manual_seed(3)
    net = Net()
    base = {name: value.detach().clone() for name, value in net.state_dict().items()}
    model = get_peft_model(net, LoraConfig(r=2, lora_alpha=16, target_modules=["query", "value"], use_rslora=stabilised))
    layers = {name: getattr(model.base_model.model, name) for name in ("query", "value")}
    for layer in layers.values():
        torch.nn.init.normal_(layer.lora_B["default"].weight)
    x = torch.randn(7, 6)
    y = model(x)
    y.square().sum().backward()
    tensors.update({f"{case}.x": x, f"{case}.y": y.detach()})
    for name, layer in layers.items():
        a, b = layer.lora_A["default"].weight, layer.lora_B["default"].weight
        tensors.update({f"{case}.{name}.weight": base[name + ".weight"], f"{case}.{name}.bias": base[name + ".bias"],
                        f"{case}.{name}.A": a.detach(), f"{case}.{name}.B": b.detach(),
                        f"{case}.{name}.d_A": a.grad, f"{case}.{name}.d_B": b.grad,
                        f"{case}.{name}.merged": base[name + ".weight"] + layer.get_delta_weight("default").detach()})
save_file({name: tensor.contiguous() for name, tensor in tensors.items()},
          str(pathlib.Path(__file__).parent / "lora_reference.safetensors"))
