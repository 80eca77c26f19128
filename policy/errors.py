"""Facts that stop a brief or another deed, each with the sentence a person is shown."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BriefRefused(Exception):
    """A brief can't be made of these facts; `message` says why in words for the person who asked."""

    message: str | Promise = _("This brief can't be made.")

    def __init__(self, message: str | Promise | None = None) -> None:
        super().__init__(message or self.message)
        if message is not None:
            self.message = message


class FigureWithoutSource(BriefRefused):
    message = _("A figure has no source.")


class QuoteWithoutConsent(BriefRefused):
    message = _("A quote has no consent on record.")


class BriefTooLarge(BriefRefused):
    message = _("There is more text than a brief can hold.")


class BriefOverLimits(BriefTooLarge):
    """`limit` is the one that ended it: time, processor or memory; `ended` when the press died of something else."""

    message = _("Setting it took more time or memory than a brief may have. Make it shorter and ask again.")

    def __init__(self, limit: str) -> None:
        super().__init__()
        self.limit = limit


class LogoRefused(BriefRefused):
    message = _("This logo can't be used.")


class AssetRefused(BriefRefused):
    message = _("The brief asks for a file that is not part of it.")


class CorrectedAlready(Exception):
    """A stance can be corrected once; what corrects it can be corrected in turn."""

    message: str | Promise = _("Somebody corrected this entry already.")


class MeasureRefused(Exception):
    """Something about a measure could not be done; `message` says why, `field` names what was wrong in a form."""

    def __init__(self, message: str | Promise, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class PageRefused(Exception):
    """A part of an issue's page can't be kept; `field` names what is wrong with it."""

    def __init__(self, message: str | Promise, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field


class TranslationRefused(Exception):
    """A translation can't be kept; `field` names what is wrong with it, `row` which of several it is about."""

    def __init__(self, message: str | Promise, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field
        self.row: object = None
