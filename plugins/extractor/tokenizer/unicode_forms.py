"""Writes unicode_forms.inc: compatibility decompositions, compositions and marks as tokenizers 0.23 knows them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python unicode_forms.py > unicode_forms.inc

Found by asking its NFD, NFKD, NFC and StripAccents about every code point. Hangul syllables are composed by rule.
"""
import tokenizers
from tokenizers import normalizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
NFD, NFKD, NFC, STRIP = (form().normalize_str for form in
                         (normalizers.NFD, normalizers.NFKD, normalizers.NFC, normalizers.StripAccents))


def composition(text):
    """(first, second) that the character is composed of; None when NFC takes it apart."""
    parts = NFD(text)
    if parts == text or NFC(text) != text:
        return None
    pairs = [(NFC(parts[:i] + parts[i + 1:]), parts[i]) for i in range(1, len(parts))]
    return next(pair for pair in reversed(pairs) if len(pair[0]) == 1 and NFC(pair[0] + pair[1]) == text)


def write(declaration, entries):
    print(f"\n{declaration} = {{")
    line = " "
    for entry in entries:
        if len(line) + len(entry) > 126:
            print(line)
            line = " "
        line += " " + entry + ","
    print(line + "\n};")


def braces(numbers):
    return "{" + ", ".join(f"0x{number:X}" for number in numbers) + "}"


def main():
    compatible, pool, composed, marks = [], [], [], []
    for code in CODE_POINTS:
        text = chr(code)
        if NFKD(text) != NFD(text):
            compatible.append(braces([code, len(pool), len(NFKD(text))]))
            pool += map(ord, NFKD(text))
        if not 0xAC00 <= code <= 0xD7A3 and (pair := composition(text)):
            composed.append((ord(pair[0]), ord(pair[1]), code))
        if STRIP(text) == "" and marks and marks[-1][1] == code - 1:
            marks[-1][1] = code
        elif STRIP(text) == "":
            marks.append([code, code])
    print(f"// Written by unicode_forms.py from tokenizers {tokenizers.__version__}; not to be edited.")
    write("constexpr Compatible kCompatible[]", compatible)
    write("constexpr char32_t kCompatibleParts[]", [f"0x{code:X}" for code in pool])
    write("constexpr Composed kComposed[]", [braces(entry) for entry in sorted(composed)])
    write("constexpr MarkRange kMarks[]", [braces(entry) for entry in marks])


if __name__ == "__main__":
    main()
