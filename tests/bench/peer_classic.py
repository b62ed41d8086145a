"""scikit-learn's TF-IDF and logistic regression on the rows of a run of examples/07_classic/logistic.json: the same predictions?

usage: peer_classic.py DEPS RUN [TOL]      prints one JSON line; fails when a test row is predicted another class

RUN is the run's folder: its predictions say which rows test and choose, the others train. TOL is scikit-learn's `tol`, 1e-9 by
default, as graft has it. `fit_seconds` is LogisticRegression.fit alone, on its one thread.
"""
import csv
import json
import os
import sys
import time

deps, run, *tol = sys.argv[1:]
os.environ.setdefault("OMP_NUM_THREADS", "1")
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression


def predictions(split):  # row number -> predicted class
    with open(f"{run}/predictions/{split}.csv", encoding="utf-8", newline="") as file:
        return {int(row["row"]): row["sentiment"] for row in csv.DictReader(file)}


texts, labels = [], []
with open(deps + "/data/movieReviewSnippets_GroundTruth.txt", encoding="utf-8", newline="\n") as file:
    for line in file:
        _, rating, text = line.rstrip("\r\n").split("\t", 2)
        texts.append(text)
        labels.append("positive" if float(rating) > 0 else "negative")
test, valid = predictions("test"), predictions("valid")
train = [i for i in range(len(texts)) if i not in test and i not in valid]
start = time.monotonic()
vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
rows = vectorizer.fit_transform([texts[i] for i in train])
ready = time.monotonic()
model = LogisticRegression(C=1.0, tol=float(tol[0]) if tol else 1e-9, max_iter=10000).fit(rows, [labels[i] for i in train])
done = time.monotonic()
numbers = sorted(test)
theirs = model.predict(vectorizer.transform([texts[i] for i in numbers]))
differ = [i for i, label in zip(numbers, theirs) if test[i] != label]
print(json.dumps({"tfidf_seconds": ready - start, "fit_seconds": done - ready, "iterations": int(model.n_iter_[0]),
                  "test_accuracy": sum(labels[i] == label for i, label in zip(numbers, theirs)) / len(numbers), "rows": len(numbers),
                  "rows_that_differ": len(differ)}))
sys.exit(1 if differ else 0)
