"""Writes adapters.safetensors: what peft's adapters give on a tiny BERT, for tests/plugins/adapter/peft_test.cpp.

    pip install torch==2.11.0 transformers==5.24.0 peft==0.21.2 safetensors
    python tests/data/adapters.py

weights.<name>           the BertModel: hidden 16, 2 layers, 4 heads, intermediate 24, vocabulary 32, 12 positions
ids, offsets             rows of 1 to 12 token ids, packed
<case>.<name>            the tensors of peft's adapter_model.safetensors, by its names, every one drawn at random
<case>.features          pooled output [5, 16]
<case>.gradient.<name>   of the sum of squares of the features
metadata                 <case>: adapter_config.json as peft writes it
Cases: lora (rank 4, alpha 8), rslora (rank 4, alpha 8), dora (rank 3, alpha 6), ia3 (peft's targets for BERT), vera (rank 6).

Ids start at 1, as graft has no padding. Tolerance 1e-5: float sums in another order, through two layers, as bert.py explains.
"""
import json
import pathlib
import tempfile

import torch
from peft import IA3Config, LoraConfig, VeraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

SEED = 20240611
CASES = {
    "lora": LoraConfig(r=4, lora_alpha=8, target_modules=["query", "value"]),
    "rslora": LoraConfig(r=4, lora_alpha=8, target_modules=["query", "value"], use_rslora=True),
    "dora": LoraConfig(r=3, lora_alpha=6, target_modules=["query", "key", "output.dense"], use_dora=True),
    "ia3": IA3Config(target_modules=["key", "value", "output.dense"], feedforward_modules=["output.dense"]),
    "vera": VeraConfig(r=6, target_modules=["query", "intermediate.dense", "output.dense"]),
}
generator = torch.Generator().manual_seed(SEED)


def drawn(shape, around=0.0, deviation=0.3):
    return around + deviation * torch.randn(shape, generator=generator)


def tiny_bert():
    torch.manual_seed(SEED)
    return BertModel(BertConfig(vocab_size=32, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
                                max_position_embeddings=12, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
                                attn_implementation="eager")).eval()


def randomise(name, tensor):
    if "magnitude" in name:  # lengths of rows: around those there are
        return tensor * drawn(tensor.shape, around=1.0)
    return drawn(tensor.shape, around=1.0 if "ia3" in name else 0.0)


def written(config):
    with tempfile.TemporaryDirectory() as folder:
        config.save_pretrained(folder)
        settings = json.loads((pathlib.Path(folder) / "adapter_config.json").read_text())
    settings["target_modules"].sort()  # a set: its order is not fixed
    return json.dumps(settings, indent=2, sort_keys=True)


base = tiny_bert()
weights = {name: drawn(value.shape, around=float("LayerNorm.weight" in name)) for name, value in base.named_parameters()}
rows = [torch.randint(1, 32, (length,), generator=generator) for length in (5, 1, 12, 3, 8)]
ids, mask = torch.zeros(5, 12, dtype=torch.long), torch.zeros(5, 12, dtype=torch.long)
for i, row in enumerate(rows):
    ids[i, : len(row)], mask[i, : len(row)] = row, 1

tensors = {"weights." + name: value for name, value in weights.items()}
tensors["ids"] = torch.cat(rows)
tensors["offsets"] = torch.tensor([0, *torch.tensor([len(row) for row in rows]).cumsum(0)], dtype=torch.int32)
for case, config in CASES.items():
    model = tiny_bert()
    model.load_state_dict(weights, strict=False)
    model = get_peft_model(model, config).eval()
    named = {name.replace(".default", ""): p for name, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for name, parameter in named.items():
            parameter.copy_(randomise(name, parameter))
    features = model(input_ids=ids, attention_mask=mask).pooler_output
    features.square().sum().backward()
    saved = get_peft_model_state_dict(model)
    assert set(named) - {name.replace("magnitude_vector", "magnitude_vector.weight") for name in saved} == set(), case
    tensors.update({f"{case}.{name}": value.detach() for name, value in saved.items()})
    tensors.update({f"{case}.gradient.{name.replace('magnitude_vector.weight', 'magnitude_vector')}": p.grad
                    for name, p in named.items()})
    tensors[f"{case}.features"] = features.detach()
save_file({name: tensor.clone().contiguous() for name, tensor in tensors.items()},
          str(pathlib.Path(__file__).parent / "adapters.safetensors"),
          metadata={case: written(config) for case, config in CASES.items()})
