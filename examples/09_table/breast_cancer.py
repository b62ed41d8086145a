"""Writes breast_cancer.csv: the 569 tumours of the Wisconsin diagnostic data, 30 measurements each, from the package scikit-learn.

Run: pip install scikit-learn==1.9.1; python3 breast_cancer.py
W.N. Street, W.H. Wolberg and O.L. Mangasarian 1993, UCI Machine Learning Repository (CC BY 4.0).
"""
import csv
import pathlib

from sklearn.datasets import load_breast_cancer

data = load_breast_cancer()
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow([name.replace(" ", "_") for name in data.feature_names] + ["diagnosis"])
    for row, label in zip(data.data, data.target):
        out.writerow([f"{value:g}" for value in row] + [data.target_names[label]])
