import hashlib
import io
import struct
import zlib

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User
from policy.errors import LogoRefused
from policy.models import Logo

MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000_000
# As large as a brief prints it, twice over: 60 × 14 mm.
BOX = (960, 224)


@transaction.atomic
def save_logo(*, organization: Organization, content: bytes, actor: User | None) -> Logo:
    """Use a PNG or JPEG as the logo of an organisation from now on. Raises LogoRefused."""
    png = drawn_anew(content)
    Logo.objects.filter(organization=organization, is_current=True).update(is_current=False)
    logo, _is_new = Logo.objects.update_or_create(
        organization=organization,
        sha256=hashlib.sha256(png).hexdigest(),
        defaults={"png": png, "is_current": True, "uploaded_at": now()},
    )
    record(organization=organization, actor=actor, verb="change logo", obj=logo)
    return logo


@transaction.atomic
def remove_logo(*, organization: Organization, actor: User | None) -> None:
    """Print briefs without a logo from now on; those that have one keep it."""
    for logo in Logo.objects.filter(organization=organization, is_current=True):
        Logo.objects.filter(pk=logo.pk).update(is_current=False)
        record(organization=organization, actor=actor, verb="remove logo", obj=logo)


def drawn_anew(content: bytes) -> bytes:
    """The picture as a small PNG on white: nothing of the file that was uploaded but what it looks like."""
    if len(content) > MOST_BYTES:
        raise LogoRefused(_("The file is larger than 1 MB."))
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise LogoRefused(_("The picture has more than 4 million pixels."))
            picture.load()
            seen = picture.convert("RGBA")
    except LogoRefused:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        EOFError,
        TypeError,
        LookupError,
        AttributeError,
        OverflowError,
        struct.error,
        zlib.error,
        SyntaxError,  # Pillow's word for a PNG with a broken chunk
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as fault:
        raise LogoRefused(_("This is no PNG or JPEG that can be read.")) from fault
    seen.thumbnail(BOX)
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()
