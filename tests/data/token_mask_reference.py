"""Writes token_mask_reference.json: rows of tokens and which of them are masked, by graft's Rng written again in Python.

Run: python3 token_mask_reference.py (standard library only). Ids must be equal; there is no tolerance.
"""
import json
import pathlib

MASK = (1 << 64) - 1


def mix(z):
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9 & MASK
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb & MASK
    return z ^ (z >> 31)


def fork(key, number):
    return mix((mix(key ^ 0x6a09e667f3bcc909) + mix((number + 0xbb67ae8584caa73b) & MASK)) & MASK)


def fork_name(key, name):
    value = 0xcbf29ce484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001b3 & MASK
    return fork(key, value ^ (len(name) << 56))


def uniform(key, counter):
    return (mix((mix((key + 0x9e3779b97f4a7c15 * (counter + 1)) & MASK) + key) & MASK) >> 11) * 2.0**-53


key, probability, rows = 12345, 0.3, []
for row in range(20):
    ids = [101] + [1000 + row * 10 + i for i in range(row)] + [102]
    row_key = fork(fork_name(key, 'row'), row)
    rows.append({'ids': ids, 'masked': [103 if 0 < i < len(ids) - 1 and uniform(row_key, i) < probability else ids[i] for i in range(len(ids))]})
pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps({'key': key, 'probability': probability, 'rows': rows}))
