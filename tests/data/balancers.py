"""Writes balancers.safetensors: Gramians and the weights that torchjd gives for them, for tests/plugins/balancer.

    pip install torch==2.11.0 torchjd==0.8.1 quadprog==0.1.14 cvxpy==1.9.3 clarabel==0.11.1 safetensors==0.8.0
    python tests/data/balancers.py

gramian.<K>   [n, K, K] double   of random Jacobians [K, P] in double, P from K to 40, rows of different length, one shared direction
<name>.<K>    [n, K] double      torchjd's weights: upgrad, mgda, aligned_mtl, imtl_g, pcgrad, cagrad
PCGrad takes the other tasks in ascending order here: torch.randperm is replaced by torch.arange.
Tolerances are told in the tests: quadprog and the closed forms are exact to conditioning, Clarabel stops at 1e-8,
and MGDA is Frank-Wolfe (here at most 20000 steps, or until one is under 1e-12), so its norm is compared, not its weights.
"""
import pathlib

import torch
from safetensors.torch import save_file
from torchjd.aggregation import (AlignedMTLWeighting, CAGradWeighting, IMTLGWeighting, MGDAWeighting, PCGradWeighting,
                                 UPGradWeighting)

torch.manual_seed(5)
torch.set_num_threads(1)
COUNTS = {2: 60, 3: 60, 4: 40, 6: 30, 10: 10}


def jacobian(tasks):
    size = int(torch.randint(tasks, 41, ()))
    length = 10 ** (2 * torch.rand(tasks, 1, dtype=torch.float64) - 1)
    shared = 1.5 * torch.rand((), dtype=torch.float64) * torch.randn(size, dtype=torch.float64)
    return length * (torch.randn(tasks, size, dtype=torch.float64) + shared)


def gramian(tasks):
    rows = jacobian(tasks)
    return rows @ rows.T


tensors = {}
for tasks, count in COUNTS.items():
    tensors[f"gramian.{tasks}"] = torch.stack([gramian(tasks) for _ in range(count)])
torch.randperm = torch.arange
methods = {"upgrad": UPGradWeighting(), "mgda": MGDAWeighting(epsilon=1e-12, max_iters=20000), "aligned_mtl": AlignedMTLWeighting(),
           "imtl_g": IMTLGWeighting(), "pcgrad": PCGradWeighting(), "cagrad": CAGradWeighting(c=0.5)}
for name, weighting in methods.items():
    for tasks in COUNTS:
        tensors[f"{name}.{tasks}"] = torch.stack([weighting(g) for g in tensors[f"gramian.{tasks}"]])
save_file({name: tensor.contiguous() for name, tensor in tensors.items()},
          str(pathlib.Path(__file__).parent / "balancers.safetensors"))
