"""Writes table_noise_reference.json: a table and what gaussian_noise and swap_noise make of it, by graft's Rng written again in Python.

Run: pip install numpy; python3 table_noise_reference.py. 12 rows: a vector of 3 features of different scales with gaps, and a class.
Swapped values must be equal; normal ones to 1e-12, for log and cos come from another library.
"""
import json
import math
import pathlib

import numpy as np

import rng_reference


class Draws:  # graft::Rng(key).row(id)
    def __init__(self, key, row):
        self.key, self.counter = rng_reference.fork(rng_reference.fork_name(key, "row"), row), 0

    def bits(self):
        self.counter += 1
        return rng_reference.bits(self.key, self.counter - 1)

    def uniform(self):
        return (self.bits() >> 11) * 2.0**-53

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())

    def below(self, n):
        while (draw := self.bits()) < 2**64 % n:
            pass
        return draw % n


def plain(table):
    return [[None if np.isnan(v) else v for v in row] for row in table.tolist()]


key, deviation, probability = 12345, 0.5, 0.4
random = np.random.default_rng(8)
x = random.normal(size=(12, 3)) * np.array([1, 100, 0.01]) + np.array([0, 5, 0])
x[[2, 7], [0, 1]] = np.nan
labels = random.integers(0, 4, 12)
noisy, swapped, swapped_labels = x.copy(), x.copy(), labels.copy()
scale = deviation * np.nanstd(x, axis=0)
for row in range(len(x)):
    draws = Draws(key, row)
    noisy[row] += [s * draws.normal() for s in scale]
    draws = Draws(key, row)
    for feature in range(3):
        is_swapped, other = draws.uniform() < probability, draws.below(len(x))
        if is_swapped:
            swapped[row, feature] = x[other, feature]
    is_swapped, other = draws.uniform() < probability, draws.below(len(x))
    if is_swapped:
        swapped_labels[row] = labels[other]
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({
    "key": key, "deviation": deviation, "probability": probability, "x": plain(x), "labels": labels.tolist(), "noisy": plain(noisy),
    "swapped": plain(swapped), "swapped_labels": swapped_labels.tolist()}, separators=(",", ":")))
