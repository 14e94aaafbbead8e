#!/usr/bin/env bash
# PyTorch: a negative seed is another one than the documented formula gives.
#
# Version: torch 2.15.0 (CPU).
# Expected: as the documentation of torch.manual_seed says, a negative seed is remapped by 0xffff_ffff_ffff_ffff
#   + seed, so -1 is 0xffff_ffff_ffff_fffe.
# Seen: -1 draws what 0xffff_ffff_ffff_ffff draws: the seed is taken modulo 2 to the 64, one more than
#   documented. Whoever follows the formula in another language gets other noise.
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install torch==2.15.0 numpy==2.4.6
cat > try.py <<'PY'
import torch


def draw(seed):
    torch.manual_seed(seed)
    return torch.randn(4)


assert "0xffff_ffff_ffff_ffff + seed" in torch.manual_seed.__doc__, "documented otherwise now"
for seed in (-1, -5):
    documented = torch.equal(draw(seed), draw(0xFFFF_FFFF_FFFF_FFFF + seed))
    modulo = torch.equal(draw(seed), draw(2**64 + seed))
    print("seed", seed, "is as documented:", documented, "- modulo 2^64:", modulo)
    assert modulo and not documented, "negative seeds are mapped otherwise now"
PY
venv/bin/python try.py
