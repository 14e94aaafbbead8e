#!/usr/bin/env bash
# Pillow: a GIF frame that states no disposal gets that of an earlier frame.
#
# Version: pillow 13.0.0.
# Expected: disposal belongs to the frame whose graphic control extension states it; 0 (none stated) leaves the
#   frame in place, as in browsers and FFmpeg.
# Seen: after a frame with disposal 2 (restore to background) a frame with disposal 0 is cleared as well:
#   the green pixel of the second frame is gone in the third.
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install pillow==13.0.0
cat > try.py <<'PY'
import io

from PIL import Image


def frame(x, color, disposal):
    control = bytes([0x21, 0xF9, 4, disposal << 2, 10, 0, 0, 0])
    place = b"," + bytes([x, 0, 0, 0, 1, 0, 1, 0, 0])
    codes = 4 | color << 3 | 5 << 6  # clear, the color, end
    return control + place + bytes([2, 2, codes & 255, codes >> 8, 0])


palette = bytes([255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255])
gif = (b"GIF89a" + bytes([4, 0, 1, 0, 0x81, 0, 0]) + palette
       + frame(0, 1, 2) + frame(1, 2, 0) + frame(2, 3, 0) + b";")
image = Image.open(io.BytesIO(gif))
shown = []
for index in range(image.n_frames):
    image.seek(index)
    row = image.convert("RGBA")
    shown.append([row.getpixel((x, 0)) for x in range(3)])
    print("frame", index + 1, shown[-1])
green, blue = (0, 255, 0, 255), (0, 0, 255, 255)
assert shown[1][1] == green and shown[2][2] == blue
assert shown[2][0] != (255, 0, 0, 255), "disposal 2 does nothing now"
assert shown[2][1] != green, "the second frame stays now"
PY
venv/bin/python try.py
