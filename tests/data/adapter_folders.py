"""Writes adapter_folders.safetensors: what peft gives with the folders that graft wrote, for adapter_folders_test.cpp.

    build/release/bin/test_adapter "[write_adapter_folders]"     writes adapter_folders/<case>/, which are committed
    pip install torch==2.11.0 transformers==5.24.0 peft==0.21.2 safetensors
    python tests/data/adapter_folders.py

<case>.features     pooler output [R, 16] of the BertModel of adapters.py with the folder loaded by PeftModel.from_pretrained
<case>.tokens       prefix, prompt: last hidden states, packed [N, 16]; the virtual tokens of prompt among them
<case>.gradient     prefix, prompt: of the sum of squares of the features, to peft's prompt_embeddings
Rows are those of adapters.py; for prefix and prompt without that of 12 tokens, which leaves no position for virtual ones.

A tensor that peft misses in a folder, or does not know, is an error here. Tolerance 1e-5, as adapters.py explains.
"""
import pathlib
import warnings

import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

DATA = pathlib.Path(__file__).parent
reference = load_file(str(DATA / "adapters.safetensors"))


def tiny_bert():
    model = BertModel(BertConfig(vocab_size=32, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
                                 max_position_embeddings=12, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
                                 attn_implementation="eager")).eval()
    weights = {name.removeprefix("weights."): value for name, value in reference.items() if name.startswith("weights.")}
    assert not model.load_state_dict(weights, strict=False).unexpected_keys
    return model


def padded(rows):
    length = max(len(row) for row in rows)
    ids, mask = torch.zeros(len(rows), length, dtype=torch.long), torch.zeros(len(rows), length, dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, : len(row)], mask[i, : len(row)] = row, 1
    return {"input_ids": ids, "attention_mask": mask}


offsets = reference["offsets"].tolist()
rows = [reference["ids"][begin:end] for begin, end in zip(offsets, offsets[1:])]
tensors = {}
warnings.filterwarnings("error", message=".*(missing|unexpected).*")
for folder in sorted(path for path in (DATA / "adapter_folders").iterdir() if path.is_dir()):
    case, is_virtual = folder.name, folder.name in ("prefix", "prompt")
    model = PeftModel.from_pretrained(tiny_bert(), str(folder)).eval()
    given = {name.replace(".default", "") for name in model.state_dict()}
    unknown = [name for name in load_file(str(folder / "adapter_model.safetensors"))
               if name not in given and name + ".weight" not in given and not is_virtual]
    assert not unknown, (case, unknown)
    chosen = [row for row in rows if not is_virtual or len(row) < 12]
    if is_virtual:
        learned = model.prompt_encoder["default"].embedding.weight.requires_grad_()
    out = model(**padded(chosen))
    tensors[f"{case}.features"] = out.pooler_output.detach()
    if not is_virtual:
        continue
    out.pooler_output.square().sum().backward()
    added = out.last_hidden_state.shape[1] - max(len(row) for row in chosen)
    tensors[f"{case}.tokens"] = torch.cat([hidden[: len(row) + added] for hidden, row in zip(out.last_hidden_state, chosen)]).detach()
    tensors[f"{case}.gradient"] = learned.grad
save_file({name: tensor.clone().contiguous() for name, tensor in tensors.items()}, str(DATA / "adapter_folders.safetensors"))
