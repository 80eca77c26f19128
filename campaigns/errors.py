"""Facts that stop an action, each with the sentence a person is shown."""

from django.utils.translation import gettext_lazy as _


class ActionRefused(Exception):
    """An action could not be done; `message` says why in words for the person who asked."""

    message = _("This can't be done now.")
    # The field of what was asked that it is about, where it is about one.
    field: str | None = None

    def __init__(self, message: object | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        if message is not None:
            self.message = message  # type: ignore[assignment]  # lazy or plain text


class CampaignClosed(ActionRefused):
    message = _("This campaign does not take signatures now.")


class CampaignNotOpen(CampaignClosed):
    message = _("This campaign is not open yet.")


class EventClosed(ActionRefused):
    message = _("This event takes no registrations now.")


class EndorsedAlready(ActionRefused):
    message = _("It stands among the organisations that support this campaign already.")


class CampaignNotReady(ActionRefused):
    message = _("Something is missing before this campaign can open.")


class DriveNotReady(ActionRefused):
    message = _("Something is missing before this drive can start.")


class LinkSpent(ActionRefused):
    message = _("This link has been used or replaced by a newer one.")


class EndorsementGone(LinkSpent):
    message = _(
        "It is taken back or taken down already: it is neither shown nor counted, and your name and address are "
        "deleted."
    )


class LetterFrozen(ActionRefused):
    message = _("This letter is already on its way and can't be changed.")


class BadMove(ActionRefused):
    message = _("That is no longer possible: something else happened first.")


class UnknownMergeField(ActionRefused):
    message = _("The text names a field that does not exist.")
