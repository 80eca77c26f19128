"""Pictures of stories: drawn anew, so that nothing of the file is kept but what it looks like."""

import io
import struct
import threading
import zlib

from django.utils.translation import gettext as _
from PIL import Image

from campaigns.errors import ActionRefused

MOST_BYTES = 8_000_000
MOST_PIXELS = 25_000_000
# As large as a page shows it, twice over.
BOX = (1440, 1440)
# A picture decoded takes a hundred megabytes.
_ONE_AT_A_TIME = threading.Semaphore(1)
# What Pillow raises for files that are damaged; SyntaxError is its word for a PNG with a broken chunk.
_BROKEN = (
    OSError,
    EOFError,
    ValueError,
    SyntaxError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
# Exif's Orientation (JEITA CP-3451, tag 0x0112), and what undoes it.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureRefused(ActionRefused):
    """A file that is no picture we can show; its message says why."""


def drawn_anew(content: bytes) -> bytes:
    """A JPEG of at most 1440 × 1440 without place, time or camera of the original. Raises PictureRefused."""
    if len(content) > MOST_BYTES:
        raise PictureRefused(_("The file is larger than 8 MB."), field="picture")
    with _ONE_AT_A_TIME:
        try:
            return _drawn(content)
        except _BROKEN as fault:
            raise PictureRefused(_("This is no picture that can be read."), field="picture") from fault


def _drawn(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP"]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise PictureRefused(_("The picture has more than 25 million pixels."), field="picture")
        picture.draft("RGB", BOX)  # a large JPEG is decoded small
        turn = _turn(picture)
        picture.thumbnail(BOX)
        seen = picture.convert("RGBA")
    if turn is not None:
        seen = seen.transpose(turn)
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """How its camera was held; None when the file says nothing that can be read."""
    try:
        return _TURNS.get(int(picture.getexif().get(0x0112, 1)))
    except _BROKEN:
        return None
