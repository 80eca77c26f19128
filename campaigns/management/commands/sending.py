from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns import tasks
from campaigns.actions.brakes import let_domain_go_on
from campaigns.delivery import breaker, switch
from campaigns.errors import ActionRefused, BadMove
from campaigns.models import Breaker, ChannelName, Letter, Sending


class Command(BaseCommand):
    help = "Stop all sending on this installation at once, start it again, or say how things stand."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        stop = verbs.add_parser("stop", help="begin no more letters and mails to supporters, anywhere")
        stop.add_argument("--reason", required=True, help="shown on every page of the console")
        start = verbs.add_parser("start", help="let letters leave again")
        start.add_argument("--reason", default="")
        verbs.add_parser("status", help="what is stopped or paused, and how many letters are leaving")
        resume = verbs.add_parser(
            "resume", help="try a channel or a mail domain again that refused us, and resume what it paused"
        )
        resume.add_argument("name", help="email, cwc, or a mail domain")

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        if verb == "resume":
            self._resume(options["name"])
        try:
            if verb == "stop":
                if not options["reason"].strip():
                    raise CommandError("Give a reason: everybody will ask.")
                switch.stop(reason=options["reason"], actor=None)
            if verb == "start":
                switch.start(reason=options["reason"], actor=None)
        except BadMove:
            raise CommandError(f"Sending is {'stopped' if verb == 'stop' else 'on'} already.") from None
        if verb in {"start", "resume"}:
            tasks.tick.delay_on_commit()
        self._say()

    def _resume(self, name: str) -> None:
        if name in {ChannelName.EMAIL, ChannelName.CWC}:
            if not breaker.close_channel(name):
                raise CommandError(f"{name} is not paused.")
            return
        try:
            let_domain_go_on(domain=name, actor=None)
        except ActionRefused:
            raise CommandError(f"{name} is no channel or mail domain that waits to be tried again.") from None

    def _say(self) -> None:
        row = Sending.objects.filter(pk=Sending.ONLY).first()
        if row is not None and switch.is_stopped():
            self.stdout.write(f"Sending is STOPPED since {row.changed_at:%Y-%m-%d %H:%M} UTC: {row.note}")
        else:
            self.stdout.write("Sending is on.")
        for shut in breaker.open_channels():
            self.stdout.write(
                f"{shut.name} is paused since {shut.opened_at:%Y-%m-%d %H:%M} UTC, the login was refused"
                f" ({shut.said}); next try at {shut.probe_at:%H:%M} UTC."
            )
        for stopped in Breaker.objects.domains().order_by("name"):
            tried = "a letter is being tried" if stopped.probe_at else "waits for `sending resume`"
            self.stdout.write(
                f"{stopped.name} refuses our mail since {stopped.opened_at:%Y-%m-%d %H:%M} UTC"
                f" ({stopped.said}); {tried}."
            )
        leaving = Letter.objects.filter(state__in=Letter.LEAVING).count()
        self.stdout.write(f"{leaving} letters are leaving now.")
