"""Losses of domain methods on fixed tensors, by their papers' formulas in NumPy (float64): writes domains.safetensors.

usage: python domains.py
"""
import numpy as np
from safetensors.numpy import save_file

rng = np.random.default_rng(4)
source, target = rng.normal(size=(7, 3)), rng.normal(size=(5, 3)) * [1, 2, 0.5] + 0.3
labels = np.array([0, 2, 1, 1, 0, 2, 2])
third, third_labels = rng.normal(size=(4, 3)) * 2, np.array([1, 0, 0, 2])
GAMMAS = (0.001, 0.01, 0.1, 1, 10, 100, 1000)


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def coral(s, t):
    return ((np.cov(s, rowvar=False) - np.cov(t, rowvar=False)) ** 2).sum() / (4 * s.shape[1] ** 2)


def mmd(s, t):
    def kernel(a, b):
        return np.mean([[sum(np.exp(-g * ((x - y) ** 2).sum()) for g in GAMMAS) for y in b] for x in a])
    return kernel(s, s) + kernel(t, t) - 2 * kernel(s, t)


def mcc_weights(scores, temperature=2.5):
    p = softmax(scores / temperature)
    w = 1 + np.exp((p * np.log(p)).sum(1))
    return len(p) * w / w.sum()


def mcc(scores, w, temperature=2.5):
    p = softmax(scores / temperature)
    confusion = sum(w[i] * np.outer(p[i], p[i]) for i in range(len(p)))
    confusion /= confusion.sum(1, keepdims=True)
    return (confusion.sum() - np.trace(confusion)) / p.shape[1]


def slope(f, x, step=1e-6):
    """Central differences of f at x."""
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = step
        gradient[i] = (f(x + e) - f(x - e)) / (2 * step)
    return gradient


def cross_entropy(scores, y):
    return -np.log(softmax(scores)[np.arange(len(y)), y])


def irm(scores, y):
    """d mean CE(w s) / d w at w = 1 is mean over rows of sum_c (p_c - t_c) s_c."""
    slopes = ((softmax(scores) - np.eye(3)[y]) * scores).sum(1)
    return slopes[0::2].mean() * slopes[1::2].mean()


risks = np.array([cross_entropy(source, labels).mean(), cross_entropy(third, third_labels).mean()])
q = np.exp(0.01 * risks) / np.exp(0.01 * risks).sum()
save_file({
    "source": source, "target": target, "labels": labels, "third": third, "third_labels": third_labels,
    "coral": np.array([coral(source, target)]), "mmd": np.array([mmd(source, target)]), "mcc": np.array([mcc(target, mcc_weights(target))]),
    "mcc_gradient": slope(lambda scores: mcc(scores, mcc_weights(target)), target),
    "risks": risks, "irm": np.array([np.mean([irm(source, labels), irm(third, third_labels)])]),
    "vrex": np.array([risks.var()]), "group_dro": q,
}, __file__.replace(".py", ".safetensors"))
