"""Writes standard_scaler_reference.json: a table and what scikit-learn 1.7.2's StandardScaler makes of it.

Run: pip install scikit-learn==1.7.2; python3 standard_scaler_reference.py. Features of every scale from 1e-8 to 1e12, one with
an offset of 1e6 times its spread, one constant, one with missing values (null; there the scaled value is null too). Tolerance
1e-12, relative to values of about 1; 1e-9 for the feature with the offset, whose digits that offset eats in both.
"""
import json
import pathlib

import numpy as np
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(4)
rows = 300
table = np.stack([random.normal(3, 2, rows), random.normal(0, 1e-8, rows), random.lognormal(0, 2, rows) * 1e12,
                  random.normal(1e6, 1, rows), np.full(rows, 0.1), random.integers(0, 5, rows).astype(float)], axis=1)
table[random.random(rows) < 0.2, 5] = np.nan
scaler = StandardScaler().fit(table)


def plain(array):
    return [[None if np.isnan(v) else v for v in row] for row in array.tolist()]


pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps(
    {'table': plain(table), 'scaled': plain(scaler.transform(table)), 'mean': scaler.mean_.tolist(), 'scale': scaler.scale_.tolist()},
    separators=(',', ':')))
