"""Writes span_f1.json: tags and what seqeval says of them, in its mode "default" and in its mode "strict" with the scheme IOB2.

pip install seqeval==1.2.2 numpy==2.4.6
Tolerance 1e-12 relative. Tags are drawn at random, so that stray I- tags, changes of type and spans at the ends of rows all occur.
"""
import json
import warnings

import numpy as np
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

warnings.simplefilter("ignore")
rng = np.random.default_rng(9)


def case(tags, rows, right, strict=True):
    truth = [rng.integers(len(tags), size=rng.integers(1, 12)).tolist() for _ in range(rows)]
    predicted = [[t if rng.random() < right else int(rng.integers(len(tags))) for t in row] for row in truth]
    names = [[[tags[t] for t in row] for row in side] for side in (truth, predicted)]
    expected = {"default": f1_score(*names)}
    if strict:
        expected["strict"] = f1_score(*names, mode="strict", scheme=IOB2)
    return {"tags": tags, "truth": truth, "predicted": predicted, "expected": {k: float(v) for k, v in expected.items()}}


iob = ["B-LOC", "B-PER", "I-LOC", "I-PER", "O"]
iobes = ["B-x", "E-x", "I-x", "S-x", "B-y-z", "E-y-z", "O"]
cases = [case(iob, 60, 0.7), case(iob, 60, 0.95), case(iob, 5, 0.0), case(["B-A", "I-A", "O"], 40, 0.8),
         case(iobes, 60, 0.8, strict=False)]
json.dump(cases, open("span_f1.json", "w"), separators=(",", ":"))
