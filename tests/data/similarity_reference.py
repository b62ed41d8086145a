"""Writes similarity_reference.json: vectors in pairs, their cosines by scikit-learn and the losses that follow.

pip install scikit-learn==1.9.1 numpy==2.4.6
mse is that of sentence-transformers' CosineSimilarityLoss, contrastive that of its ContrastiveLoss (cosine distance, margin 0.5). The
reference is in double, the head computes in float, so they agree to about 1e-6.
"""
import json

import numpy as np
from sklearn.metrics import mean_squared_error
from sklearn.metrics.pairwise import paired_cosine_distances

rng = np.random.default_rng(2)
first = rng.normal(size=(12, 5))
second = first * rng.normal(size=(12, 1)) + 0.8 * rng.normal(size=(12, 5))
target = rng.integers(0, 6, 12).astype(float)
alike = (target > 2).astype(float)
distance = paired_cosine_distances(first, second)
mse = mean_squared_error((target / 5)[None], 1 - distance[None], multioutput="raw_values")
contrastive = 0.5 * (alike * distance ** 2 + (1 - alike) * np.maximum(0.5 - distance, 0) ** 2)
json.dump({"first": first.tolist(), "second": second.tolist(), "target": target.tolist(), "alike": alike.tolist(),
           "expected": {"cosine": (1 - distance).tolist(), "mse": mse.tolist(), "contrastive": contrastive.tolist()}},
          open("similarity_reference.json", "w"), separators=(",", ":"))
