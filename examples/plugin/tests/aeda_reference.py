"""Writes aeda_reference.csv: how often the authors' code puts so many marks into so many words, in 200,000 tries a length.

The function is theirs (github.com/akkarimi/aeda_nlp, code/aeda.py), but returns the number of marks rather than the sentence. A share of 200,000
has a standard deviation of at most 0.0011.
"""
import collections
import random

PUNC_RATIO = 0.3
TRIES = 200_000


def insert_punctuation_marks(words, punc_ratio=PUNC_RATIO):
    q = random.randint(1, int(punc_ratio * len(words) + 1))
    qs = random.sample(range(0, len(words)), q)
    return len(qs)


random.seed(5)
with open("aeda_reference.csv", "w") as file:
    file.write("words,marks,share\n")
    for count in [1, 2, 3, 4, 7, 12]:
        seen = collections.Counter(insert_punctuation_marks(["w"] * count) for _ in range(TRIES))
        for marks in sorted(seen):
            file.write(f"{count},{marks},{seen[marks] / TRIES:.5f}\n")
