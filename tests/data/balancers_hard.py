"""Writes balancers_hard.safetensors: Jacobians that make trouble, and torchjd's weights for them, for tests/plugins/balancer.

    pip install torch==2.11.0 torchjd==0.8.1 quadprog==0.1.14 cvxpy==1.9.3 clarabel==0.11.1 safetensors==0.8.0
    python tests/data/balancers_hard.py

jacobian.<K>  [n, K, P] float    200 with K from 2 to 8 tasks, 10 with K = 20; scales from 1e-2 to 1e6; by turns of these kinds:
                                   plain       normal draws, P >= K
                                   conflict    one row is 0.9 of the opposite of another, with a little noise
                                   deficient   rank K / 2, so that rows depend on each other
                                   opposite    one row is exactly minus twice another: no direction serves both
                                   lengths     rows from 0.03 to 30 times as long
<name>.<K>    [n, K] double      torchjd's weights of G = J J^T in double: upgrad, mgda, aligned_mtl, imtl_g, pcgrad, cagrad
P is the same for all of one K; a Jacobian has columns of zeros instead. PCGrad takes the other tasks in ascending order here:
torch.randperm is replaced by torch.arange. CAGrad's solver, Clarabel, goes on to a gap of 1e-14 instead of 1e-8, which leaves
1e-4 in the direction where the problem is flat. MGDA is Frank-Wolfe as torchjd ships it (100 steps, or until one is under 1e-3).
"""
import pathlib

import cvxpy
import torch
from safetensors.torch import save_file
from torchjd.aggregation import (AlignedMTLWeighting, CAGradWeighting, IMTLGWeighting, MGDAWeighting, PCGradWeighting,
                                 UPGradWeighting)

torch.manual_seed(11)
torch.set_num_threads(1)
COUNTS = {2: 25, 3: 30, 4: 30, 5: 30, 6: 30, 7: 25, 8: 30, 20: 10}
KINDS = ("plain", "conflict", "deficient", "opposite", "lengths")


def jacobian(tasks, kind):
    size = tasks + 4
    rank = max(1, tasks // 2) if kind == "deficient" else int(torch.randint(tasks, size + 1, ()))
    rows = torch.randn(tasks, rank)
    if kind == "conflict":
        rows[1] = 0.1 * rows[1] - 0.9 * rows[0]
    if kind == "opposite":
        rows[1] = -2 * rows[0]
    if kind == "lengths":
        rows *= 10 ** (3 * torch.rand(tasks, 1) - 1.5)
    rows *= 10 ** (8 * torch.rand(()) - 2)
    return torch.nn.functional.pad(rows, (0, size - rank))


torch.randperm = torch.arange
solve = cvxpy.Problem.solve
cvxpy.Problem.solve = lambda problem, solver: solve(problem, solver, tol_gap_abs=1e-14, tol_gap_rel=1e-14, tol_feas=1e-14)
methods = {"upgrad": UPGradWeighting(), "mgda": MGDAWeighting(), "aligned_mtl": AlignedMTLWeighting(),
           "imtl_g": IMTLGWeighting(), "pcgrad": PCGradWeighting(), "cagrad": CAGradWeighting(c=0.5)}
tensors = {}
for tasks, count in COUNTS.items():
    jacobians = [jacobian(tasks, KINDS[i % len(KINDS)]) for i in range(count)]
    tensors[f"jacobian.{tasks}"] = torch.stack(jacobians)
    gramians = [rows.double() @ rows.double().T for rows in jacobians]
    for name, weighting in methods.items():
        tensors[f"{name}.{tasks}"] = torch.stack([weighting(gramian) for gramian in gramians])
save_file(tensors, str(pathlib.Path(__file__).parent / "balancers_hard.safetensors"))
