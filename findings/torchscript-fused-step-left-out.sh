#!/usr/bin/env bash
# TorchScript: a fused optimizer step whose tensors are given in list literals is left out of the compiled
# function, without a word.
#
# Version: torch 2.15.0 (CPU), operator torch._fused_adamw_.
# Expected: an operator that writes to its arguments runs, as it does without compilation; the weight is 0.9
#   after a first step at rate 0.1.
# Seen: the compiled function returns the weight as it was, 1.0, and the moments stay 0. It runs when the
#   result is taken from the list that the operator was given. An operator that writes to tensors and not
#   to lists of them, such as add_, runs either way.
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install torch==2.15.0 numpy==2.4.6
cat > try.py <<'PY'
import torch


def from_literal(w: torch.Tensor, g: torch.Tensor, m: torch.Tensor, v: torch.Tensor, n: torch.Tensor):
    torch._fused_adamw_(
        [w], [g], [m], [v], [], [n],
        lr=0.1, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False,
    )
    return w


def from_list(w: torch.Tensor, g: torch.Tensor, m: torch.Tensor, v: torch.Tensor, n: torch.Tensor):
    weights = [w]
    torch._fused_adamw_(
        weights, [g], [m], [v], [], [n],
        lr=0.1, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False,
    )
    return weights[0]


def single(w: torch.Tensor, g: torch.Tensor, m: torch.Tensor, v: torch.Tensor, n: torch.Tensor):
    w.add_(g, alpha=-0.1)
    return w


def after(function):
    w, g, m, v, n = torch.ones(1), torch.ones(1), torch.zeros(1), torch.zeros(1), torch.ones(())
    function(w, g, m, v, n)
    return w.item()


for function in (from_literal, from_list, single):
    assert abs(after(function) - 0.9) < 1e-6, "the step itself changed"
compiled = {function.__name__: after(torch.jit.script(function)) for function in (from_literal, from_list, single)}
print("weight after one compiled step:", compiled)
assert compiled["from_literal"] == 1.0, "the step is no longer left out (expected 0.9)"
assert abs(compiled["from_list"] - 0.9) < 1e-6 and abs(compiled["single"] - 0.9) < 1e-6, "other steps changed"
PY
venv/bin/python try.py 2> errors || { cat errors >&2; exit 1; }
