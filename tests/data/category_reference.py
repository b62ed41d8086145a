"""Writes category_reference.json: texts and integers with the classes and ids of scikit-learn 1.7.2's LabelEncoder.

Run: pip install scikit-learn==1.7.2; python3 category_reference.py. Ids must be equal; there is no tolerance.
"""
import json
import pathlib
import random

from sklearn.preprocessing import LabelEncoder

random.seed(4)
texts = random.choices(['drama', 'Drama', 'sci-fi', 'émigré', 'zebra', 'Ω', '🙂', '10', '9', ' ', 'a b'], k=200)
integers = random.choices([-3, 0, 9, 10, 100, 2**40], k=200)
cases = {}
for name, values in (('texts', texts), ('integers', integers)):
    encoder = LabelEncoder().fit(values)
    cases[name] = {'values': values, 'classes': [str(c) for c in encoder.classes_], 'ids': encoder.transform(values).tolist()}
pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps(cases, ensure_ascii=False, separators=(',', ':')), encoding='utf-8')
