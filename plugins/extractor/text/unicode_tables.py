"""Writes unicode_tables.inc, what Python's str.lower() and re's \\w know about characters, as ranges.

Run: python3 unicode_tables.py (Python 3.11: Unicode 14.0; the .inc names the version it was made with).
"""
import pathlib
import sys
import unicodedata

ALL = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
BEYOND_ASCII = ALL[0x80:]


def ranges(members):
    """[first, last] of each run of consecutive code points."""
    runs = []
    for c in members:
        if runs and runs[-1][1] == c - 1:
            runs[-1][1] = c
        else:
            runs.append([c, c])
    return runs


def steps(pairs):
    """[first, last, step, delta] of each run with lower = c + delta."""
    runs = []
    for c, low in pairs:
        last = runs[-1] if runs else None
        if last and last[3] == low - c and (c - last[1] == last[2] or (last[0] == last[1] and c - last[1] <= 2)):
            last[2], last[1] = c - last[1], c
        else:
            runs.append([c, c, 1, low - c])
    return runs


def is_cased(c):  # and not case-ignorable: decides whether a capital sigma after it ends a word
    return (chr(c) + 'Σ').lower()[-1] == 'ς'


def is_case_ignorable(c):
    return not is_cased(c) and ('A' + chr(c) + 'Σ').lower()[-1] == 'ς'


def write(file, name, kind, rows):
    file.write(f'constexpr {kind} {name}[] = {{\n')
    line = ''
    for row in rows:
        item = '{' + ','.join(hex(v) if i < 2 else str(v) for i, v in enumerate(row)) + '},'
        if len(line) + len(item) > 128:
            file.write(line + '\n')
            line = ''
        line += item
    file.write(line + '\n};\n')


lower = [(c, chr(c).lower()) for c in BEYOND_ASCII if chr(c).lower() != chr(c)]
assert [c for c, low in lower if len(low) != 1] == [0x130]
with open(pathlib.Path(__file__).with_name('unicode_tables.inc'), 'w') as file:
    file.write(f'// Unicode {unicodedata.unidata_version}, written by unicode_tables.py with Python {sys.version.split()[0]}. kWord and kLower hold what is beyond ASCII.\n')
    write(file, 'kWord', 'Range', ranges(c for c in BEYOND_ASCII if chr(c).isalnum()))
    write(file, 'kLower', 'Mapping', steps((c, ord(low)) for c, low in lower if len(low) == 1))
    write(file, 'kCased', 'Range', ranges(c for c in ALL if is_cased(c)))
    write(file, 'kCaseIgnorable', 'Range', ranges(c for c in ALL if is_case_ignorable(c)))
