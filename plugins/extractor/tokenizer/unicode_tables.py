"""Writes unicode_tables.inc: what tokenizers 0.23 does with every code point, found by asking it.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python unicode_tables.py > unicode_tables.inc

The reference mixes several versions of Unicode (general categories of one crate, letter case of another), so that no single
version of the Unicode database gives its token ids: its behaviour is the only source.
"""
import json
import sys
import unicodedata

import tokenizers
from tokenizers import Tokenizer, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
CONTROL, SPACE, MARK, PUNCTUATION, WORD = 1, 2, 4, 8, 16
CJK = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
       (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F)]


def bert(**switched_on):
    switches = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**switches, **switched_on}).normalize_str


CLEAN, CHINESE, STRIP, LOWER = (bert(**{name: True}) for name in
                                ("clean_text", "handle_chinese_chars", "strip_accents", "lowercase"))
NFD = normalizers.NFD().normalize_str


def word_test():
    """Whether a character counts as a part of a word beside an added token with single_word."""
    added = dict(id=1, content="X", single_word=True, lstrip=False, rstrip=False, normalized=False, special=False)
    model = dict(type="WordPiece", unk_token="u", continuing_subword_prefix="##", max_input_chars_per_word=100,
                 vocab={"u": 0})
    tokenizer = Tokenizer.from_str(json.dumps(dict(version="1.0", added_tokens=[added], model=model)))
    return lambda text: 1 not in tokenizer.encode(text + "X").ids


def flags_and_maps():
    in_word, split = word_test(), pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    flags, lower, decompositions = {}, {}, {}
    for code in CODE_POINTS:
        text, flag = chr(code), 0
        cleaned, parts = CLEAN(text), [part for part, _ in split("a" + text + "b")]
        assert parts in (["a", "b"], ["a", text, "b"], ["a" + text + "b"]), hex(code)
        flag |= CONTROL * (cleaned == "") | SPACE * (parts == ["a", "b"]) | PUNCTUATION * (len(parts) == 3)
        assert cleaned == ("" if flag & CONTROL else " " if flag & SPACE else text), hex(code)
        decomposed, stripped = NFD(text), STRIP(text)
        if decomposed != text:
            decompositions[code] = decomposed
        elif stripped == "":
            flag |= MARK
        else:
            assert stripped == text, hex(code)
        if LOWER(text) != text:
            lower[code] = LOWER(text)
        is_cjk = any(first <= code <= last for first, last in CJK)
        assert CHINESE(text) == (" " + text + " " if is_cjk else text), hex(code)
        flags[code] = flag | WORD * in_word(text)
    for code, decomposed in decompositions.items():
        kept = "".join(c for c in decomposed if not flags[ord(c)] & MARK)
        assert STRIP(chr(code)) == kept, hex(code)
    return flags, lower, decompositions


def combining_classes(decompositions):
    """The canonical combining class, from which marks change places with which in NFD."""
    lowest, highest = "\u0334", "\u0345"  # of classes 1 and 240
    acting = [chr(code) for code in CODE_POINTS if code not in decompositions and
              (NFD(chr(code) + lowest) != chr(code) + lowest or NFD(highest + chr(code)) != highest + chr(code))]
    known = {}
    for mark in acting:
        known.setdefault(unicodedata.combining(mark), mark)
    classes = {}
    for mark in acting:
        below = max((k for k, other in known.items() if NFD(mark + other) != mark + other), default=0)
        above = min((k for k, other in known.items() if NFD(other + mark) != other + mark), default=256)
        (classes[ord(mark)],) = [k for k in known if below < k < above]
    return classes


def ranges(values):
    """(first, last, value) of neighbours with the same value, 0 left out."""
    result = []
    for code, value in sorted(values.items()):
        if value and result and result[-1][1] == code - 1 and result[-1][2] == value:
            result[-1][1] = code
        elif value:
            result.append([code, code, value])
    return result


def write(declaration, entries):
    print(f"\n{declaration} = {{")
    line = " "
    for entry in entries:
        if len(line) + len(entry) > 126:
            print(line)
            line = " "
        line += " " + entry + ","
    print(line + "\n};")


def braces(*numbers):
    return "{" + ", ".join(f"0x{number:X}" for number in numbers) + "}"


def main():
    flags, lower, decompositions = flags_and_maps()
    hangul = {code: text for code, text in decompositions.items() if 0xAC00 <= code <= 0xD7A3}
    for code, text in hangul.items():
        index = code - 0xAC00
        parts = (0x1100 + index // 588, 0x1161 + index % 588 // 28, 0x11A7 + index % 28)
        assert text == "".join(map(chr, parts[:3 if index % 28 else 2])), hex(code)
    assert len(hangul) == 11172 and {c: l for c, l in lower.items() if len(l) > 1} == {0x130: "i\u0307"}
    assert not any(code < 0x80 for code in decompositions)
    print(f"// Written by unicode_tables.py from tokenizers {tokenizers.__version__}; not to be edited.")
    write("constexpr FlagRange kFlagRanges[]", [braces(*r) for r in ranges(flags)])
    write("constexpr ClassRange kCombiningClasses[]", [braces(*r) for r in ranges(combining_classes(decompositions))])
    write("constexpr Lower kLowercase[]", [braces(c, ord(l[0])) for c, l in sorted(lower.items())])
    write("constexpr Decomposition kDecompositions[]",
          ["{0x%X, %s}" % (c, braces(*map(ord, d))) for c, d in sorted(decompositions.items()) if c not in hangul])
    print(f"{len(flags)} code points asked", file=sys.stderr)


if __name__ == "__main__":
    main()
