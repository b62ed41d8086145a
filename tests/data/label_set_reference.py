"""Writes label_set_reference.json: texts of names and the indicator matrix of scikit-learn's MultiLabelBinarizer.

pip install scikit-learn==1.9.1
Exact.
"""
import json

from sklearn.preprocessing import MultiLabelBinarizer

texts = ["drama, war", "comedy", "film noir, drama, comedy", "war", "Émile, drama"]
binarizer = MultiLabelBinarizer()
sets = binarizer.fit_transform([text.split(", ") for text in texts])
json.dump({"texts": texts, "classes": list(binarizer.classes_), "sets": sets.tolist()}, open("label_set_reference.json", "w"))
