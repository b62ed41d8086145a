"""Writes csv_reference.csv and csv_reference.json: a hostile table as Python 3.11's csv module writes it, and its cells as it reads them.

Run: python3 csv_reference.py (standard library only). Texts must come back equal; there is no tolerance.
"""
import csv
import json
import pathlib
import random

random.seed(4)
here = pathlib.Path(__file__).parent
pieces = ['a', 'B c', ',', '"', '""', '\n', '\r\n', '\t', ';', "'", ' ', 'é', '日本', '🙂', '\\', '""",', '\u2028', '0', '-1.5', 'x' * 300]
rows = [[''.join(random.choices(pieces, k=random.randrange(0, 6))) for _ in range(4)] for _ in range(400)]
for row in rows:
    row[0] = 'r' + row[0]  # no row is an empty line

with open(here / 'csv_reference.csv', 'w', newline='', encoding='utf-8') as file:
    writer = csv.writer(file)
    writer.writerow(['a', 'b', 'c', 'd'])
    for i, row in enumerate(rows):
        csv.writer(file, quoting=csv.QUOTE_ALL if i % 3 == 0 else csv.QUOTE_MINIMAL, lineterminator='\n' if i % 2 else '\r\n').writerow(row)

with open(here / 'csv_reference.csv', newline='', encoding='utf-8') as file:
    read = list(csv.reader(file, strict=True))[1:]
assert read == rows
(here / 'csv_reference.json').write_text(json.dumps(read, ensure_ascii=False, separators=(',', ':')), encoding='utf-8')
