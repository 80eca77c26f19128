"""How long a letter may and should be, by the ways it may go and beside what is suggested, in words for its writer."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.models import Campaign, ChannelName
from campaigns.models.channel import every_channel

# What staff of offices say they read to the end. Fewer words are no fault, so none are asked for.
USUALLY_READ_WORDS = 300
# What each way takes. The limit of congressional forms is CWC's 10,000 characters for everything.
_TAKES: dict[str, object] = {
    ChannelName.EMAIL: _("By mail: any length that the field takes."),
    ChannelName.CWC: _("Through Congress’s own form: up to 10,000 characters with greeting and address."),
    ChannelName.PRINT: _("On paper: about 350 words fit on one page with your address and the office’s."),
    ChannelName.LINK: _(
        "Through an office’s web form: often 2,000 characters, about 300 words, and no more."
    ),
}


def length_advice(campaign: Campaign, suggested: str, planned: Iterable[str] = ()) -> list[str]:
    """What is usual, and what the ways take that letters are planned to go, else all that the campaign allows.

    What the organisation suggests is long enough: nobody is told otherwise on the page where it stands.
    """
    allowed = campaign.channels or every_channel()
    ways = [name for name in allowed if name in set(planned)] or allowed
    # Congress's form is one that the operator sets up, or nobody here uses.
    usable = [name for name in ways if name != ChannelName.CWC or settings.CWC_URL]
    return [_usual(len(suggested.split())), *(str(_TAKES[name]) for name in usable if name in _TAKES)]


def _usual(words: int) -> str:
    if words > USUALLY_READ_WORDS:
        return ngettext(
            "The suggested letter has %(n)s word. It need not be longer.",
            "The suggested letter has %(n)s words. It need not be longer.",
            words,
        ) % {"n": intcomma(words)}
    text = ngettext(
        "The suggested letter has %(n)s word, which is enough. Offices usually read up to %(most)s to the end.",
        "The suggested letter has %(n)s words, which is enough. Offices usually read up to %(most)s to the end.",
        words,
    )
    return text % {"n": intcomma(words), "most": USUALLY_READ_WORDS}
