"""Letters to offices that have only a web form: the supporter gets the text and the form's address, and says done."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _t

from campaigns.channels.base import Parcel, Route, Unfit
from campaigns.channels.print import sheet
from campaigns.channels.sheet import read
from campaigns.models import ChannelName
from contacts.models import ContactKind


def freeze(parcel: Parcel) -> bytes:
    """The text to copy. What stands in the form's address becomes a link on a page, so it must be one."""
    if not is_web_address(parcel.recipient):
        raise Unfit(_t("The address of the office's form is not a web address."))
    return sheet(parcel, [parcel.to]).to_bytes()


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


ROUTE = Route(ChannelName.LINK, ContactKind.WEB_FORM, freeze, read)
