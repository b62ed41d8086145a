"""scikit-learn on the rows of a run of examples/07_classic or examples/09_table that a solver ended: the same coefficients?

usage: peer_classic.py RUN [TOL]      prints one JSON line; fails when coefficients differ by more than 1e-4 of the largest one, or a
                                      test row is predicted another class

RUN is the run's folder: its config says which estimator and which features, its predictions say which rows test and choose; the others
train. TOL is scikit-learn's `tol`, 1e-9 by default, as graft has it. `fit_seconds` is the estimator's fit alone, on one thread.
graft's C counts twice where a class has weights of its own and there are two: scikit-learn has one vector then.
"""
import csv
import json
import os
import sys
import time

run, *tol = sys.argv[1:]
tol = float(tol[0]) if tol else 1e-9
os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
from safetensors.numpy import load_file
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

config = json.load(open(f"{run}/config.json", encoding="utf-8"))
(stream,), (head_name,) = config["data"].values(), config["heads"]
head, optimizer, pipeline = config["heads"][head_name], config["optimizer"], config["pipeline"]


def predictions(split):  # row number -> prediction, in the file's order
    with open(f"{run}/predictions/{split}.csv", encoding="utf-8", newline="") as file:
        return {int(row["row"]): row[head_name] for row in csv.DictReader(file)}


def read_rows():  # features and target of every row of the source
    with open(stream["source"]["path"], encoding="utf-8", newline="") as file:
        if "words" not in pipeline:
            rows = list(csv.DictReader(file))
            return np.array([[float(v) for v in list(r.values())[:-1]] for r in rows]), np.array([r["diagnosis"] == "benign" for r in rows])
        rows = [line.rstrip("\r\n").split("\t", 2) for line in file.read().split("\n") if line]
    ratings = np.array([float(rating) for _, rating, _ in rows])
    return np.array([text for _, _, text in rows], dtype=object), ratings if head["use"] == "graft/regress" else ratings > 0


def vectorizer(step):
    analyzer = {"word": "word", "char_wb": "char_wb", "char": "char"}[step["analyzer"]]
    return TfidfVectorizer(analyzer=analyzer, ngram_range=tuple(step["ngrams"]), sublinear_tf=step["sublinear_tf"], min_df=step["min_df"])


def features():
    if "words" in pipeline:
        return make_union(*[vectorizer(step) for step in pipeline.values() if step["use"] == "graft/tfidf"])
    steps = [StandardScaler()]
    if "few" in pipeline:
        steps.append(PCA(pipeline["few"]["n_components"], svd_solver="full"))
    return make_pipeline(*steps)


def estimator():
    if head["use"] == "graft/regress":
        return Ridge(optimizer["alpha"], tol=tol, solver="auto")
    if head["use"] == "graft/svm":
        return LinearSVC(C=optimizer["C"], loss="squared_hinge", dual=False, tol=1e-10, max_iter=100000, intercept_scaling=1e3)
    return LogisticRegression(C=2 * optimizer["C"], tol=tol, max_iter=10000)


def coefficients():  # graft's, as scikit-learn counts them
    held = {name.rsplit(".", 1)[1]: tensor for name, tensor in load_file(f"{run}/model/heads.safetensors").items()}
    weight, bias = held["weight"].astype(np.float64), held["bias"].astype(np.float64)
    if head["use"] == "graft/regress":
        return weight[0] * held["deviation"], bias[0] * held["deviation"] + held["mean"]
    return (weight[1] - weight[0], bias[1] - bias[0]) if len(weight) == 2 else (weight[0], bias[0])


x, y = read_rows()
test, valid = predictions("test"), predictions("valid")
train = [i for i in range(len(x)) if i not in test and i not in valid]
start = time.monotonic()
made = features()
rows = made.fit_transform(x[train])
ready = time.monotonic()
model = estimator().fit(rows, y[train])
done = time.monotonic()
weight, bias = coefficients()
apart = max(np.abs(weight - np.ravel(model.coef_)).max() / np.abs(model.coef_).max(), abs(bias - np.ravel(model.intercept_)[0]) / np.abs(model.coef_).max())
numbers = list(test)
theirs = model.predict(made.transform(x[numbers]))
line = {"features_seconds": ready - start, "fit_seconds": done - ready, "weights": weight.size, "largest_difference": float(apart),
        "rows": len(numbers)}
if model.n_iter_ is not None:  # Ridge on sparse rows does not say
    line["iterations"] = int(np.max(model.n_iter_))
differ = 0
if head["use"] == "graft/regress":
    line["pearson"] = float(np.corrcoef(theirs, y[numbers])[0, 1])
    line["largest_difference_of_predictions"] = float(np.abs(theirs - np.array([float(test[i]) for i in numbers])).max())
else:
    names = ("malignant", "benign") if "words" not in pipeline else ("negative", "positive")
    differ = sum(test[i] != names[int(label)] for i, label in zip(numbers, theirs))
    line |= {"accuracy": float((theirs == y[numbers]).mean()), "rows_that_differ": int(differ)}
print(json.dumps(line))
sys.exit(1 if differ or apart > 1e-4 else 0)
