"""Writes solvers.json: the minima that scikit-learn finds for a small table, to tolerances under 1e-8.

Run: pip install scikit-learn==1.9.1; python3 solvers.py. 90 rows of 5 correlated features of different scales, three classes, two of
them and a number. In logistic regression two classes have one vector there and two here, w / 2 and -w / 2: C there is 2 C here.
LinearSVC penalises the intercept, less the larger intercept_scaling is; at 1e4 its weights are those of a free one to 1e-6.
Tolerance of the test: 1e-4 of the largest coefficient (floats hold 1e-7, LinearSVC's own minimum is the coarsest).
"""
import json
import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import LinearSVC

random = np.random.default_rng(11)
x = random.normal(size=(90, 5)) @ random.normal(size=(5, 5)) * np.array([1, 3, 0.3, 1, 2]) + np.array([0, 1, 0, -2, 0.5])
x = x.astype(np.float32).astype(np.float64)  # what the model's features are
score = x @ random.normal(size=(5, 3)) + 2 * random.normal(size=(90, 3))
three = score.argmax(1)
two = (score[:, 0] > 0).astype(int)
number = 40 + 10 * score[:, 1]


def solved(model, y):
    model.fit(x, y)
    return {"weight": np.atleast_2d(model.coef_).tolist(), "bias": np.atleast_1d(model.intercept_).tolist(),
            "predicted": model.predict(x).tolist()}


def svc(C):
    return LinearSVC(C=C, loss="squared_hinge", dual=False, tol=1e-12, max_iter=100000, intercept_scaling=1e4)


weights = {c: w for c, w in zip(range(3), [0.5, 1.5, 2.0])}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({
    "x": x.tolist(), "three": three.tolist(), "two": two.tolist(), "number": number.tolist(),
    "logistic_three": solved(LogisticRegression(C=0.7, tol=1e-9, max_iter=10000), three),
    "logistic_two": solved(LogisticRegression(C=1.4, tol=1e-9, max_iter=10000), two),
    "logistic_weighted": solved(LogisticRegression(C=0.7, tol=1e-9, max_iter=10000, class_weight=weights), three),
    "svm_three": solved(svc(0.5), three), "svm_two": solved(svc(0.5), two), "ridge": solved(Ridge(alpha=2.5), number)},
    separators=(",", ":")))
