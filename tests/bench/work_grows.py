"""Rows for work_grows.sh, and its table and plot.

usage: work_grows.py make DEPS STEPS      DEPS/bench/grows/<length>.tsv: rows for STEPS steps, two each to choose and to test
       work_grows.py draw DEPS RESULTS    prints the table, writes DEPS/bench/work_grows.svg

FLOP of a step: 64 million a token for the GEMMs, and 12 L^2 D a layer and row of L tokens for attention (two products of
L x L x D, forward once and backward twice). The line is that divided by the machine's fp32 FMA peak.
"""
import itertools
import json
import os
import sys

from figures import GEMM_FLOP_A_TOKEN, Results, limits_text
from movies import Movies

LENGTHS, LAYERS, WIDTH = (16, 32, 64, 128, 256, 512), 6, 384


def write(path, rows):
    """Rows of (label, text); the first four choose and test."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for i, (label, text) in enumerate(rows):
            split = ("valid", "valid", "test", "test")[i] if i < 4 else "train"
            file.write(f"{i}\t{2 * label - 1}\t{text}\t{split}\n")


def joined(reviews, length):
    """Endless texts of at least `length` tokens; reviews: (label, text, tokens)."""
    endless = itertools.cycle(reviews)
    while True:
        label, texts, tokens = 0, [], 2  # the two special ones
        while tokens < length:
            label, text, more = next(endless)
            texts.append(text)
            tokens += more
        yield label, " ".join(texts)


def make(deps, steps):
    from tokenizers import Tokenizer
    folder = deps + "/bench/grows"
    os.makedirs(folder, exist_ok=True)
    movies, tokenizer = Movies(deps), Tokenizer.from_file(deps + "/model/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokens = [len(encoding.ids) - 2 for encoding in tokenizer.encode_batch(movies.texts)]
    reviews = list(zip(movies.labels, movies.texts, tokens))
    write(folder + "/natural.tsv", [row[:2] for row in itertools.islice(itertools.cycle(reviews), 4 + 256 * steps)])
    for length in LENGTHS:
        write(f"{folder}/{length}.tsv", itertools.islice(joined(reviews, length), 4 + 32 * steps))
    squares = sum((n + 2) ** 2 for n in tokens) / len(tokens)
    with open(folder + "/rows.json", "w", encoding="utf-8") as file:
        json.dump({"mean_square_of_natural_length": squares}, file)


def flop(record, rows, mean_square):
    attention = 12 * mean_square * WIDTH * LAYERS * rows
    return GEMM_FLOP_A_TOKEN * record["tokens"] / record["steps"] + attention


def series(deps, results):
    """Two lists of (rows or length, ms a step, ms of the FLOP line, peak MB)."""
    with open(deps + "/bench/grows/rows.json", encoding="utf-8") as file:
        natural = json.load(file)["mean_square_of_natural_length"]
    by_rows, by_length = [], []
    for name, record in ((name, pair[name]) for pair in results.pairs.values() for name in pair):
        words = name.split()
        rows, length = int(words[0]), int(words[3]) if len(words) > 2 else None
        line = flop(record, rows, length ** 2 if length else natural) / (results.limits["fma_all_gflops"] * 1e6)
        point = (length or rows, record["ms_per_step"], line, record["peak_rss_mb"])
        (by_length if length else by_rows).append(point)
        tokens, ms = record["tokens"] / record["steps"], record["ms_per_step"]
        print(f"{name:26s} {tokens:8.0f} {ms:10.0f} {line:10.0f} {line / ms:8.0%} {point[3]:10.0f}")
    return by_rows, by_length


def draw(deps, folder):
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot
    results = Results(folder, "work_grows")
    print(f"\n{'':26s} {'tokens':>8s} {'ms a step':>10s} {'FLOP line':>10s} {'reached':>8s} {'peak MB':>10s}")
    figure, axes = pyplot.subplots(2, 2, figsize=(10, 6.5), sharex="col", layout="constrained")
    for column, (points, label) in enumerate(zip(series(deps, results), ("rows a batch", "tokens a row"))):
        x, ms, line, memory = zip(*points)
        axes[0][column].loglog(x, ms, "o-", label="measured")
        axes[0][column].loglog(x, line, "--", label="FLOP at the FMA peak")
        axes[1][column].semilogx(x, memory, "o-", color="tab:red")
        axes[1][column].set(xlabel=label, ylim=(0, 1.1 * max(memory)), xticks=x, xticklabels=x)
        axes[1][column].minorticks_off()
    axes[0][0].set_ylabel("ms a step")
    axes[1][0].set_ylabel("peak memory, MB")
    axes[0][0].legend(frameon=False)
    pyplot.savefig(deps + "/bench/work_grows.svg", metadata={"Date": None})
    print(limits_text(results.limits))


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]))
else:
    draw(sys.argv[2], sys.argv[3])
