"""The Python peers of the extractors: tokenizers' encode_batch and scikit-learn's TfidfVectorizer, on the training rows.

usage: peer_extract.py DEPS encode_batch|encode_batch_fast|tfidf THREADS GRAFT.safetensors      prints one JSON line

The figures are those of bench_extract; encode_batch is timed without taking the ids out of its result, tfidf by fit_transform.
GRAFT is the column that bench_extract wrote: fails unless the ids are equal, and the values to 1e-6.
"""
import json
import os
import statistics
import sys
import time

deps, what, threads, graft = sys.argv[1:]
os.environ.update(RAYON_NUM_THREADS=threads, TOKENIZERS_PARALLELISM="true" if int(threads) > 1 else "false")
import numpy
from safetensors.numpy import load_file

from movies import MAX_LENGTH, Movies


def median_seconds(work):
    seconds, begin = [], time.monotonic()
    while len(seconds) < 5 or time.monotonic() - begin < 2:
        start = time.monotonic()
        work()
        seconds.append(time.monotonic() - start)
    return statistics.median(seconds)


def wordpiece(texts, encode_batch):  # its column, the seconds of applying it and of fitting and applying it
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(deps + "/model/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_LENGTH)
    encode = getattr(tokenizer, encode_batch)
    ids = [encoding.ids for encoding in encode(texts)]
    made = {"offsets": numpy.cumsum([0] + [len(row) for row in ids]), "values": numpy.concatenate(ids)}
    return made, median_seconds(lambda: encode(texts)), None


def tfidf(texts):
    from sklearn.feature_extraction.text import TfidfVectorizer

    def make():
        return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    fitted = make()
    rows = fitted.fit_transform(texts)
    rows.sort_indices()
    made = {"offsets": rows.indptr, "values": rows.data, "ids": rows.indices}
    return made, median_seconds(lambda: fitted.transform(texts)), median_seconds(lambda: make().fit_transform(texts))


def check(made, path):
    for name, ours in load_file(path).items():
        if ours.shape != made[name].shape:
            raise SystemExit(f"{name}: graft has {ours.shape} entries, the peer {made[name].shape}")
        if (most := float(numpy.abs(ours - made[name]).max())) > 1e-6:
            raise SystemExit(f"{name} differ by up to {most}")


movies = Movies(deps)
rows = [movies.texts[i] for i in movies.train]
made, transform, fit_transform = tfidf(rows) if what == "tfidf" else wordpiece(rows, what)
check(made, graft)
numbers = {"rows_per_second": len(rows) / transform, "entries_per_second": len(made["values"]) / transform}
if fit_transform:
    numbers["fit_rows_per_second"] = len(rows) / fit_transform
print(json.dumps(numbers))
