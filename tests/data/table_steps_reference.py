"""Writes table_steps_reference.json: a table and what scikit-learn's preprocessing makes of it.

Run: pip install scikit-learn==1.9.1; python3 table_steps_reference.py. Tolerance 1e-12 of values of about 1; 1e-9 for PCA, whose
directions come from another LAPACK. null is a missing value. Features: of three scales, one constant, one of few values, one skewed.
"""
import json
import pathlib

import numpy as np
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, PolynomialFeatures, RobustScaler

random = np.random.default_rng(5)
rows = 60
full = np.stack([random.normal(3, 2, rows), random.normal(0, 1e-6, rows), random.normal(-4e5, 1e4, rows), np.full(rows, 0.1),
                 random.integers(0, 4, rows).astype(float), random.lognormal(0, 1, rows)], axis=1)
holes = full.copy()
holes[random.random(full.shape) < 0.15] = np.nan
holes[:, 2] = full[:, 2]  # one feature misses nothing
mixed = full[:, [0, 4, 5]] @ random.normal(size=(3, 5)) + 0.1 * random.normal(size=(rows, 5))
colours = [str(c) for c in random.choice(["red", "green", "blue", "café", "Zoo"], rows)]
sizes = [int(s) for s in random.choice([10, 9, -3, 2], rows)]
yes = [str(c) for c in random.choice(["no", "yes"], rows)]


def plain(array):
    return [[None if np.isnan(v) else v for v in row] for row in np.asarray(array).tolist()]


def encoded(drop):
    encoder = OneHotEncoder(drop=drop, handle_unknown="ignore", sparse_output=False)
    # integers and texts apart, so that each keeps its own order
    return [encoder.fit_transform(np.array(column, dtype=object).reshape(-1, 1)).tolist() for column in (colours, sizes, yes)]


def places(categories="auto", **more):
    return plain(OrdinalEncoder(categories=categories, **more).fit_transform(np.array([colours_with_gaps, sizes], dtype=object).T))


def products(degree, interaction_only):
    return PolynomialFeatures(degree, interaction_only=interaction_only, include_bias=False).fit_transform(mixed[:10, :4]).tolist()


colours_with_gaps = [np.nan if i % 7 == 3 else c for i, c in enumerate(colours)]
order = [["green", "Zoo", "never", "red", "café", "blue", np.nan], sorted(set(sizes))]
pca = PCA(n_components=3, svd_solver="full").fit(mixed)
white = PCA(n_components=3, svd_solver="full", whiten=True).fit(mixed)
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({
    "holes": plain(holes), "mixed": plain(mixed), "colours": colours, "sizes": sizes, "yes": yes,
    "min_max": plain(MinMaxScaler().fit_transform(holes)),
    "min_max_range": plain(MinMaxScaler((-2, 3), clip=True).fit(holes[:30]).transform(holes)),
    "robust": plain(RobustScaler().fit_transform(holes)),
    "robust_range": plain(RobustScaler(quantile_range=(10, 80)).fit_transform(holes)),
    "impute": {s: plain(SimpleImputer(strategy=s, fill_value=7.5 if s == "constant" else None, add_indicator=True).fit_transform(holes))
               for s in ("mean", "median", "most_frequent", "constant")},
    "one_hot": {"null": encoded(None), "first": encoded("first"), "if_binary": encoded("if_binary")},
    "ordinal": places(), "ordinal_order": places(order), "ordinal_missing": places(encoded_missing_value=-1),
    "polynomial": {f"{d}{'i' if i else ''}": products(d, i) for d in (1, 2, 3) for i in (False, True)},
    "pca": plain(pca.transform(mixed)), "pca_white": plain(white.transform(mixed))}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
