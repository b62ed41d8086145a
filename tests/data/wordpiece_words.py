"""Writes wordpiece_words.json: words, their token ids and the place of each word's first token, as Hugging Face tokenizers gives them
with is_pretokenized (transformers: is_split_into_words).

pip install tokenizers==0.23.3
Exact. -1: no token of the word is there, for it was cut off or normalises to nothing.
"""
import json

from tokenizers import Tokenizer

texts = ["A fine and moving film .", "U.S. troops , unbelievably well-made (really!)", "x", "", "caf\u00e9 \u200b na\u00efve [SEP] \u5317\u4eac",
         "tiredness " * 9, "a b c d e f g h i j k l m n o p q r s t u v w x y z"]
cases = []
for max_length in (0, 12):
    tokenizer = Tokenizer.from_file("wordpiece_vocabulary.json")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if max_length:
        tokenizer.enable_truncation(max_length)
    for text in texts:
        words = text.split()
        encoding = tokenizer.encode(words, is_pretokenized=True)
        first = [encoding.word_ids.index(i) if i in encoding.word_ids else -1 for i in range(len(words))]
        cases.append({"max_length": max_length, "text": text, "ids": encoding.ids, "first": first})
json.dump(cases, open("wordpiece_words.json", "w"), separators=(",", ":"))
