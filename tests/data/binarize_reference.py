"""Writes binarize_reference.json: numbers and the classes scikit-learn 1.7.2's Binarizer gives them at several thresholds.

Run: pip install scikit-learn==1.7.2; python3 binarize_reference.py. Classes must be equal; there is no tolerance.
"""
import json
import pathlib

import numpy as np
from sklearn.preprocessing import Binarizer

values = np.concatenate([np.random.default_rng(4).normal(0, 2, 200).round(2), [0.0, -0.0, 0.1 + 0.2, 0.3, 1e300, -1e-300]])
cases = [{'threshold': t, 'classes': Binarizer(threshold=t).fit_transform(values[:, None])[:, 0].astype(int).tolist()}
         for t in (0.0, 0.3, -1.25, 1e300)]
pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps({'values': values.tolist(), 'cases': cases}, separators=(',', ':')))
