#!/bin/sh
# Measures other people's programs beside showo2 on the same lengths, in turns, and prints a table in Markdown.
# Everything is made in a temporary folder: pinned public wheels, and models with random weights. See README.md.
#
#   sh conformance-tests/peers/peers.sh --bundle BUNDLE [--bundle BUNDLE ...] [--jar samples/target/showo2.jar]
#       [--layers 28] [--rounds 3] [--threads 2] [--peers showo2,llama,transformers,genai,wan] [--out FILE]
#
# PEERS_FOLDER   keeps wheels and models for another run; without it they are deleted
# PEERS_PYTHON   Python 3.10 to 3.12; python3 without it
# PEERS_PACKAGES a folder with torch, transformers and diffusers of the pinned versions, which are not installed then
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${PEERS_FOLDER:-}
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"
if [ ! -x "$folder/venv/bin/python" ]; then
  "${PEERS_PYTHON:-python3}" -m venv "$folder/venv"
  if [ -n "${PEERS_PACKAGES:-}" ]; then
    site=$("$folder/venv/bin/python" -c 'import site; print(site.getsitepackages()[0])')
    echo "$PEERS_PACKAGES" > "$site/peers.pth"
    "$folder/venv/bin/pip" install -q --no-deps -r "$here/requirements-small.txt"
  else
    "$folder/venv/bin/pip" install -q -r "$here/requirements-large.txt" -r "$here/requirements-small.txt"
  fi
fi
export HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 TOKENIZERS_PARALLELISM=false
"$folder/venv/bin/python" "$here/peers.py" run --folder "$folder" "$@"
