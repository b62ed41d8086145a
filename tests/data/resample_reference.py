"""Writes resample_reference.json: what imbalanced-learn's SMOTE makes of a small table, given the draws of graft's Rng.

Run: pip install scikit-learn==1.9.1 imbalanced-learn==0.14.2; python3 resample_reference.py. 40 rows of 3 features of different scales,
three classes of 24, 10 and 6 rows, not in order. SMOTE asks a numpy RandomState for positions and steps, class by class; here it gets
those that graft draws, from Rng(12345).fork(class). Tolerance of the test: 1e-12 of values of about 1.
"""
import json
import pathlib

import numpy as np
from imblearn.over_sampling import SMOTE

import rng_reference


class Draws:  # graft::Rng
    def __init__(self, key):
        self.key, self.counter = key, 0

    def bits(self):
        self.counter += 1
        return rng_reference.bits(self.key, self.counter - 1)

    def uniform(self):
        return (self.bits() >> 11) * 2.0**-53

    def below(self, n):
        while (draw := self.bits()) < 2**64 % n:
            pass
        return draw % n


class GraftState(np.random.RandomState):  # SMOTE asks for the positions of a class, then for its steps; graft draws them in pairs
    classes = iter([1, 2])

    def randint(self, low, high, size):
        draws = Draws(rng_reference.fork(12345, next(self.classes)))
        pairs = [(draws.below(high), draws.uniform()) for _ in range(size)]
        self.steps = np.array([step for _, step in pairs])
        return np.array([position for position, _ in pairs])

    def uniform(self, low=0.0, high=1.0, size=None):
        return self.steps.reshape(size)


random = np.random.default_rng(3)
labels = random.permutation([0] * 24 + [1] * 10 + [2] * 6)
x = random.normal(size=(40, 3)) * np.array([1, 0.2, 2]) + labels[:, None] * np.array([1, 0, 0.5])
made, classes = SMOTE(k_neighbors=4, random_state=GraftState()).fit_resample(x, labels)
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({
    "x": x.tolist(), "labels": labels.tolist(), "made": made.tolist(), "classes": classes.tolist()}, separators=(",", ":")))
