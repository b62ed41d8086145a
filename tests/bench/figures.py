"""What the tables say: results of the benchmarks read, ratios within pairs, targets, and what quality stands beside a speed."""
import json
import os
import statistics
from typing import NamedTuple

# MiniLM: 6 layers of 4 x 384 x 384 and 2 x 384 x 1536 weights in GEMMs; one multiply-add (2 FLOP) of each in the forward pass,
# two in the backward pass.
GEMM_FLOP_A_TOKEN = 6 * 6 * (4 * 384 * 384 + 2 * 384 * 1536)

UNITS = {"tokens_per_second": "real tokens/s", "ms_per_step": "ms a step", "mfu": "MFU %", "rows_per_second": "rows/s",
         "entries_per_second": "entries/s", "fit_rows_per_second": "rows/s with fit",
         "images_per_second": "images/s", "later_images_per_second": "images/s later", "wall_seconds": "wall s",
         "first_step_seconds": "to first step s", "cpu_seconds": "CPU s", "page_faults": "page faults", "peak_rss_mb": "peak MB",
         "test_accuracy": "test accuracy"}


class Row(NamedTuple):
    """A line of the target table: two measured names of one benchmark, compared by one quantity."""
    text: str
    table: str
    ours: str
    peer: str
    quantity: str
    target: float | None = None  # None: shown without one
    quality: tuple = ()          # (table, ours, peer) whose test accuracy stands beside it; default: of the row itself


FULL, LORA, TOKENS, TRUNK, PICTURES = "fine_tune", "lora", "tokenise", "frozen", "pictures"
SPEED, WALL, ROWS_S, FIT = "tokens_per_second", "wall_seconds", "rows_per_second", "fit_rows_per_second"
IMAGES_S = "images_per_second"
WHOLE, WHOLE_TUNED = ("quality", "graft", "Trainer default"), ("quality", "graft", "Trainer tuned")
WHOLE_LORA = (LORA, "graft, 3 epochs", "PEFT default, 3 epochs")
ROWS = [
    Row("full fine-tuning against Trainer default", FULL, "graft", "Trainer default", SPEED, 4.0, WHOLE),
    Row("... fp32 and equal maths", FULL, "graft fp32", "Trainer default", SPEED, 2.4, WHOLE),
    Row("... against Trainer tuned", FULL, "graft", "Trainer tuned", SPEED, 1.6, WHOLE_TUNED),
    Row("... 3 epochs from start to end, against Trainer default", "quality", "graft", "Trainer default", WALL),
    Row("start to first step against Trainer default", FULL, "graft", "Trainer default", "first_step_seconds", 5.0),
    Row("peak memory against Trainer default (at most)", FULL, "graft", "Trainer default", "peak_rss_mb", 0.5),
    Row("frozen trunk, 3 epochs, against Trainer", TRUNK, "graft, 3 epochs", "Trainer, 3 epochs", WALL, 6.0),
    Row("frozen trunk, 10 epochs, against Trainer", TRUNK, "graft, 10 epochs", "Trainer, 10 epochs", WALL, 20.0),
    Row("... 3 epochs, features of an earlier run", TRUNK, "graft, features kept, 3 epochs", "Trainer, 3 epochs", WALL),
    Row("... 10 epochs, features of an earlier run", TRUNK, "graft, features kept, 10 epochs", "Trainer, 10 epochs", WALL),
    Row("frozen trunk against encode + scikit-learn", "encode", "graft", "encode + LogisticRegression", WALL, 1.5),
    Row("LoRA against PEFT default", LORA, "graft", "PEFT default", SPEED, 2.0, WHOLE_LORA),
    Row("LoRA against PEFT tuned", LORA, "graft", "PEFT tuned", SPEED, 1.3, WHOLE_LORA),
    Row("WordPiece against encode_batch, threads 2", TOKENS, "graft, threads 2", "encode_batch, threads 2", ROWS_S, 4.0),
    Row("... 1 thread", TOKENS, "graft, threads 1", "encode_batch, threads 1", ROWS_S),
    Row("... against encode_batch_fast, threads 2", TOKENS, "graft, threads 2", "encode_batch_fast, threads 2", ROWS_S),
    Row("TF-IDF against scikit-learn, fit and transform", "tfidf", "graft, threads 2", "TfidfVectorizer", FIT, 6.0),
    Row("... 1 thread", "tfidf", "graft, threads 1", "TfidfVectorizer", FIT),
    *(Row(f"{kind} pictures against ImageFolder, {way}, loaders {n}", PICTURES, f"graft, {kind}, {n}", f"{way}, {kind}, {n}", IMAGES_S)
      for kind in ("jpeg", "png", "digits") for way in ("pil", "tensor") for n in (1, 2)),
]


class Results:
    """One benchmark's measurements; `names` in the order measured."""

    def __init__(self, folder, table):
        self.table, self.pairs, self.names, self.notes, self.limits = table, {}, [], [], {}
        path = f"{folder}/{table}"
        if not os.path.exists(path + ".jsonl"):
            return
        with open(path + ".limits.json", encoding="utf-8") as file:
            self.limits = json.load(file)
        with open(path + ".jsonl", encoding="utf-8") as file:
            for record in map(json.loads, file):
                self._add(record)

    def _add(self, record):
        if "note" in record:
            self.notes.append(record["note"])
            return
        if self.table == FULL:
            record["mfu"] = 100 * record["tokens_per_second"] * GEMM_FLOP_A_TOKEN / (self.limits["fma_all_gflops"] * 1e9)
        self.pairs.setdefault(record["pair"], {})[record["name"]] = record
        if record["name"] not in self.names:
            self.names.append(record["name"])

    def values(self, name, quantity):
        return [pair[name][quantity] for pair in self.pairs.values() if quantity in pair.get(name, {})]

    def median(self, name, quantity):
        values = self.values(name, quantity)
        return statistics.median(values) if values else None

    def ratios(self, row):
        """Within each pair: how many times as fast graft is; for memory, its share of the peer's."""
        ours = row.ours
        if ours == "graft fp32" and ours not in self.names:
            ours = "graft"  # that was fp32 already
        both = [(pair[ours][row.quantity], pair[row.peer][row.quantity]) for pair in self.pairs.values()
                if row.quantity in pair.get(ours, {}) and row.quantity in pair.get(row.peer, {})]
        peer_over_ours = row.quantity.endswith("_seconds")
        return [peer / graft if peer_over_ours else graft / peer for graft, peer in both]


def reached(row, ratio):
    return ratio <= row.target if row.quantity == "peak_rss_mb" else ratio >= row.target


def limits_text(limits):
    if not limits:
        return ""
    return ("limits of this machine, {threads} threads, {isa}: FMA {fma_1_gflops:.0f} GFLOP/s on one, {fma_all_gflops:.0f} on "
            "all; triad {triad_gb_s:.1f} GB/s; at::linear {linear_fp32_gflops:.0f} GFLOP/s fp32, {linear_bf16_gflops:.0f} "
            "bf16").format(**limits)
