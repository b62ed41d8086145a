"""Writes label_sets.json: label sets, probabilities and logits, and what scikit-learn says of them.

pip install scikit-learn==1.9.1 numpy==2.4.6
Probabilities are float, as heads give them. Metrics: tolerance 1e-12 relative, both sides add up in double, in another order. Losses: the
reference is in double, the head computes in float, so they agree to about 1e-6 of their size; positive_weight is a sample weight.
Every class occurs in truth and prediction, where scikit-learn's macro and ours agree.
"""
import json

import numpy as np
from sklearn import metrics

rng = np.random.default_rng(3)


def metric_case(classes, rows, skill, share):
    truth = (rng.random((rows, classes)) < share).astype(int)
    scores = rng.normal(size=(rows, classes)) + skill * (truth - 0.5)
    probability = (1 / (1 + np.exp(-scores))).round(2).astype(np.float32)  # few digits: ties
    label = (probability > 0.5).astype(int)
    expected = {"subset_accuracy": metrics.accuracy_score(truth, label), "hamming_loss": metrics.hamming_loss(truth, label)}
    for average in ["macro", "micro", "weighted"]:
        expected["f1 " + average] = metrics.f1_score(truth, label, average=average)
    for average in ["macro", "weighted"]:
        expected["auroc " + average] = metrics.roc_auc_score(truth, probability, average=average)
        expected["average_precision " + average] = metrics.average_precision_score(truth, probability, average=average)
    assert truth.any(0).all() and label.any(0).all()
    return {"classes": classes, "truth": truth.tolist(), "label": label.tolist(), "probability": probability.tolist(),
            "expected": {name: float(value) for name, value in expected.items()}}


def loss_case(classes, rows, weights):
    scores = 2 * rng.normal(size=(rows, classes))
    truth = (rng.random((rows, classes)) < 0.4).astype(int)
    truth[0], truth[1] = 0, 1
    probability = 1 / (1 + np.exp(-scores))
    weight = np.where(truth == 1, np.ones(classes) if weights is None else weights, 1.0)
    total = sum(metrics.log_loss(truth[:, c], probability[:, c], sample_weight=weight[:, c], normalize=False) for c in range(classes))
    rows_alone = [sum(metrics.log_loss(truth[i:i + 1, c], probability[i:i + 1, c], sample_weight=weight[i:i + 1, c], labels=[0, 1])
                      * weight[i, c] for c in range(classes)) / classes for i in range(rows)]
    return {"classes": classes, "scores": scores.tolist(), "truth": truth.tolist(), "positive_weight": weights,
            "expected": {"loss": total / truth.size, "losses": rows_alone}}


cases = {"metrics": [metric_case(3, 80, 2.0, 0.4), metric_case(2, 40, 0.5, 0.5), metric_case(6, 120, 1.5, 0.2)],
         "losses": [loss_case(3, 7, None), loss_case(4, 5, [1.0, 3.0, 0.5, 2.0])]}
json.dump(cases, open("label_sets.json", "w"), separators=(",", ":"))
