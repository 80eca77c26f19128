"""What a new letter begins with, in its own language."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.models import Campaign

_SUBJECT_LENGTH = 140


def first_words(campaign: Campaign, language: str) -> dict[str, str]:
    """The ask as its subject, a greeting that fits whoever holds the seat, and a question at its end."""
    subject = campaign.ask if len(campaign.ask) <= _SUBJECT_LENGTH and "{{" not in campaign.ask else ""
    with override(language):
        closing = _("Please tell me what you will do.")
    return {"subject": subject, "salutation": _greeting(language), "closing": closing}


def greets_in_another(salutation: str, language: str) -> bool:
    """Whether this is the greeting that letters in another language begin with."""
    others = {_greeting(code) for code, _name in settings.LANGUAGES if code != language}
    return salutation in others - {_greeting(language)}


def _greeting(language: str) -> str:
    with override(language):
        return _("Dear {{title}} {{representative}},")
