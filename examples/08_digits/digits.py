"""Writes digits.csv: scikit-learn's 1,797 handwritten digits, 64 grey values of 0 to 16 a row (UCI, CC BY 4.0).

    python3 -m venv venv && venv/bin/pip install scikit-learn && venv/bin/python examples/08_digits/digits.py
"""

import csv
import pathlib

from sklearn.datasets import load_digits

digits = load_digits()
with open(pathlib.Path(__file__).parent / "digits.csv", "w", newline="") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["digit"] + [f"pixel_{i}" for i in range(64)])
    for pixels, digit in zip(digits.data.astype(int), digits.target):
        rows.writerow([int(digit), *pixels.tolist()])
