from django.db import models
from django.utils.translation import gettext_lazy as _


class ChannelName(models.TextChoices):
    """The ways a letter may go, in the order in which they are tried."""

    EMAIL = "email", _("Mail")
    CWC = "cwc", _("Communicating With Congress")
    PRINT = "print", _("Printed and posted")
    LINK = "link", _("The supporter, through the office's web form")


def every_channel() -> list[str]:
    """All of them."""
    return list(ChannelName.values)
