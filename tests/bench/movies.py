"""The rows of examples/01_fine_tune for the peers: split as graft splits them, in the order in which graft trains on them."""
import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "data"))
from rng_reference import bits, fork, fork_name

MAX_LENGTH = 128  # tokens of a row, special ones included


class Movies:
    """texts[i], labels[i] of row i; train, valid, test: row numbers, rising. The split is read from .deps/bench/rows."""

    def __init__(self, deps):
        self.texts, self.labels = [], []
        with open(deps + "/data/movieReviewSnippets_GroundTruth.txt", encoding="utf-8", newline="\n") as file:
            for line in file:
                _, rating, text = line.rstrip("\r\n").split("\t", 2)
                self.texts.append(text)
                self.labels.append(int(float(rating) > 0))
        self.valid, self.test = (self._numbers(f"{deps}/bench/rows/predictions/{split}.csv") for split in ("valid", "test"))
        held_out = {*self.valid, *self.test}
        self.train = [i for i in range(len(self.texts)) if i not in held_out]

    @staticmethod
    def _numbers(path):
        with open(path, encoding="utf-8", newline="") as file:
            return sorted(int(row["row"]) for row in csv.DictReader(file))

    def encoded(self, tokenizer, numbers):
        """What transformers trains on: one dict a row, not padded."""
        encoded = tokenizer([self.texts[i] for i in numbers], truncation=True, max_length=MAX_LENGTH)
        return [{"input_ids": ids, "attention_mask": mask, "labels": self.labels[i]}
                for ids, mask, i in zip(encoded["input_ids"], encoded["attention_mask"], numbers)]


def epoch_order(rows, seed, epoch):
    """Positions of the training rows in the order of core/data/order.cpp, for a run with a single stream."""
    key, counter = fork(fork(fork_name(seed, "order"), epoch), 0), 0
    order = list(range(rows))
    for i in range(rows - 1, 0, -1):
        draw = -1
        while draw < (1 << 64) % (i + 1):  # draws under it would favour small positions
            draw, counter = bits(key, counter), counter + 1
        j = draw % (i + 1)
        order[i], order[j] = order[j], order[i]
    return order
