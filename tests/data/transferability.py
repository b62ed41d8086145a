"""Writes transferability.json: features, labels, and what the closed forms of transferability.hpp say of them.

pip install numpy==2.4.6
Each value is worked out by the definition, not by singular vectors as graft does it:
  left_out      by solving ridge regression again without each row; its strength by a grid and a golden section
  logme         log N(y; 0, (I + F F^T / t) / beta) by a Cholesky factor of the n x n covariance, largest over t and beta: beta in
                closed form, t by a grid of 4,001 points and a golden section
  authors       what the authors' program (github.com/thuml/LogME, the fixed point) says: 11 steps at most, 1e-5 in both denominators
  h_score       tr(pinv(cov f) cov E[f | y])
  shrunk        the same with Ledoit and Wolf's covariance, whose intensity is summed over rows as their paper writes it
  leep          by loops over rows and classes
Tolerance 1e-8 relative: the evidence is flat at its maximum, so what is left is rounding. `authors` agrees to 1e-2 for n > D with
features around 0. For n < D that program leaves out the log(alpha) of directions without features, and where the mean is far from 0
it stays in a local maximum that uses the mean alone.
"""
import json

import numpy as np

rng = np.random.default_rng(11)


def evidence(t, f, y):
    n = len(y)
    factor = np.linalg.cholesky(np.eye(n) + f @ f.T / t)
    half = np.linalg.solve(factor, y)
    beta = n / (half @ half)
    return (0.5 * n * np.log(beta) - np.log(np.diag(factor)).sum() - 0.5 * n - 0.5 * n * np.log(2 * np.pi)) / n


def largest(value, low, high, points, precision):  # a grid, then a golden section beside its best point
    grid = np.linspace(low, high, points)
    best = int(np.argmax([value(x) for x in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, points - 1)]
    shrink = (np.sqrt(5) - 1) / 2
    while high - low > precision:
        a, b = high - shrink * (high - low), low + shrink * (high - low)
        low, high = (low, b) if value(a) > value(b) else (a, high)
    return value(0.5 * (low + high))


def logme(f, y):
    return largest(lambda log_t: evidence(np.exp(log_t), f, y), -20, 40, 4001, 1e-9)


def without(i, t, f, y):  # what ridge says of row i after all others
    mean, others = np.delete(f, i, 0).mean(0), np.delete(y, i, 0)
    x = np.delete(f, i, 0) - mean
    weights = np.linalg.solve(x.T @ x + t * np.eye(f.shape[1]), x.T @ (others - others.mean(0)))
    return (f[i] - mean) @ weights + others.mean(0)


def left_out(f, targets):
    n = len(targets)
    by_mean = sum(((targets[i] - np.delete(targets, i, 0).mean(0)) ** 2).sum() for i in range(n))
    value = lambda log_t: 1 - sum(((targets[i] - without(i, np.exp(log_t), f, targets)) ** 2).sum() for i in range(n)) / by_mean
    return max(0, largest(value, -8, 14, 111, 1e-7))


def authors(f, y):
    n, d = f.shape
    u, s, _ = np.linalg.svd(f, full_matrices=False)
    sigma, x2 = s**2, (u.T @ y) ** 2
    rest = (y**2).sum() - x2.sum()
    alpha = beta = 1.0
    for _ in range(11):
        t = alpha / beta
        gamma = (sigma / (sigma + t)).sum()
        m2 = (sigma * x2 / (t + sigma) ** 2).sum()
        res2 = (x2 / (1 + sigma / t) ** 2).sum() + rest
        alpha, beta = gamma / (m2 + 1e-5), (n - gamma) / (res2 + 1e-5)
        if abs(alpha / beta - t) / t <= 1e-3:
            break
    return (d / 2 * np.log(alpha) + n / 2 * np.log(beta) - 0.5 * np.log(alpha + beta * sigma).sum() - beta / 2 * res2
            - alpha / 2 * m2 - n / 2 * np.log(2 * np.pi)) / n


def class_means(f, y):
    g = np.zeros_like(f)
    for c in np.unique(y):
        g[y == c] = f[y == c].mean(0)
    return g


def h_score(f, y):
    return np.trace(np.linalg.pinv(np.cov(f, rowvar=False), rcond=1e-12) @ np.cov(class_means(f, y), rowvar=False))


def shrunk(f, y):
    x = f - f.mean(0)
    n, d = x.shape
    s = x.T @ x / n
    mean = np.trace(s) / d
    distance = ((s - mean * np.eye(d)) ** 2).sum() / d
    noise = min(distance, sum(((np.outer(row, row) - s) ** 2).sum() for row in x) / d / n**2)
    alpha = noise / distance
    between = np.cov(class_means(f, y), rowvar=False, bias=True)
    return np.trace(np.linalg.solve((1 - alpha) * s + alpha * mean * np.eye(d), (1 - alpha) * between))


def leep(theta, y):
    n, z = theta.shape
    total = 0
    conditional = np.zeros((y.max() + 1, z))
    for j in range(z):
        for i in range(n):
            conditional[y[i], j] += theta[i, j]
        conditional[:, j] /= theta[:, j].sum()
    for i in range(n):
        total += np.log(sum(conditional[y[i], j] * theta[i, j] for j in range(z)))
    return total / n


def labels_for(f, classes, noise):
    scores = (f - f.mean(0)) @ rng.normal(size=(f.shape[1], classes)) / np.sqrt(f.shape[1]) + noise * rng.normal(size=(len(f), classes))
    return scores.argmax(1)


def class_case(name, f, classes, noise):
    y = labels_for(f, classes, noise)
    one_vs_rest = [(y == c).astype(float) for c in np.unique(y)]
    theta = rng.dirichlet(np.ones(4), len(y)).round(3) + 0.25 * np.eye(4)[y % 4].round(3)
    theta = (theta / theta.sum(1, keepdims=True)).round(6)
    return {"name": name, "features": f.tolist(), "labels": y.tolist(), "source": theta.tolist(),
            "authors": np.mean([authors(f, t) for t in one_vs_rest]),
            "expected": {"left_out": left_out(f, np.stack(one_vs_rest, 1)), "logme": np.mean([logme(f, t) for t in one_vs_rest]), "h_score": h_score(f, y), "shrunk_h_score": shrunk(f, y), "leep": leep(theta, y)}}


def number_case(name, f, noise):
    y = (f @ rng.normal(size=f.shape[1]) / np.sqrt(f.shape[1]) + noise * rng.normal(size=len(f)) + 0.3).round(3)
    return {"name": name, "features": f.tolist(), "labels": y.tolist(), "authors": authors(f, y), "expected": {"left_out": left_out(f, y[:, None]), "logme": logme(f, y)}}


def drawn(n, d):
    return (rng.normal(size=(n, d)) * np.geomspace(0.2, 4, d) + 0.2).round(3)


def deficient(n, d, rank):  # columns that are copies and sums of the first ones
    f = drawn(n, rank)
    return np.hstack([f] + [(f[:, [i % rank]] - f[:, [(i + 1 + i // rank) % rank]]) for i in range(d - rank)])


cases = [class_case("n > D, 2 classes", drawn(60, 6), 2, 0.5), class_case("n > D, 5 classes", drawn(80, 10), 5, 0.3),
         class_case("n < D, 2 classes", drawn(24, 40), 2, 0.3), class_case("n < D, 5 classes", drawn(30, 40), 5, 0.3),
         class_case("n > D, rank 5 of 9", deficient(60, 9, 5), 2, 0.5), class_case("n < D, rank 10 of 36", deficient(28, 36, 10), 5, 0.3),
         class_case("n > D, mean far from 0", (0.01 * drawn(60, 6) + 3).round(5), 2, 0.02),
         number_case("n > D, numbers", drawn(60, 6), 0.5), number_case("n < D, numbers", drawn(24, 40), 0.5),
         number_case("n > D, rank 5 of 9, numbers", deficient(60, 9, 5), 0.5)]
json.dump(cases, open("transferability.json", "w"), separators=(",", ":"))
