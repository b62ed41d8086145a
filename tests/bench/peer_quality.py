"""The Python peer's test accuracy: transformers' Trainer with its defaults, on the very rows of a graft run.

usage: peer_quality.py DEPS RUN SEED      prints one JSON line
RUN is a run folder of examples/01_fine_tune: its predictions/ say which rows are for validation and for the test. The Trainer
trains on all others for 3 epochs; there is no choice of the best step.
"""
import csv
import json
import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRANSFORMERS_VERBOSITY="error")
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer, TrainingArguments

deps, run, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(os.cpu_count())
torch.manual_seed(seed)

rows = []
with open(deps + "/data/movieReviewSnippets_GroundTruth.txt", encoding="utf-8", newline="\n") as file:
    for line in file:
        _, rating, text = line.rstrip("\r\n").split("\t", 2)
        rows.append((text, int(float(rating) > 0)))


def numbers(split):
    with open(f"{run}/predictions/{split}.csv", encoding="utf-8", newline="") as file:
        return [int(row["row"]) for row in csv.DictReader(file)]


test, valid = numbers("test"), set(numbers("valid"))
train = sorted(set(range(len(rows))) - set(test) - valid)
tokenizer = AutoTokenizer.from_pretrained(deps + "/model")


def encode(positions):
    encoded = tokenizer([rows[i][0] for i in positions], truncation=True, max_length=128)
    return [{"input_ids": ids, "attention_mask": mask, "labels": rows[i][1]}
            for ids, mask, i in zip(encoded["input_ids"], encoded["attention_mask"], positions)]


model = AutoModelForSequenceClassification.from_pretrained(deps + "/model", num_labels=2)
arguments = TrainingArguments(output_dir=deps + "/bench/output", per_device_train_batch_size=32, per_device_eval_batch_size=64,
                              learning_rate=5e-5, weight_decay=0.01, num_train_epochs=3, seed=seed, save_strategy="no",
                              report_to=[], disable_tqdm=True, logging_strategy="no", use_cpu=True)
trainer = Trainer(model=model, args=arguments, train_dataset=encode(train), data_collator=DataCollatorWithPadding(tokenizer),
                  compute_metrics=lambda scored: {"accuracy": float((scored[0].argmax(-1) == scored[1]).mean())})
start = time.time()
trainer.train()
seconds = time.time() - start
result = {"seed": seed, "train_rows": len(train), "test_rows": len(test), "seconds": seconds}
for name, positions in (("test", test), ("train", train)):
    result[name + "_accuracy"] = trainer.evaluate(encode(positions))["eval_accuracy"]
print(json.dumps(result))
