"""Writes metrics.json: labels, predictions and what scikit-learn and scipy say of them.

pip install scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6
Tolerance 1e-12 relative: both sides are double precision, a few hundred rows, in another order of summation.
"""
import json
import warnings

import numpy as np
from scipy import stats
from sklearn import metrics

warnings.simplefilter("ignore")
rng = np.random.default_rng(11)


def class_case(classes, rows, right, absent=()):
    present = [c for c in range(classes) if c not in absent]
    truth = rng.choice(present, rows)
    predicted = np.where(rng.random(rows) < right, truth, rng.choice(present, rows))
    expected = {"accuracy": metrics.accuracy_score(truth, predicted), "mcc": metrics.matthews_corrcoef(truth, predicted)}
    for average in ["macro", "micro", "weighted"] + (["binary"] if classes == 2 else []):
        expected["f1 " + average] = metrics.f1_score(truth, predicted, average=average)
    return {"classes": classes, "truth": truth.tolist(), "predicted": predicted.tolist(),
            "expected": {name: float(value) for name, value in expected.items()}}


def number_case(truth, predicted):
    return {"truth": truth.tolist(), "predicted": predicted.tolist(),
            "expected": {"mae": float(metrics.mean_absolute_error(truth, predicted)),
                         "rmse": float(metrics.root_mean_squared_error(truth, predicted)),
                         "pearson": float(stats.pearsonr(truth, predicted).statistic),
                         "spearman": float(stats.spearmanr(truth, predicted).statistic)}}


x = rng.normal(size=200)
cases = {
    "class": [class_case(2, 120, 0.8), class_case(2, 50, 0.0), class_case(5, 150, 0.6), class_case(6, 90, 0.5, absent=(1, 4))],
    "number": [number_case(x, 0.7 * x + 0.5 * rng.normal(size=200)), number_case(x, -x ** 3),
               number_case(np.round(2 * x), np.round(x + rng.normal(size=200)))],  # ties
}
json.dump(cases, open("metrics.json", "w"), separators=(",", ":"))
