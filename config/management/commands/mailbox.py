"""`manage.py mailbox`: the embedded size's own mail server, whose mail the site shows at /mailbox/."""

import asyncio
import signal
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.mailbox import store


class Keep:
    """Takes every mail and keeps it; nothing is ever passed on."""

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        content = envelope.content or b""
        mail = content.encode() if isinstance(content, str) else content
        key = await asyncio.get_running_loop().run_in_executor(None, store.add, mail)
        return f"250 2.0.0 kept as {key}"


class Command(BaseCommand):
    help = "Run the embedded mail server: it keeps every mail and passes none on."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The mailbox is for the embedded size only.")
        asyncio.run(_serve(settings.MAILBOX_PORT))


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(Keep(), enable_SMTPUTF8=True, hostname="mailbox", loop=loop), "127.0.0.1", port
    )
    async with server:
        await stop.wait()
