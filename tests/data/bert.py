"""Writes the references of graft/bert: bert_*.safetensors and *.json beside this file, and minilm_curve.{json,safetensors}.

    pip install torch==2.11.0 transformers==5.23.0 safetensors==0.8.0 tokenizers numpy
    python tests/data/bert.py [MODEL DATA]     (.deps/model and .deps/data of this checkout; without them the synthetic ones only)

Reference: transformers' BertModel in fp32 on the CPU, eager attention, padded batches with an attention mask, dropout 0, and a
linear classifier on the pooled output with mean cross-entropy.

bert_tiny, bert_odd    random weights; for batches of 1, 2 and 32 ragged rows: last hidden state of the real tokens, pooled output,
                       loss, and the gradients of all parameters
bert_minilm            all-MiniLM-L6-v2 on movie reviews, batches of 1, 2 and 32 rows: loss, last hidden state of some rows, and for
                       every parameter the norm of its gradient and 64 of its entries that are not zero, drawn at random (all
                       gradients would take 270 MB)
minilm_curve           losses of 50 steps of AdamW (5e-5, betas 0.9 and 0.999, eps 1e-8, decay 0.01 on everything, gradient norm cut at
                       1.0) on 8 rows a step

Ids start at 1: transformers gives the row of id 0, [PAD], no gradient, and graft has no padding.

Tolerances. fp32 keeps 24 bits, and a sum of n terms in another order moves by about sqrt(n) * 6e-8 of its terms: after six layers
hidden states of size 1 agree to 1e-5, the mean loss to 1e-6, a gradient to 1e-4 of its norm. The gradient of a key's bias is zero in
exact arithmetic (softmax ignores a shift), so it is held to 1e-6 of the norm of all gradients instead.
"""
import json, os, platform, sys

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20240501
torch.set_num_threads(2)


def padded(rows):
    longest = max(map(len, rows))
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return ids, mask


def ragged(rows):
    offsets = torch.tensor([0, *np.cumsum([len(row) for row in rows])], dtype=torch.int32)
    return torch.tensor([i for row in rows for i in row], dtype=torch.long), offsets


class Classifier(torch.nn.Module):
    def __init__(self, model, classes, generator):
        super().__init__()
        self.bert = model
        self.classifier = torch.nn.Linear(model.config.hidden_size, classes)
        with torch.no_grad():
            self.classifier.weight.normal_(0, 0.02, generator=generator)
            self.classifier.bias.normal_(0, 0.02, generator=generator)

    def forward(self, rows, labels):
        ids, mask = padded(rows)
        out = self.bert(input_ids=ids, attention_mask=mask)
        loss = torch.nn.functional.cross_entropy(self.classifier(out.pooler_output), labels)
        return out.last_hidden_state[mask.bool()], out.pooler_output, loss


def run(model, rows, labels):
    model.zero_grad()
    hidden, pooled, loss = model(rows, labels)
    loss.backward()
    return hidden.detach(), pooled.detach(), loss


def names(model):
    return [(name.removeprefix("bert."), p) for name, p in model.named_parameters()]


def write(name, tensors, facts):
    save_file({k: v.contiguous() for k, v in tensors.items()}, os.path.join(HERE, name + ".safetensors"))
    facts = {"torch": torch.__version__, "transformers": transformers.__version__, "platform": platform.platform(), "seed": SEED, **facts}
    json.dump(facts, open(os.path.join(HERE, name + ".json"), "w"), indent=1)


def synthetic(name, classes, **sizes):
    generator = torch.Generator().manual_seed(SEED)
    config = BertConfig(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager", **sizes)
    torch.manual_seed(SEED)
    model = Classifier(BertModel(config), classes, generator).eval()
    with torch.no_grad():  # biases and LayerNorms away from 0 and 1, weights large enough that attention is not flat
        for _, p in names(model):
            p.add_(torch.randn(p.shape, generator=generator) * 0.1)
    tensors = {"weights." + n: p.detach().clone() for n, p in names(model)}
    losses = {}
    rng = np.random.default_rng(SEED)
    for count in (1, 2, 32):
        lengths = [7] if count == 1 else [1, 19] if count == 2 else rng.integers(2, sizes["max_position_embeddings"] + 1, count)
        rows = [rng.integers(1, sizes["vocab_size"], int(n)).tolist() for n in lengths]
        labels = torch.tensor(rng.integers(0, classes, count))
        hidden, pooled, loss = run(model, rows, labels)
        ids, offsets = ragged(rows)
        at = f"batch{count}."
        tensors |= {at + "ids": ids, at + "offsets": offsets, at + "labels": labels, at + "hidden": hidden, at + "pooled": pooled}
        tensors |= {at + "gradient." + n: p.grad.clone() for n, p in names(model)}
        losses[f"batch{count}"] = loss.item()
    write(name, tensors, {"config": config.to_dict(), "loss": losses})


def minilm(folder, data):
    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(128)
    texts, ratings = [], []
    for line in open(os.path.join(data, "movieReviewSnippets_GroundTruth.txt"), encoding="utf-8", errors="replace"):
        _, rating, text = line.rstrip("\n").split("\t")
        texts.append(text)
        ratings.append(int(float(rating) > 0))
    order = np.random.default_rng(SEED).permutation(len(texts))
    rows = [e.ids for e in tokenizer.encode_batch([texts[i] for i in order[:512]])]
    labels = [ratings[i] for i in order[:512]]

    def fresh():
        config = BertConfig(**{**json.load(open(os.path.join(folder, "config.json"))), "hidden_dropout_prob": 0.0,
                               "attention_probs_dropout_prob": 0.0, "attn_implementation": "eager"})
        model = BertModel(config)
        weights = {k: v for k, v in load_file(os.path.join(folder, "model.safetensors")).items() if k != "embeddings.position_ids"}
        model.load_state_dict(weights)
        return Classifier(model, 2, torch.Generator().manual_seed(SEED)).eval()

    model = fresh()
    generator = torch.Generator().manual_seed(SEED)
    start = {"classifier.weight": model.classifier.weight.detach().clone(), "classifier.bias": model.classifier.bias.detach().clone()}
    tensors, facts = dict(start), {"loss": {}, "hidden_rows": {}, "gradient_norm": {}}
    for count, kept in ((1, [0]), (2, [0, 1]), (32, [3, 17, 31])):
        batch, target = rows[:count], torch.tensor(labels[:count])
        hidden, pooled, loss = run(model, batch, target)
        ids, offsets = ragged(batch)
        at = f"batch{count}."
        tensors |= {at + "ids": ids, at + "offsets": offsets, at + "labels": target, at + "pooled": pooled}
        for row in kept:
            tensors[at + f"hidden.{row}"] = hidden[offsets[row] : offsets[row + 1]].clone()
        facts["loss"][f"batch{count}"] = loss.item()
        facts["hidden_rows"][f"batch{count}"] = kept
        facts["gradient_norm"][f"batch{count}"] = {n: float(p.grad.double().norm()) for n, p in names(model)}
        for n, p in names(model):
            gradient = p.grad.flatten()
            places = gradient.nonzero().flatten()
            drawn = places[torch.randperm(len(places), generator=generator)[:64]].sort().values
            tensors[at + "places." + n] = drawn.to(torch.int32)
            tensors[at + "gradient." + n] = gradient[drawn].clone()
    write("bert_minilm", tensors, facts)

    model = fresh()
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    losses, norms = [], []
    for step in range(50):
        batch = slice(8 * step, 8 * step + 8)
        _, _, loss = run(model, rows[batch], torch.tensor(labels[batch]))
        norms.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)))
        optimizer.step()
        losses.append(loss.item())
    ids, offsets = ragged(rows[:400])
    write("minilm_curve", {"ids": ids, "offsets": offsets, "labels": torch.tensor(labels[:400]), **start},
          {"rows_per_step": 8, "learning_rate": 5e-5, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01, "clip": 1.0,
           "loss": losses, "gradient_norm": norms})


if __name__ == "__main__":
    synthetic("bert_tiny", 2, vocab_size=50, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=64,
              max_position_embeddings=40, type_vocab_size=2, layer_norm_eps=1e-12)
    synthetic("bert_odd", 3, vocab_size=37, hidden_size=36, num_hidden_layers=2, num_attention_heads=3, intermediate_size=50,
              max_position_embeddings=23, type_vocab_size=1, layer_norm_eps=1e-5)
    if len(sys.argv) > 1:
        minilm(sys.argv[1], sys.argv[2])
