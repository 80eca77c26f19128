import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from campaigns.delivery.inbound import LARGEST, TooLarge, keep

# sysexits.h: what a mail server's pipe understands. 75 makes it try again, 65 return the mail.
EX_DATAERR, EX_TEMPFAIL = 65, 75


class Command(BaseCommand):
    help = "Keep one mail, read from standard input; it is read and matched to its letter at the next tick."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", help="the address the mail server delivers it for")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mail = keep(sys.stdin.buffer.read(LARGEST + 1), options["to"])
        except TooLarge:
            self.stderr.write("5.3.4 The mail is too large.")
            sys.exit(EX_DATAERR)
        except DatabaseError as fault:
            self.stderr.write(f"4.3.0 Not kept, try again: {type(fault).__name__}")
            sys.exit(EX_TEMPFAIL)
        if options["verbosity"] > 1:
            self.stdout.write(str(mail))
