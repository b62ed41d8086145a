"""Writes probability_metrics.json: labels, probabilities and numbers, and what scikit-learn says of them.

pip install scikit-learn==1.9.1 numpy==2.4.6
Probabilities are float, as heads give them. Tolerance 1e-12 relative: both sides add up in double, in another order. One class
against the rest is asked of scikit-learn class by class, since it refuses or counts as 0 a class without rows.
"""
import json
import warnings

import numpy as np
from sklearn import metrics
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")
rng = np.random.default_rng(5)


def one_vs_rest(score, truth, probability):
    present = np.unique(truth)
    values = np.array([score(truth == c, probability[:, c]) for c in present])
    rows = np.array([(truth == c).sum() for c in present])
    return {"macro": values.mean(), "weighted": (values * rows).sum() / rows.sum()}


def calibration_error(truth, probability, bins):
    confidence = probability.max(1).astype(float)
    right = probability.argmax(1) == truth
    share_right, mean_confidence = calibration_curve(right, confidence, n_bins=bins, strategy="uniform")
    rows = np.bincount(np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence), minlength=bins)
    return (rows[rows > 0] / rows.sum() * np.abs(share_right - mean_confidence)).sum()


def class_case(classes, rows, skill, absent=(), digits=3):
    truth = rng.choice([c for c in range(classes) if c not in absent], rows)
    scores = rng.normal(size=(rows, classes)) + skill * np.eye(classes)[truth]
    probability = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    probability = probability.round(digits).astype(np.float32)  # few digits: ties, zeros
    step = np.finfo(np.float32).eps
    clipped = np.clip(probability, step, 1 - step).astype(float)  # as scikit-learn clips floats, but summed in double
    expected = {"log_loss": metrics.log_loss(truth, y_proba=clipped, labels=range(classes)),
                "quadratic_kappa": metrics.cohen_kappa_score(truth, probability.argmax(1), weights="quadratic")}
    for bins in (1, 10, 15):
        expected[f"calibration_error {bins}"] = calibration_error(truth, probability, bins)
    for name, score in (("auroc", metrics.roc_auc_score), ("average_precision", metrics.average_precision_score)):
        for average, value in one_vs_rest(score, truth, probability).items():
            expected[f"{name} {average}"] = value
        if classes == 2:
            expected[f"{name} binary"] = score(truth, probability[:, 1])
    return {"classes": classes, "truth": truth.tolist(), "predicted": probability.argmax(1).tolist(),
            "probability": [[round(float(p), digits) for p in row] for row in probability],
            "expected": {name: float(value) for name, value in expected.items()}}


def number_case(truth, predicted):
    return {"truth": truth.tolist(), "predicted": predicted.tolist(), "expected": {"r2": metrics.r2_score(truth, predicted)}}


x = rng.normal(size=100)
cases = {
    "class": [class_case(2, 120, 1.5), class_case(2, 60, 0, digits=1), class_case(4, 120, 1, digits=2),
              class_case(6, 90, 1, absent=(1, 4), digits=2)],
    "number": [number_case(x, 0.7 * x + 0.5 * rng.normal(size=100)), number_case(1e6 + x, 1e6 - x)],
}
json.dump(cases, open("probability_metrics.json", "w"), separators=(",", ":"))
