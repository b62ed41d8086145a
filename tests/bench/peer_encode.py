"""The Python peer of a frozen trunk: sentence-transformers' encode, then scikit-learn's LogisticRegression, on the same rows.

usage: peer_encode.py DEPS      prints one JSON line: accuracy on the test rows, and where the time went
"""
import json
import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from sklearn.linear_model import LogisticRegression

from movies import MAX_LENGTH, Movies

deps = sys.argv[1]
torch.set_num_threads(os.cpu_count())
movies = Movies(deps)
trunk = Transformer(deps + "/model", max_seq_length=MAX_LENGTH)
# The three modules that the model's modules.json names.
model = SentenceTransformer(modules=[trunk, Pooling(384, pooling_mode="mean"), Normalize()], device="cpu")
print("first step", flush=True)
begin = time.monotonic()
train, test = (model.encode([movies.texts[i] for i in rows]) for rows in (movies.train, movies.test))
encoded = time.monotonic()
head = LogisticRegression(max_iter=1000).fit(train, [movies.labels[i] for i in movies.train])
accuracy = head.score(test, [movies.labels[i] for i in movies.test])
print(json.dumps({"encode_seconds": encoded - begin, "fit_seconds": time.monotonic() - encoded,
                  "test_accuracy": float(accuracy)}))
