#!/usr/bin/env bash
# PEFT: merging adapters of a tied pair (embedding and output layer) adds both changes to both.
#
# Version: peft 0.21.2 (torch 2.15.0).
# Expected: `merge_and_unload` gives a model that computes what the unmerged one did, or refuses.
# Seen: the two layers stay one tensor, both changes are added to it, and the merged model computes
#   something else; no error.
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install torch==2.15.0 peft==0.21.2
cat > try.py <<'PY'
import torch
from peft import LoraConfig, get_peft_model
from torch import nn


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(6, 4)
        self.head = nn.Linear(4, 6, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, ids):
        return self.head(self.embed(ids))


torch.manual_seed(0)
config = LoraConfig(r=2, lora_alpha=2, target_modules=["embed", "head"], init_lora_weights=False)
model = get_peft_model(Tied(), config)
ids = torch.tensor([1, 2])
before = model(ids)
merged = model.merge_and_unload()
difference = (merged(ids) - before).abs().max().item()
tied = merged.head.weight is merged.embed.weight
print("still one tensor:", tied, "difference of the outputs:", difference)
assert tied, "untied while merging now"
assert difference > 1, "merged rightly now"
PY
venv/bin/python try.py
