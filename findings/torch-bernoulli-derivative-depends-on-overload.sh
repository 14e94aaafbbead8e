#!/usr/bin/env bash
# PyTorch: random zeros and ones pass gradients or stop the backward pass, depending on how they are asked for.
#
# Version: torch 2.15.0.
# Expected: torch.bernoulli(x, p) takes nothing from x but its shape, so that no gradient flows to x, as with
#   torch.bernoulli(x), torch.rand_like(x) and torch.empty_like(x).bernoulli_(p).
# Seen: torch.bernoulli(x) has a derivative, which is zero, and the two others need none. torch.bernoulli(x, p) says
#   that its result needs a gradient, and the backward pass then ends with "derivative for aten::bernoulli is not
#   implemented". A mask for dropout has to be drawn with x.detach().
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install torch==2.15.0 numpy==2.4.6
cat > try.py <<'PY'
import torch


def gradient(mask):
    x = torch.full((8,), 0.5, requires_grad=True)
    drawn = mask(x)
    (x * drawn).sum().backward()
    return torch.equal(x.grad, drawn.detach())


assert gradient(lambda x: torch.bernoulli(x)), "the derivative of bernoulli(x) is no longer zero"
assert gradient(lambda x: torch.empty_like(x).bernoulli_(0.5)), "bernoulli_ in place changed"
assert gradient(lambda x: torch.bernoulli(x.detach(), 0.5)), "detached values changed"
try:
    gradient(lambda x: torch.bernoulli(x, 0.5))
except RuntimeError as error:
    print("bernoulli(x, p):", error)
    assert "derivative for aten::bernoulli is not implemented" in str(error)
else:
    raise SystemExit("bernoulli(x, p) passes gradients now")
PY
venv/bin/python try.py
