"""Writes graphemes.inc: what breaks or joins characters into those a reader sees, as tokenizers 0.23 knows it.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3 regex==2026.11.19
    /tmp/venv/bin/python graphemes.py > graphemes.inc

The classes are those of the Unicode database, which the package regex brings; a character counts only where tokenizers, which knows
an older Unicode, joins it: asked through a charsmap of the normalizer Precompiled, which sees whole graphemes.
"""
import base64
import pathlib
import sys

import regex
import tokenizers
from tokenizers import normalizers

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tests" / "data"))
from charsmap import charsmap

CLASSES = ["CR", "LF", "Control", "Extend", "ZWJ", "Regional_Indicator", "Prepend", "SpacingMark", "L", "V", "T", "LV", "LVT"]
PICTOGRAPHIC, CONSONANT, LINKER = len(CLASSES) + 1, 32, 64
KA, VIRAMA, TA, ACUTE = "\u0915", "\u094d", "\u0924", "\u0301"


def normalize(rules):
    return normalizers.Precompiled(base64.b64decode(charsmap(rules))).normalize_str


JOINS_A, JOINS_TA = normalize({"a": "X"}), normalize({TA: "X"})


def is_grapheme(text):  # TA and ACUTE go on with it: else they would be a grapheme of less than 6 bytes, and ACUTE dropped
    return ACUTE in JOINS_TA(text + TA + ACUTE)


def value_of(text, patterns):
    value = next((i + 1 for i, pattern in enumerate(patterns) if pattern.match(text)), 0)
    if value and CLASSES[value - 1] in ("Extend", "ZWJ", "SpacingMark") and JOINS_A("a" + text) != "X":
        value = 0
    if not value and regex.match(r"\p{ExtPict}", text):
        value = PICTOGRAPHIC
    if regex.match(r"\p{InCB=Consonant}", text) and is_grapheme(text + VIRAMA):
        value |= CONSONANT
    if regex.match(r"\p{InCB=Linker}", text) and is_grapheme(KA + text):
        value |= LINKER
    return value


def main():
    patterns = [regex.compile(r"\p{GCB=%s}" % name) for name in CLASSES]
    ranges = []
    for code in range(0x110000):
        value = 0 if 0xD800 <= code <= 0xDFFF or 0xAC00 <= code <= 0xD7A3 else value_of(chr(code), patterns)
        if value and ranges and ranges[-1][1] == code - 1 and ranges[-1][2] == value:
            ranges[-1][1] = code
        elif value:
            ranges.append([code, code, value])
    print(f"// Written by graphemes.py from tokenizers {tokenizers.__version__} and regex {regex.__version__}; not to be edited.")
    print("\nconstexpr GraphemeRange kGraphemeRanges[] = {")
    line = " "
    for first, last, value in ranges:
        entry = f" {{0x{first:X}, 0x{last:X}, {value}}},"
        if len(line) + len(entry) > 127:
            print(line)
            line = " "
        line += entry
    print(line + "\n};")


if __name__ == "__main__":
    main()
