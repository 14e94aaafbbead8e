#!/usr/bin/env bash
# Pillow 12: the pixels of a 4-bit RLE BMP shift after a literal run of odd length.
#
# Version: pillow 12.3.0 (13.0.0 reads them rightly).
# Expected: a literal run of n pixels takes (n + 1) / 2 bytes, padded to an even number: five pixels take three
#   bytes.
# Seen: one byte too few is read, so the fifth pixel and all that follows is wrong, without an error; runs
#   of even length are right.
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install pillow==12.3.0
cat > try.py <<'PY'
import io
import struct

from PIL import Image


def pixels(data):
    palette = bytes(64)
    offset = 14 + 40 + len(palette)
    file = b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset)
    file += struct.pack("<IiiHHIIiiII", 40, 8, 1, 1, 4, 2, len(data), 0, 0, 16, 16)
    return list(Image.open(io.BytesIO(file + palette + data)).tobytes())


end = bytes([0, 0, 0, 1])
even = pixels(bytes([0, 6, 0x12, 0x34, 0x56, 0]) + bytes([2, 0x78]) + end)
odd = pixels(bytes([0, 5, 0x12, 0x34, 0x50, 0]) + bytes([3, 0x67]) + end)
print("literal run of six:", even)
print("literal run of five:", odd)
assert even == [1, 2, 3, 4, 5, 6, 7, 8]
assert odd != [1, 2, 3, 4, 5, 6, 7, 6], "runs of odd length are right now"
assert odd[:4] == [1, 2, 3, 4]
PY
venv/bin/python try.py
