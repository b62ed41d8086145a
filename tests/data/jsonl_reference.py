"""Writes jsonl_reference.jsonl and jsonl_reference.json: a hostile file and its cells as Python 3.11's json module reads them.

Run: python3 jsonl_reference.py (standard library only). Texts and numbers must come back equal; there is no tolerance.
"""
import json
import pathlib
import random

random.seed(4)
here = pathlib.Path(__file__)
pieces = ['a', 'B c', '"', '\\', '\n', '\r\n', '\t', 'é', '日本', '🙂', '\u2028', '\x7f', '/', '{', '}', ',', '0', 'x' * 300]
rows = []
for i in range(300):
    row = {'id': i - 150, 'score': random.choice([None, random.uniform(-5, 5), 7, 1e-300, -2.5e17]),
           'text': ''.join(random.choices(pieces, k=random.randrange(0, 6)))}
    if i % 7 == 0:
        del row['text']
    rows.append(row)
with open(here.with_suffix('.jsonl'), 'w', encoding='utf-8', newline='') as file:
    for i, row in enumerate(rows):
        members = list(row.items())
        random.shuffle(members) if i else None
        file.write(json.dumps(dict(members), ensure_ascii=i % 2 == 0) + ('\r\n' if i % 3 == 0 else '\n') + ('\n' if i % 50 == 0 else ''))
read = [json.loads(line) for line in here.with_suffix('.jsonl').read_bytes().split(b'\n') if line.strip()]
cells = [[row['id'], row['score'], row.get('text', '')] for row in read]
here.with_suffix('.json').write_text(json.dumps(cells, ensure_ascii=False, separators=(',', ':')), encoding='utf-8')
