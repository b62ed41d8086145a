"""References of graft/bpe, made with Hugging Face tokenizers (tokenizers==0.23.3, Python 3.11).

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python bpe.py DATA

DATA is the folder of the four *_GroundTruth.txt (vaderSentiment 3.3.2). The texts are those of wordpiece_hostile.json and MORE.
Writes, beside this script:
    bpe_tokenizer.json  a byte-level tokenizer.json trained on the movie reviews, with every kind of added token
    bpe_affixes.json    a small one whose tokens have a prefix inside a word and a suffix at its end
    bpe_reference.json  for each variant of them the SHA-256 of the ids of all texts, whole, cut at 8, and word by word; the ids of
                        the first variant; the SHA-256 of the ids of each file of DATA. Packed as in wordpiece.py
Ids and digests are exact: there is no tolerance.
"""
import hashlib
import json
import pathlib
import struct
import sys

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from wordpiece import CUT, added, corpus_texts

assert tokenizers.__version__ == "0.23.3"
HERE = pathlib.Path(__file__).parent
MORE = ["don't they're I'll I've I'm he'd it's DON'T THEY'RE", "'s 's ''s '''s 'sa 're're 'rx 'v 'l 'll", " 's 't", "a  b", "a   b",
        "a \n b", "a\n\nb", "a\n \n", "  ", " \n", "\n ", "\u00a0a", " \u00a0a", "\u00a0 a", "a\u3000\u3000b", " 1 12 a1b2 \u00b2\u00bd\u216b",
        "!!! ?! a!b", "\u0301a a\u0301", " \u0301", "\u00aa\u02b0\u0903", "the unaffable film", " unaffable", "x" * 3000, "ab" * 2000,
        "lo" * 77 + " " + "\U0001f468\u200d" * 40, "a\u200bb", "\u180e \u0085 \u2028", "<mask> a <mask>b", "a<mask>", "</s><s>"]


def trained(texts, size, **affixes):
    tokenizer = Tokenizer(models.BPE(**affixes))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=size, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False,
        initial_alphabet=[] if affixes else pre_tokenizers.ByteLevel.alphabet(), **affixes))
    return json.loads(tokenizer.to_str())


def byte_level(texts):
    """Some bytes have a token <0x..>, some characters have none of their own; one token cannot be merged."""
    file = trained(texts, 1500)
    vocabulary = file["model"]["vocab"]
    for token in ["\u0120unaffable"] + [f"<0x{byte:02X}>" for byte in range(0xF0)]:
        vocabulary[token] = len(vocabulary)
    file["added_tokens"] = [added(vocabulary[token], token, special=True) for token in ("<s>", "<pad>", "</s>", "<unk>")]
    extra = [("<mask>", {"lstrip": True, "special": True}), ("<name>", {}), ("<trim>", {"lstrip": True, "rstrip": True}),
             ("alone", {"single_word": True}), ("\u00c9mile", {"normalized": True}), ("New York", {"normalized": True}), ("zz", {}),
             (" q", {"normalized": True}), ("w ", {"normalized": True})]
    file["added_tokens"] += [added(len(vocabulary) + i, token, **switches) for i, (token, switches) in enumerate(extra)]
    file["post_processor"] = {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True,
                              "add_prefix_space": False}
    return file


TEMPLATE = {"type": "TemplateProcessing", "pair": [], "single": [
    {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
    "special_tokens": {token: {"id": token, "ids": [number], "tokens": [token]} for token, number in (("<s>", 0), ("</s>", 2))}}
LEVEL = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
VARIANTS = [  # name, file, what of it is put in another's place; in "model" key by key
    ("as trained", "bpe_tokenizer", {}),
    ("a space before", "bpe_tokenizer", {"pre_tokenizer": LEVEL, "post_processor": TEMPLATE}),
    ("several post-processors", "bpe_tokenizer", {"post_processor": {"type": "Sequence", "processors": [LEVEL, TEMPLATE]}}),
    ("no regular expression", "bpe_tokenizer", {"pre_tokenizer": {**LEVEL, "use_regex": False}}),
    ("ignore_merges", "bpe_tokenizer", {"model": {"ignore_merges": True}, "post_processor": None}),
    ("no byte level", "bpe_tokenizer", {"pre_tokenizer": None}),
    ("unknown", "bpe_tokenizer", {"pre_tokenizer": None, "model": {"unk_token": "<unk>"}}),
    ("unknown, fused", "bpe_tokenizer", {"pre_tokenizer": None, "model": {"unk_token": "<unk>", "fuse_unk": True}}),
    ("bytes", "bpe_tokenizer", {"pre_tokenizer": None, "model": {"unk_token": "<unk>", "byte_fallback": True}}),
    ("bytes, fused", "bpe_tokenizer",
     {"pre_tokenizer": None, "model": {"unk_token": "<unk>", "byte_fallback": True, "fuse_unk": True}}),
    ("affixes", "bpe_affixes", {}),
    ("affixes, unknown", "bpe_affixes", {"model": {"unk_token": "<unk>"}, "pre_tokenizer": LEVEL}),
]


def patched(file, patch):
    result = {**file, **patch}
    result["model"] = {**file["model"], **patch.get("model", {})}
    return Tokenizer.from_str(json.dumps(result))


def digest(rows):
    return hashlib.sha256(b"".join(struct.pack(f"<{len(ids) + 1}i", len(ids), *ids) for ids in rows)).hexdigest()


def words_of(text):
    return [word for word in "".join(" " if c in " \t\n\v\f\r" else c for c in text).split(" ") if word]


def first_tokens(encoding, count):
    return [encoding.word_ids.index(i) if i in encoding.word_ids else -1 for i in range(count)]


def variant(name, path, patch, texts):
    tokenizer = patched(json.loads((HERE / (path + ".json")).read_text()), patch)
    whole = [tokenizer.encode(text).ids for text in texts]
    words = [words_of(text) for text in texts]
    by_word = [tokenizer.encode(row, is_pretokenized=True) for row in words]
    entry = {"name": name, "file": path, "patch": patch, "ids": digest(whole), "words": digest([row.ids for row in by_word]),
             "first": digest([first_tokens(row, len(text)) for row, text in zip(by_word, words)])}
    tokenizer.enable_truncation(CUT)
    return {**entry, "cut": digest([tokenizer.encode(text).ids for text in texts])}, whole


def hostile_texts(more):
    entries = json.loads((HERE / "wordpiece_hostile.json").read_text())["texts"]
    texts = [entry["text"] if "text" in entry else bytes.fromhex(entry["bytes"]).decode("utf-8", errors="replace") for entry in entries]
    return texts + more


def main():
    data = pathlib.Path(sys.argv[1])
    files = {path.name: corpus_texts(path) for path in sorted(data.glob("*_GroundTruth.txt"))}
    reviews = files["movieReviewSnippets_GroundTruth.txt"]
    for name, file in (("bpe_tokenizer", byte_level(reviews)),
                       ("bpe_affixes", trained(reviews[:400], 500, continuing_subword_prefix="##", end_of_word_suffix="</w>"))):
        (HERE / (name + ".json")).write_text(json.dumps(file, ensure_ascii=False, separators=(",", ":")) + "\n")
    variants = [variant(*row, hostile_texts(MORE)) for row in VARIANTS]
    tokenizer = patched(json.loads((HERE / "bpe_tokenizer.json").read_text()), {})
    corpus = {name: digest([row.ids for row in tokenizer.encode_batch(texts)]) for name, texts in files.items()}
    (HERE / "bpe_reference.json").write_text(json.dumps(
        {"tokenizers": tokenizers.__version__, "more": MORE, "variants": [entry for entry, _ in variants], "corpus": corpus,
         "ids": variants[0][1]}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
