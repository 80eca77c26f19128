"""How long a letter should be, by the ways it may go, in words for its writer."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, ChannelName
from campaigns.models.channel import every_channel

# The limit of congressional forms is CWC's 10,000 characters for everything; the words are what staff say they read.
_ADVICE: dict[str, object] = {
    ChannelName.EMAIL: _("By mail: 150 to 300 words are read to the end; one screen on a phone."),
    ChannelName.CWC: _(
        "Through Congress’s own form: up to 10,000 characters with greeting and address, and 200 to 300 words do."
    ),
    ChannelName.PRINT: _("On paper: about 350 words fit on one page with your address and the office’s."),
    ChannelName.LINK: _(
        "Through an office’s web form: often 2,000 characters, about 300 words, and no more."
    ),
}


def length_advice(campaign: Campaign, planned: Iterable[str] = ()) -> list[str]:
    """Advice for the ways that letters are planned to go, else for all that the campaign allows."""
    allowed = campaign.channels or every_channel()
    ways = [name for name in allowed if name in set(planned)] or allowed
    # Congress's form is one that the operator sets up, or nobody here uses.
    usable = [name for name in ways if name != ChannelName.CWC or settings.CWC_URL]
    return [str(_ADVICE[name]) for name in usable if name in _ADVICE]
