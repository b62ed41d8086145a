"""Writes text_steps_reference.json: texts and what scikit-learn's vectorizers make of them, by words and by characters.

Run: pip install scikit-learn==1.9.1; python3 text_steps_reference.py (Python 3.11: Unicode 14). Vocabularies must be equal, values
within 1e-6 (we store float32). Rows are [columns, values], without the zeros of terms that cancel out. `murmur3` are hashes of the
texts as signed 32-bit numbers.
"""
import json
import pathlib
import random

from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.utils import murmurhash3_32

random.seed(6)
words = ("the a of movie film great Great bad story good well-made don't café CAFÉ Straße İstanbul ΟΔΥΣΣΕΥΣ Σ x² 日本語 映画 привет МИР "
         "5 2nd foo_bar é e\u0301 🙂 back\\slash").split()
spaces = [" ", "  ", "\n", "\t ", "\u00a0", "\u2003\n", "\x1c"]
texts = ["".join(w + random.choice(spaces) for w in random.choices(words, k=random.randrange(1, 12))) for _ in range(40)]
texts += ["", "   ", "a", " a\nb ", "\u0085x", "ΑΣ ΑΣ.", "ab"]


def row(matrix, i):
    r = matrix[i]
    pairs = sorted((int(c), round(float(v), 9)) for c, v in zip(r.indices, r.data) if v != 0)
    return [[c for c, _ in pairs], [v for _, v in pairs]]


def case(use, kind, **parameters):
    arguments = dict(parameters)
    if "ngrams" in arguments:
        arguments["ngram_range"] = tuple(arguments.pop("ngrams"))
    vectorizer = kind(**arguments)
    matrix = vectorizer.fit_transform(texts)
    vocabulary = None if kind is HashingVectorizer else vectorizer.get_feature_names_out().tolist()
    return {"use": use, "parameters": parameters, "vocabulary": vocabulary, "rows": [row(matrix, i) for i in range(len(texts))]}


count, hashing, tfidf = ("graft/count", CountVectorizer), ("graft/hashing", HashingVectorizer), ("graft/tfidf", TfidfVectorizer)
cases = [case(*count), case(*count, ngrams=[1, 2], binary=True, min_df=2), case(*count, analyzer="char", ngrams=[1, 3], min_df=2),
         case(*count, analyzer="char_wb", ngrams=[2, 4]), case(*count, analyzer="char_wb", ngrams=[5, 6], lowercase=False),
         case(*tfidf, analyzer="char_wb", ngrams=[3, 3], sublinear_tf=True), case(*tfidf, analyzer="char", ngrams=[2, 2], min_df=3),
         case(*hashing), case(*hashing, n_features=16, norm=None), case(*hashing, n_features=7, alternate_sign=False, norm="l1"),
         case(*hashing, n_features=1000, analyzer="char_wb", ngrams=[2, 3])]
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(
    {"texts": texts, "cases": cases, "murmur3": [murmurhash3_32(t.encode(), seed=0) for t in texts]},
    ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
