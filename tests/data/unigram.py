"""References of graft/unigram and of the normalizers, made with Hugging Face tokenizers (tokenizers==0.23.3, Python 3.11).

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python unigram.py DATA

DATA is the folder of the four *_GroundTruth.txt (vaderSentiment 3.3.2). The texts are those of wordpiece_hostile.json and MORE.
Writes, beside this script:
    unigram_tokenizer.json  a tokenizer.json trained on the movie reviews, with a charsmap and every kind of added token
    unigram_reference.json  as bpe_reference.json; and for each normalizer the SHA-256 of what it makes of every code point, seen
                            through a byte-level BPE without merges: a token a byte
Ids and digests are exact: there is no tolerance.
"""
import json
import pathlib
import sys

import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from bpe import digest, hostile_texts, patched, variant
from charsmap import charsmap
from wordpiece import CODE_POINTS, added, corpus_texts

assert tokenizers.__version__ == "0.23.3"
HERE = pathlib.Path(__file__).parent
SPACE = "\u2581"
MORE = ["  two  spaces ", " lead", "trail ", SPACE + "a" + SPACE, SPACE + " " + SPACE, "a\u00a0b\u3000c", "the unaffable film", "x" * 3000,
        "a\r\nb\rc\nd", "e\u0301 E\u0301 e\u0301\u0302 e\u0300", "\u0308a", "\u00a9\ufe0f \u00a9\u200d \u263a\ufe0f", "\u0001\u0301", "\u0001a", "\u0001",
        "\u0600a \u0600\u0301", "\u0915\u094d\u0924\u0301", "\u0915\u0924\u0301", "\u1100\u1161\u0301", "\uff21\uff22\u3000\uff11", "\ufb01n", "``q'' ``", "<unk>",
        "a<unk>b", "\u0001\u0001 the film", "\u200bthe", "\u4e00\u4e8c\U0001f600\U0001f601", "\u00bd \u2460 \u3392 \ufdfa", "<mask> a <mask>b", "a<mask>"]
# What SentencePiece's nmt_nfkc does, on a few texts; some of them hide others.
RULES = {"\r": " ", "\n": " ", "\t": " ", "\u00a0": " ", "\u3000": " ", "\u200b": " ", "\ufeff": "", "\u0001": "", "\u0002": "", "\u007f": "",
         "e\u0301": "\u00e9", "E\u0301": "\u00c9", "\u00a9": "(c)", "\ufb01": "fi", "\u00bd": "1\u20442", "\u2460": "1", "\uff21": "A", "\uff22": "B", "\uff11": "1",
         "\u0600": "N", "\u0924": "T", "\u1161": "V", "\u0308a": "", "\u3392": "MHz", "\u0915\u093c": "\u0958", "\ufdfa": "salla", "a\u0300b": "never"}
PRECOMPILED = {"type": "Precompiled", "precompiled_charsmap": charsmap(RULES)}


def replace(kind, pattern, content):
    return {"type": "Replace", "pattern": {kind: pattern}, "content": content}


def sequence(*steps):
    return {"type": "Sequence", "normalizers": [step if isinstance(step, dict) else {"type": step} for step in steps]}


def metaspace(scheme, **more):
    return {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": scheme, "split": True, **more}


def spaced(then):
    return {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, then]}


LONG = replace("Regex", " {2,}", " ")
ALBERT = sequence(replace("String", "``", '"'), replace("String", "''", '"'), "NFKD", "StripAccents", "Lowercase", PRECOMPILED, LONG)
STRIP = {"type": "Strip", "strip_left": True, "strip_right": True}
LLAMA = {"normalizer": sequence({"type": "Prepend", "prepend": SPACE}, replace("String", " ", SPACE)), "pre_tokenizer": None}
VARIANTS = [  # name, file, what of it is put in another's place; in "model" key by key
    ("as trained", "unigram_tokenizer", {}),
    ("T5", "unigram_tokenizer", {"normalizer": sequence(PRECOMPILED, LONG), "pre_tokenizer": metaspace("first")}),
    ("ALBERT", "unigram_tokenizer", {"normalizer": ALBERT}),
    ("DeBERTa", "unigram_tokenizer", {"normalizer": sequence(STRIP, PRECOMPILED, LONG), "pre_tokenizer": metaspace("always")}),
    ("NFKC, no space before", "unigram_tokenizer", {"normalizer": {"type": "NFKC"}, "pre_tokenizer": metaspace("never")}),
    ("whole", "unigram_tokenizer", {"normalizer": None, "pre_tokenizer": metaspace("first", split=False)}),
    ("no pre-tokenizer", "unigram_tokenizer", {"normalizer": "", "pre_tokenizer": None, "post_processor": None}),
    ("old Metaspace", "unigram_tokenizer",
     {"normalizer": None, "pre_tokenizer": {"type": "Metaspace", "replacement": SPACE, "add_prefix_space": True}}),
    ("words only", "unigram_tokenizer", {"normalizer": sequence("Nmt", "NFKC"), "pre_tokenizer": {"type": "WhitespaceSplit"}}),
    ("bytes", "unigram_tokenizer", {"model": {"byte_fallback": True}}),
    ("bytes, Llama", "unigram_tokenizer", {**LLAMA, "model": {"byte_fallback": True}}),
    ("BPE, ModernBERT", "bpe_tokenizer", {"normalizer": {"type": "NFC"}}),
    ("BPE, Llama", "bpe_tokenizer", {**LLAMA, "model": {"unk_token": "<unk>", "byte_fallback": True, "fuse_unk": True}}),
    ("BPE, Metaspace", "bpe_tokenizer", {"pre_tokenizer": spaced(metaspace("first")), "model": {"unk_token": "<unk>"}}),
]
VARIANTS = [(name, path, {**patch, "normalizer": patch["normalizer"] or None} if "normalizer" in patch else patch)
            for name, path, patch in VARIANTS]
NORMALIZERS = [{"type": "NFC"}, {"type": "NFD"}, {"type": "NFKC"}, {"type": "NFKD"}, {"type": "Lowercase"}, {"type": "StripAccents"},
               {"type": "Nmt"}, replace("Regex", "\\s+", "_"), PRECOMPILED,
               {"type": "Precompiled", "precompiled_charsmap": charsmap({"a": "X", "b": "Y", "\u0301": "Z", "\u0924": "T", "\u0915\u094d": ""})}]


def trained(texts):
    """Some bytes have a token <0x..>."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(texts, trainers.UnigramTrainer(
        vocab_size=1500, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    file = json.loads(tokenizer.to_str())
    vocabulary = file["model"]["vocab"] = [[token, round(score, 6)] for token, score in file["model"]["vocab"]]
    vocabulary += [[f"<0x{byte:02X}>", 0.0] for byte in range(0xF0)] + [["\u4e00\u4e8c", -40.0]]
    ids = {token: number for number, (token, _) in enumerate(vocabulary)}
    file["added_tokens"] = [added(ids[token], token, special=True) for token in ("<s>", "<pad>", "</s>", "<unk>")]
    extra = [("<mask>", {"lstrip": True, "special": True}), ("<name>", {}), ("<trim>", {"lstrip": True, "rstrip": True}),
             ("alone", {"single_word": True}), ("\u00c9mile", {"normalized": True}), ("New York", {"normalized": True}), ("zzz", {})]
    assert not any(token in ids for token, _ in extra)
    file["added_tokens"] += [added(len(vocabulary) + i, token, **switches) for i, (token, switches) in enumerate(extra)]
    file["normalizer"], file["pre_tokenizer"] = PRECOMPILED, spaced({"type": "Metaspace", "replacement": SPACE, "add_prefix_space": True})
    file["post_processor"] = {"type": "TemplateProcessing", "pair": [], "single": [
        {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}}],
        "special_tokens": {token: {"id": token, "ids": [ids[token]], "tokens": [token]} for token in ("<s>", "</s>")}}
    return file


def every_code_point():
    """256 a text, each between letters, and among marks that canonical ordering moves."""
    for begin in range(0, len(CODE_POINTS), 256):
        yield "".join(f"a{c}b{c}\u0301a\u0345{c}\U0001d16d\u302e\u0334" for c in map(chr, CODE_POINTS[begin:begin + 256]))


def byte_tokenizer(normalizer):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    return {"version": "1.0", "added_tokens": [], "normalizer": normalizer, "post_processor": None, "decoder": None,
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
            "model": {"type": "BPE", "vocab": {character: number for number, character in enumerate(alphabet)}, "merges": []}}


def normalized(normalizer):
    tokenizer = Tokenizer.from_str(json.dumps(byte_tokenizer(normalizer)))
    return {"normalizer": normalizer, "ids": digest([tokenizer.encode(text).ids for text in every_code_point()])}


def main():
    data = pathlib.Path(sys.argv[1])
    files = {path.name: corpus_texts(path) for path in sorted(data.glob("*_GroundTruth.txt"))}
    file = trained(files["movieReviewSnippets_GroundTruth.txt"])
    (HERE / "unigram_tokenizer.json").write_text(json.dumps(file, ensure_ascii=False, separators=(",", ":")) + "\n")
    variants = [variant(*row, hostile_texts(MORE)) for row in VARIANTS]
    tokenizer = patched(file, {})
    corpus = {name: digest([row.ids for row in tokenizer.encode_batch(texts)]) for name, texts in files.items()}
    (HERE / "unigram_reference.json").write_text(json.dumps(
        {"tokenizers": tokenizers.__version__, "more": MORE, "variants": [entry for entry, _ in variants], "corpus": corpus,
         "ids": variants[0][1], "bytes": byte_tokenizer(None), "normalizers": [normalized(each) for each in NORMALIZERS]},
        separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
