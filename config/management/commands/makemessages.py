from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own, which also finds `_t`: what we call gettext where `_` is the lazy one.

    A new message stands empty: a guess that looks like another message is worse than none.
    """

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
