"""Pictures of stories: drawn anew, so that nothing of the file is kept but what it looks like."""

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from campaigns.errors import ActionRefused

MOST_BYTES = 8_000_000
MOST_PIXELS = 60_000_000
# As large as a page shows it, twice over.
BOX = (1440, 1440)


class PictureRefused(ActionRefused):
    """A file that is no picture we can show; its message says why."""


def drawn_anew(content: bytes) -> bytes:
    """A JPEG of at most 1440 × 1440 without place, time or camera of the original. Raises PictureRefused."""
    if len(content) > MOST_BYTES:
        raise PictureRefused(_("The file is larger than 8 MB."), field="picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow only warns of a bomb that is not too large by far
            with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP"]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise PictureRefused(_("The picture has more than 60 million pixels."), field="picture")
                turned = ImageOps.exif_transpose(picture)
                turned.thumbnail(BOX)
                seen = turned.convert("RGBA")
    except PictureRefused:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,  # Pillow's word for a PNG with a broken chunk
        Warning,
        Image.DecompressionBombError,
    ) as fault:
        raise PictureRefused(_("This is no picture that can be read."), field="picture") from fault
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()
