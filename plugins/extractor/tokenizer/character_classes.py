"""Writes character_classes.inc: letters, numbers and white space as the regular expressions of tokenizers 0.23 know them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python character_classes.py > character_classes.inc

Found by asking the ByteLevel pre-tokenizer about every code point: between two letters a letter leaves one word, and so on.
"""
import tokenizers
from tokenizers import pre_tokenizers

LETTER, NUMBER, SPACE = 1, 2, 3
SPLIT = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True).pre_tokenize_str


def class_of(code):
    joins = [len(SPLIT(side + chr(code) + side)) == 1 for side in "a1!"]
    assert sum(joins) <= 1, hex(code)
    return LETTER if joins[0] else NUMBER if joins[1] else 0 if joins[2] else SPACE


def main():
    ranges = []
    for code in range(0x110000):
        value = 0 if 0xD800 <= code <= 0xDFFF else class_of(code)
        if value and ranges and ranges[-1][1] == code - 1 and ranges[-1][2] == value:
            ranges[-1][1] = code
        elif value:
            ranges.append([code, code, value])
    print(f"// Written by character_classes.py from tokenizers {tokenizers.__version__}; not to be edited.")
    print("\nconstexpr CharacterRange kCharacterRanges[] = {")
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
