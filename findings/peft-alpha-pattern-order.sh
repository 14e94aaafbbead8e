#!/usr/bin/env bash
# PEFT: a saved adapter whose `alpha_pattern` has overlapping keys means something else when it is
# loaded again.
#
# Version: peft 0.21.2 (torch 2.15.0).
# Expected: `save_pretrained` and `from_pretrained` give back the adapter that was saved.
# Seen: the first key that fits a module decides, and saving sorts the keys: {"q": 4, "a.q": 16} scales a.q
#   with 4 while training and with 16 once loaded, four times as much, without a warning.
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install torch==2.15.0 peft==0.21.2
cat > try.py <<'PY'
import tempfile

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.ModuleDict({"q": nn.Linear(4, 4)})
        self.b = nn.ModuleDict({"q": nn.Linear(4, 4)})

    def forward(self, x):
        return self.b["q"](self.a["q"](x))


config = LoraConfig(r=2, lora_alpha=2, target_modules=["q"], alpha_pattern={"q": 4, "a.q": 16},
                    init_lora_weights=False)
torch.manual_seed(0)
trained = get_peft_model(Model(), config)
folder = tempfile.mkdtemp(dir=".")
trained.save_pretrained(folder)
torch.manual_seed(0)
loaded = PeftModel.from_pretrained(Model(), folder)
scales = [m.base_model.model.a["q"].scaling["default"] for m in (trained, loaded)]
x = torch.ones(1, 4)
difference = (trained(x) - loaded(x)).abs().max().item()
print("scale of a.q trained, loaded:", scales, "difference of the outputs:", difference)
assert scales == [2.0, 8.0], "the order of the keys no longer matters"
assert difference > 0.01
PY
venv/bin/python try.py
