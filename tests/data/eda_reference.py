"""Writes eda_reference.json: how many words the authors' rule edits, max(1, int(alpha * words)), for alpha and 1 to 60 words.

Run: python3 eda_reference.py (standard library only). Numbers must be equal; there is no tolerance.
"""
import json
import pathlib

counts = {str(alpha): [max(1, int(alpha * words)) for words in range(1, 61)] for alpha in (0.05, 0.1, 0.29, 0.5, 1.0)}
pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps(counts))
