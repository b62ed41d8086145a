"""Writes text_edits.json: what the augmenters of texts must give, by other implementations.

Run: python3 text_edits.py NLPAUG TEXTATTACK, the files nlpaug/res/char/keyboard/en.json of nlpaug 1.1.11 and
textattack/transformations/word_swaps/word_swap_qwerty.py of textattack 0.3.11 (both MIT). All must be equal; there is no tolerance.

  aeda            most marks by the authors' rule, int(share * words + 1), for 1 to 40 words
  keyboard        letters near each letter, in nlpaug's or TextAttack's table (each forgets a few)
  char_noise      every misspelling of a word by each kind of slip
  word_dropout    texts after the generator written again in Python (rng_reference.py)
  tfidf_replace   the same, with UDA's own formulas (word_level_augment.py of google-research/uda)
  span_cutoff     the same, on ids
"""
import ast
import bisect
import collections
import json
import math
import pathlib
import re
import string
import sys

from rng_reference import bits, fork, fork_name

KEY = 12345


class Draws:
    def __init__(self, row):
        self.key, self.counter = fork(fork_name(KEY, 'row'), row), 0

    def bits(self):
        self.counter += 1
        return bits(self.key, self.counter - 1)

    def uniform(self):
        return (self.bits() >> 11) * 2.0**-53

    def below(self, n):
        while (draw := self.bits()) < (1 << 64) % n:
            pass
        return draw % n


def keyboard(nlpaug, textattack):
    one = json.loads(pathlib.Path(nlpaug).read_text())
    source = pathlib.Path(textattack).read_text()
    two = ast.literal_eval(re.search(r'_keyboard_adjacency = (\{.*?\n        \})', source, re.S).group(1))
    return {c: ''.join(sorted(n for n in {*one[c], *two[c]} if n in string.ascii_lowercase)) for c in string.ascii_lowercase}


def misspelt(word, kind):
    n, letters = len(word), string.ascii_lowercase
    if kind == 'swap':
        return {word[:i] + word[i + 1] + word[i] + word[i + 2:] for i in range(1, n - 2)}
    if kind == 'drop':
        return {word[:i] + word[i + 1:] for i in range(1, n - 1)}
    if kind == 'add':
        return {word[:i] + c + word[i:] for i in range(1, n) for c in letters}
    return {word[:i] + c + word[i + 1:] for i in range(1, n - 1) for c in letters if c != word[i]}


def dropped(text, row, rate, placeholder):
    draws, kept = Draws(row), []
    for word in text.split():
        if draws.uniform() >= rate:
            kept.append(word)
        elif placeholder:
            kept.append(placeholder)
    return ' '.join(kept)


class TfIdfWordRep:
    def __init__(self, token_prob, examples):
        self.token_prob = token_prob
        doc_freq = collections.defaultdict(int)
        for words in examples:
            for word in set(words):
                doc_freq[word] += 1
        self.idf = {word: math.log(len(examples) * 1. / doc_freq[word]) for word in doc_freq}
        tf_idf = collections.defaultdict(float)
        for words in examples:
            for word in words:
                tf_idf[word] += 1. / len(words) * self.idf[word]
        self.words = sorted(tf_idf)
        most = max(tf_idf.values())
        weights = [most - tf_idf[word] for word in self.words]
        self.until = [sum(weights[:i + 1]) / sum(weights) for i in range(len(weights))]

    def replace_prob(self, words):
        cur = collections.defaultdict(float)
        for word in words:
            cur[word] += 1. / len(words) * self.idf[word]
        prob = [cur[word] for word in words]
        prob = [max(prob) - p for p in prob]
        return [p / sum(prob) * self.token_prob * len(words) for p in prob]

    def __call__(self, words, row):
        draws, words = Draws(row), list(words)
        for i, p in enumerate(self.replace_prob(words)):
            if draws.uniform() < p:
                words[i] = self.words[bisect.bisect_right(self.until, draws.uniform())]
        return words


def cut(ids, row, share, mask, keep_ends):
    draws, inner = Draws(row), ids[1:-1] if keep_ends else ids
    if not inner:
        return ids
    length = min(len(inner) if keep_ends else len(inner) - 1, max(1, int(share * len(inner))))
    begin = draws.below(len(inner) - length + 1)
    inner = inner[:begin] + ([mask] * length if mask else []) + inner[begin + length:]
    return [ids[0]] + inner + [ids[-1]] if keep_ends else inner


texts = ['the film is a slow and moving story about a quiet town', 'a dull story that is too slow and too long',
         'the town is the best part of the film', 'it is a moving and funny film about friends',
         'the jokes are old and the actors are tired', 'a story about friends and a long summer']
replace = TfIdfWordRep(0.7, [text.split() for text in texts])
rows = [[101] + [1000 + 20 * n + i for i in range(n)] + [102] for n in range(16)]
reference = {
    'key': KEY,
    'aeda': {str(share): [int(share * n + 1) for n in range(1, 41)] for share in (0.1, 0.3, 0.5)},
    'keyboard': keyboard(sys.argv[1], sys.argv[2]),
    'char_noise': {word: {kind: sorted(misspelt(word, kind)) for kind in ('swap', 'drop', 'add', 'change')} for word in ('film', 'story')},
    'texts': texts,
    'word_dropout': {'rate': 0.3, 'dropped': [dropped(t, i, 0.3, '') for i, t in enumerate(texts)],
                     'placed': [dropped(t, i, 0.3, '[UNK]') for i, t in enumerate(texts)]},
    'tfidf_replace': {'rate': 0.7, 'replaced': [' '.join(replace(t.split(), i)) for i, t in enumerate(texts)]},
    'span_cutoff': {'share': 0.3, 'rows': rows, 'cut': [cut(r, i, 0.3, None, True) for i, r in enumerate(rows)],
                    'masked': [cut(r, i, 0.3, 103, False) for i, r in enumerate(rows)]},
}
pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps(reference))
