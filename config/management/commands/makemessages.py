from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own, which also finds `_t`: what we call gettext where `_` is the lazy one."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]
