"""Makes the AVIF and HEIC files beside it: python heif.py (Pillow 13.0.0, pillow-heif 1.8.1, numpy)."""
import io
import struct

import numpy
import pillow_heif
from PIL import Image

RED, GREEN, BLUE, WHITE, BLACK, YELLOW = (
    (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (255, 255, 0))


def box(kind, *parts):
    data = b"".join(parts)
    return struct.pack(">I", 8 + len(data)) + kind + data


def full(kind, version, flags, *parts):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def item(colour):
    """The configuration and the data of a tile of 64x64 pixels."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "AVIF", quality=90, subsampling="4:4:4")
    data = out.getvalue()
    at = data.index(b"av1C")
    size = struct.unpack(">I", data[at - 4:at])[0]
    return data[at + 4:at - 4 + size], data[data.index(b"mdat") + 4:]


def grid(colours, columns, width, height, *turns):
    """Tiles in rows from the top left, cut to a size, and turned by properties of the grid."""
    rows = len(colours) // columns
    tiles = [item(colour) for colour in colours]
    ids = range(2, 2 + len(tiles))
    head = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)

    def infe(number, kind, flags):
        return full(b"infe", 2, flags, struct.pack(">HH", number, 0), kind, b"\0")

    def meta(offset):
        iloc = struct.pack(">BBH", 0x44, 0, 1 + len(tiles))
        iloc += struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(head))
        for number, (_, data) in zip(ids, tiles):
            iloc += struct.pack(">HHHHII", number, 0, 0, 1, offset, len(data))
            offset += len(data)
        properties = box(
            b"ipco",
            full(b"ispe", 0, 0, struct.pack(">II", width, height)),
            full(b"ispe", 0, 0, struct.pack(">II", 64, 64)),
            box(b"av1C", tiles[0][0]),
            full(b"pixi", 0, 0, b"\3\x08\x08\x08"),
            *turns)
        of_grid = bytes([1, 4, *(0x80 | 5 + i for i in range(len(turns)))])
        links = struct.pack(">I", 1 + len(tiles)) + struct.pack(">HB", 1, len(of_grid)) + of_grid
        for number in ids:
            links += struct.pack(">HB", number, 3) + b"\2\x83\4"
        return full(
            b"meta", 0, 0,
            full(b"hdlr", 0, 0, b"\0" * 4 + b"pict" + b"\0" * 13),
            full(b"pitm", 0, 0, b"\0\1"),
            full(b"iloc", 1, 0, iloc),
            full(b"iinf", 0, 0, struct.pack(">H", 1 + len(tiles)), infe(1, b"grid", 0),
                 *(infe(number, b"av01", 1) for number in ids)),
            full(b"iref", 0, 0, box(
                b"dimg", struct.pack(">HH", 1, len(tiles)),
                *(struct.pack(">H", number) for number in ids))),
            box(b"iprp", properties, full(b"ipma", 0, 0, links)),
            box(b"idat", head))

    ftyp = box(b"ftyp", b"avif\0\0\0\0avifmif1miaf")
    size = len(ftyp) + len(meta(0)) + 8
    return ftyp + meta(size) + box(b"mdat", *(data for _, data in tiles))


def write(name, data):
    with open(name, "wb") as out:
        out.write(data)


def blocks(*rows):
    """Blocks of 32x32 pixels."""
    return Image.fromarray(numpy.uint8(rows)).resize(
        (32 * len(rows[0]), 32 * len(rows)), Image.NEAREST)


write("grid.avif", grid([RED, BLUE], 2, 128, 64))
COLOURS = [RED, GREEN, BLUE, WHITE, BLACK, YELLOW]
write("grid-cut.avif", grid(COLOURS, 3, 150, 100))
write("grid-turned.avif", grid(COLOURS, 3, 150, 100, box(b"irot", b"\1"), box(b"imir", b"\0")))

for orientation in range(2, 9):
    exif = Image.Exif()
    exif[0x112] = orientation
    blocks((RED, GREEN, BLUE), (WHITE, BLACK, YELLOW)).save(
        f"turned-{orientation}.avif", quality=90, subsampling="4:4:4", exif=exif)

# Colors that last for three frames beside an alpha of noise, which takes ten times the bytes.
noise = numpy.random.default_rng(1)
frames = []
for colour in (RED, GREEN, BLUE):
    pixels = numpy.zeros((64, 64, 4), numpy.uint8)
    pixels[:, :, :3] = colour
    pixels[:, :, 3] = noise.integers(0, 256, (64, 64))
    frames.append(Image.fromarray(pixels))
frames[0].save("alpha.avif", save_all=True, append_images=frames[1:], duration=100,
               subsampling="4:4:4", quality=70)

# The second of three images is the main one; it has a thumbnail, and an odd size that is cut out.
heif = pillow_heif.from_pillow(Image.new("RGB", (64, 64), RED))
heif.add_from_pillow(blocks((GREEN, BLUE), (WHITE, YELLOW)).crop((0, 0, 63, 61)))
heif.add_from_pillow(Image.new("RGB", (128, 128), BLACK))
heif[1].info["thumbnails"] = [32]
heif.save("second.heic", quality=90, primary_index=1)
