"""Writes word_vectors_reference.json: means of word vectors, made with NumPy out of scikit-learn's counts and idf.

pip install numpy==2.4.6 scikit-learn==1.9.1
Computed in double from vectors of few digits; the tolerance 1e-6 is that of float.
"""
import json
import pathlib

import numpy
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

TEXTS = ["The film is a moving film, a FILM to see.", "dull, dull; dull plot", "unheard words only", "", "Plot and film: na\u00efve but moving",
         "see the film, see the plot"]
LATER = ["a dull film", "moving actors", "see naïve plot plot"]  # actors: in the file, in no training row
WORDS = ["the", "film", "moving", "dull", "plot", "na\u00efve", "actors", "see", "a", "."]

draw = numpy.random.default_rng(3)
vectors = draw.integers(-999, 1000, (len(WORDS), 5)) / 256
numbers = CountVectorizer(vocabulary=WORDS)
counts = numbers.transform(TEXTS).toarray().astype(float)
idf = TfidfTransformer().fit(counts).idf_
in_training = counts.sum(0) > 0
cases = []
for weights in ("equal", "idf"):
    for keep in ("training", "all"):
        weight = (idf if weights == "idf" else numpy.ones(len(WORDS))) * (in_training if keep == "training" else 1)
        rows = numbers.transform(TEXTS + LATER).toarray() * weight
        total = rows.sum(1, keepdims=True)
        means = numpy.divide(rows @ vectors, total, out=numpy.zeros((len(rows), 5)), where=total > 0)
        cases.append({"weights": weights, "keep": keep, "rows": means.tolist()})
file = "".join(word + " " + " ".join(map(str, vector)) + "\n" for word, vector in zip(WORDS, vectors.tolist()))
out = pathlib.Path(__file__).with_suffix(".json")
out.write_text(json.dumps({"texts": TEXTS, "later": LATER, "file": file, "cases": cases}, separators=(",", ":")) + "\n")
