#!/usr/bin/env bash
# transformers 5: Qwen2Tokenizer takes vocabulary and merges from tokenizer.json, and not its
# normalizer and pre-tokenizer.
#
# Version: transformers 5.24.0, tokenizers as it resolves.
# Expected: a tokenizer loaded from tokenizer.json behaves as the file says, as `Tokenizer.from_file` does.
# Seen: with `"tokenizer_class": "Qwen2Tokenizer"` the class builds its own NFC normalizer and pre-
#   tokenizer: a file that lowercases and adds a prefix space gives other ids through AutoTokenizer.
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install transformers==5.24.0
cat > try.py <<'PY'
import json
import os

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import AutoTokenizer

os.mkdir("model")
letters = sorted(pre_tokenizers.ByteLevel.alphabet())
file = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(letters)}, merges=[]))
file.normalizer = normalizers.Lowercase()
file.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
file.save("model/tokenizer.json")
with open("model/tokenizer_config.json", "w") as out:
    json.dump({"tokenizer_class": "Qwen2Tokenizer"}, out)

said = Tokenizer.from_file("model/tokenizer.json").encode("AB").ids
done = AutoTokenizer.from_pretrained("model").encode("AB")
show = lambda ids: [letters[i] for i in ids]
print("the file says", show(said), "and transformers", show(done))
assert len(said) == 3
assert done != said, "the file is followed now"
assert show(done) == ["A", "B"]
PY
venv/bin/python try.py
