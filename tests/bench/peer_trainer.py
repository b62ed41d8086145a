"""The Python peer: transformers' Trainer with its defaults, on the rows and settings of examples/01_fine_tune.

usage: peer_trainer.py DEPS STEPS      prints one JSON line: real tokens a second, milliseconds a step, peak memory
The first steps warm up and do not count. Real tokens are those of the attention mask, without padding.
"""
import json
import os
import random
import resource
import sys
import time

start = time.time()
os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRANSFORMERS_VERBOSITY="error")
import torch
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer,
                          TrainerCallback, TrainingArguments)

deps, steps = sys.argv[1], int(sys.argv[2])
warm_up = max(2, steps // 10)
torch.set_num_threads(os.cpu_count())
torch.manual_seed(1)

rows = []
with open(deps + "/data/movieReviewSnippets_GroundTruth.txt", encoding="utf-8", errors="replace", newline="\n") as file:
    for line in file:
        _, rating, text = line.rstrip("\r\n").split("\t", 2)
        rows.append((text, int(float(rating) > 0)))
random.Random(1).shuffle(rows)
rows = rows[: len(rows) * 8 // 10]

tokenizer = AutoTokenizer.from_pretrained(deps + "/model")
encoded = tokenizer([text for text, _ in rows], truncation=True, max_length=128)
data = [{"input_ids": ids, "attention_mask": mask, "labels": label}
        for ids, mask, (_, label) in zip(encoded["input_ids"], encoded["attention_mask"], rows)]


class Clock(TrainerCallback):
    """Times from the first counted step to the last; the collator runs in the same thread, so its tokens are in step."""

    def __init__(self):
        self.first_step = self.begin = self.end = None
        self.tokens = self.all = 0

    def on_step_begin(self, args, state, control, **kwargs):
        if state.global_step == 0:
            self.first_step = time.time() - start
        if state.global_step == warm_up:
            self.begin, self.tokens = time.time(), self.all - self.last

    def on_step_end(self, args, state, control, **kwargs):
        self.end, self.done = time.time(), self.all


clock = Clock()
pad = DataCollatorWithPadding(tokenizer)


def collate(features):
    batch = pad(features)
    clock.last = int(batch["attention_mask"].sum())
    clock.all += clock.last
    return batch


model = AutoModelForSequenceClassification.from_pretrained(deps + "/model", num_labels=2)
arguments = TrainingArguments(output_dir=deps + "/bench/output", per_device_train_batch_size=32, learning_rate=5e-5, weight_decay=0.01,
                              max_steps=steps, save_strategy="no", report_to=[], disable_tqdm=True, logging_strategy="no", use_cpu=True)
Trainer(model=model, args=arguments, train_dataset=data, data_collator=collate, callbacks=[clock]).train()
seconds = clock.end - clock.begin
print(json.dumps({"tokens_per_second": (clock.done - clock.tokens) / seconds, "ms_per_step": 1000 * seconds / (steps - warm_up),
                  "first_step_seconds": clock.first_step, "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6}))
