"""django-mailer at its defaults: `send_all`, one process and one connection."""

from django.db import transaction

from bench.letter import HTML, SENDER, SUBJECT, TEXT, recipient
from bench.peers import analyze, set_up
from bench.race import answer, command_line, timed


def main() -> None:
    given = command_line(__doc__).parse_args()
    set_up(given.port)
    from mailer import send_html_mail, send_mail
    from mailer.engine import send_all
    from mailer.models import Message

    with transaction.atomic():
        for n in range(given.letters):
            if given.plain:
                send_mail(SUBJECT, TEXT, SENDER, [recipient(n)])
            else:
                send_html_mail(SUBJECT, TEXT, HTML, SENDER, [recipient(n)])
    analyze()
    seconds = timed(send_all)
    if Message.objects.exists():
        raise SystemExit("error: django-mailer did not send all")
    answer(given.letters, seconds)


if __name__ == "__main__":
    main()
