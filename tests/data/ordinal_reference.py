"""Writes ordinal_reference.json: scores, losses, gradients and labels of CORAL's authors' own package.

pip install coral-pytorch==1.4.0 torch==2.11.0
The reference runs in double; the head computes in float, so losses agree to about 1e-6 of their size.
`first` and `gaps` are how the head keeps the same biases: thresholds -bias, the first and softplus of the gaps between them.
"""
import json

import torch
from coral_pytorch.dataset import levels_from_labelbatch, proba_to_label
from coral_pytorch.layers import CoralLayer
from coral_pytorch.losses import coral_loss

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)


def case(classes, rows, width, scale):
    layer = CoralLayer(width, classes)
    thresholds = torch.sort(scale * torch.randn(classes - 1)).values
    layer.coral_bias.data = -thresholds
    layer.coral_weights.weight.data = torch.randn(1, width)
    features, labels = torch.randn(rows, width), torch.randint(classes, (rows,))
    logits = layer.coral_weights(features) + layer.coral_bias
    losses = coral_loss(logits, levels_from_labelbatch(labels, classes, dtype=torch.float64), reduction=None)
    losses.sum().backward()
    return {"classes": classes, "features": features.tolist(), "truth": labels.tolist(),
            "weight": layer.coral_weights.weight.tolist(), "first": thresholds[:1].tolist(),
            "gaps": thresholds.diff().expm1().log().tolist(),
            "expected": {"scores": logits.tolist(), "losses": losses.tolist(),
                         "labels": proba_to_label(torch.sigmoid(logits)).tolist(),
                         "weight_gradient": layer.coral_weights.weight.grad.tolist(),
                         "first_gradient": [-layer.coral_bias.grad.sum().item()]}}


cases = [case(2, 6, 4, 1.0), case(3, 8, 4, 1.0), case(6, 12, 4, 2.0)]
json.dump(cases, open("ordinal_reference.json", "w"), separators=(",", ":"))
