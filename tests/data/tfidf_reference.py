"""Writes tfidf_reference.json: texts and what scikit-learn 1.7.2's TfidfVectorizer (Python 3.11) makes of them.

Run: pip install scikit-learn==1.7.2; python3 tfidf_reference.py. Vocabularies must be equal, weights within 1e-6 (we store
float32: 6e-8 relative). `every_code_point` is the SHA-256 of the vocabulary (terms by code point, each followed by a line end)
of one text a code point, texts as in probe(): letters, lower case and the final sigma of all Unicode.
"""
import hashlib
import json
import pathlib
import random

from sklearn.feature_extraction.text import TfidfVectorizer

random.seed(4)
vocabulary = ('the a of movie film great Great GREAT bad plot acting story good well-made it\'s don\'t naïve café CAFÉ Straße İstanbul '
              'ΟΔΥΣΣΕΥΣ Σ ΑΣ. ΑΣ’Α ﬁlm ǅungla Ⅷ x² 日本語 映画 привет МИР 5 10 2nd foo_bar __ _ é e\u0301 🙂 ! ... - & ½').split()
texts = [' '.join(random.choices(vocabulary, k=random.randrange(1, 30))) for _ in range(80)]
texts += ['', '   ', '!?', 'a', 'tab\tnew\nline', 'x' * 500, 'same same same same', 'ΣΣ ΣΑΣ ΑΣ Σ.Α']
unseen = ['great unseen words', 'nothing known hëre', '', 'movie movie film']


def case(**parameters):
    arguments = dict(parameters)
    if 'ngrams' in arguments:
        arguments['ngram_range'] = tuple(arguments.pop('ngrams'))
    vectorizer = TfidfVectorizer(**arguments).fit(texts)
    rows = vectorizer.transform(texts + unseen).sorted_indices()
    return {'parameters': parameters, 'vocabulary': vectorizer.get_feature_names_out().tolist(),
            'rows': [[rows[i].indices.tolist(), [round(v, 9) for v in rows[i].data.tolist()]] for i in range(rows.shape[0])]}


def probe(c):
    return f'x{c}y {c}{c} 1Σ{c}2 A{c}Σ'


cases = [case(), case(ngrams=[1, 2], sublinear_tf=True, min_df=2), case(lowercase=False, max_df=0.4), case(ngrams=[2, 3], max_df=3),
         case(min_df=0.1)]
every = TfidfVectorizer().fit([probe(chr(c)) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]).get_feature_names_out()
digest = hashlib.sha256(''.join(term + '\n' for term in every).encode()).hexdigest()
pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps(
    {'texts': texts, 'unseen': unseen, 'cases': cases, 'every_code_point': digest, 'terms': len(every)}, ensure_ascii=False, separators=(',', ':')), encoding='utf-8')
