"""The Python peer: transformers' Trainer on the rows and settings of examples/01_fine_tune, by default in graft's batches.

usage: peer_trainer.py DEPS [--steps N | --epochs N] ...      prints "first step" when it begins, and one JSON line at its end

  --train all|head|lora   all weights; the head alone; PEFT's LoRA of rank 8 on query and value, and the head
  --group                 batches of rows of like length, of Trainer's own making, instead of graft's batches
  --precision bf16        autocast instead of fp32
  --like RUN              fails unless each step has as many real tokens as in this run of graft: the same rows in each batch
  --score                 adds the accuracy on the test rows, with the last weights: there is no choice of the best step

The first steps warm up and do not count. Real tokens are those of the attention mask, without padding.
"""
import argparse
import json
import os
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")
import torch
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer,
                          TrainerCallback, TrainingArguments)

from movies import Movies, epoch_order


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("deps")
    parser.add_argument("--steps", type=int, default=-1)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--train", choices=("all", "head", "lora"), default="all")
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--group", action="store_true")
    parser.add_argument("--like")
    parser.add_argument("--score", action="store_true")
    return parser.parse_args()


class GraftOrder(torch.utils.data.Sampler):
    def __init__(self, rows, seed):
        self.rows, self.seed, self.epoch = rows, seed, -1

    def __len__(self):
        return self.rows

    def __iter__(self):
        self.epoch += 1
        return iter(epoch_order(self.rows, self.seed, self.epoch))


class SameBatchesTrainer(Trainer):
    def _get_train_sampler(self, train_dataset=None):
        return GraftOrder(len(self.train_dataset), self.args.seed)


class Collator:
    """Pads, and remembers the real tokens of each batch; batches are made in the order of the steps, some ahead of them."""

    def __init__(self, tokenizer):
        self.pad, self.tokens = DataCollatorWithPadding(tokenizer), []

    def __call__(self, features):
        batch = self.pad(features)
        self.tokens.append(int(batch["attention_mask"].sum()))
        return batch


class Clock(TrainerCallback):
    """Times from the first counted step to the end of the last."""

    def on_step_begin(self, args, state, control, **kwargs):
        if state.global_step == 0:
            print("first step", flush=True)
        self.warm_up = max(2, min(state.max_steps // 10, 10))
        if state.global_step == self.warm_up:
            self.begin = self.now()

    def on_step_end(self, args, state, control, **kwargs):
        self.steps = state.global_step
        if self.steps == state.max_steps:
            self.end = self.now()

    @staticmethod
    def now():
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return time.monotonic()


def make_model(deps, train):
    model = AutoModelForSequenceClassification.from_pretrained(deps + "/model", num_labels=2)
    if train == "head":
        for parameter in model.base_model.parameters():
            parameter.requires_grad = False
    if train == "lora":
        from peft import LoraConfig, TaskType, get_peft_model
        model = get_peft_model(model, LoraConfig(task_type=TaskType.SEQ_CLS, r=8, target_modules=["query", "value"]))
    return model


def check_batches(tokens, run):
    with open(run + "/events.jsonl", encoding="utf-8") as file:
        steps = [event["tokens"] for event in map(json.loads, file) if event["event"] == "step"]
    if tokens != steps[: len(tokens)]:
        raise SystemExit(f"the batches differ from those of {run}: {tokens[:4]} ... instead of {steps[:4]} ... real tokens")


def main():
    chosen = options()
    torch.set_num_threads(os.cpu_count())
    torch.manual_seed(chosen.seed)
    movies, tokenizer = Movies(chosen.deps), AutoTokenizer.from_pretrained(chosen.deps + "/model")
    arguments = TrainingArguments(
        output_dir=chosen.deps + "/bench/output", per_device_train_batch_size=32, per_device_eval_batch_size=64,
        learning_rate=chosen.learning_rate, weight_decay=0.01, warmup_steps=0.06, num_train_epochs=chosen.epochs,
        max_steps=chosen.steps, seed=chosen.seed, bf16=chosen.precision == "bf16", save_strategy="no", report_to=[],
        train_sampling_strategy="group_by_length" if chosen.group else "random", disable_tqdm=True, logging_strategy="no",
        use_cpu=not torch.cuda.is_available())
    clock, collator = Clock(), Collator(tokenizer)
    trainer = (Trainer if chosen.group else SameBatchesTrainer)(
        model=make_model(chosen.deps, chosen.train), args=arguments, train_dataset=movies.encoded(tokenizer, movies.train),
        data_collator=collator, processing_class=tokenizer, callbacks=[clock],
        compute_metrics=lambda scored: {"accuracy": float((scored[0].argmax(-1) == scored[1]).mean())})
    trainer.train()
    seconds, counted = clock.end - clock.begin, collator.tokens[clock.warm_up: clock.steps]
    if chosen.like:
        check_batches(collator.tokens[: clock.steps], chosen.like)
    result = {"tokens_per_second": sum(counted) / seconds, "ms_per_step": 1000 * seconds / len(counted),
              "tokens": sum(collator.tokens[: clock.steps]), "steps": clock.steps, "precision": chosen.precision}
    if chosen.score:
        result["test_accuracy"] = trainer.evaluate(movies.encoded(tokenizer, movies.test))["eval_accuracy"]
    print(json.dumps(result))


main()
