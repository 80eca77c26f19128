"""django-post_office at its defaults: one process, five threads, batches of a hundred."""

import tempfile
from pathlib import Path

from bench.letter import HTML, SENDER, SUBJECT, TEXT, recipient
from bench.peers import analyze, set_up
from bench.race import answer, command_line, timed


def main() -> None:
    given = command_line(__doc__).parse_args()
    set_up(given.port)
    from post_office import mail
    from post_office.models import STATUS, Email

    html = "" if given.plain else HTML
    mail.send_many(
        {
            "recipients": [recipient(n)],
            "sender": SENDER,
            "subject": SUBJECT,
            "message": TEXT,
            "html_message": html,
        }
        for n in range(given.letters)
    )
    analyze()
    with tempfile.TemporaryDirectory() as folder:
        seconds = timed(lambda: mail.send_queued_mail_until_done(str(Path(folder, "lock"))))
    if Email.objects.filter(status=STATUS.sent).count() != given.letters:
        raise SystemExit("error: django-post_office did not send all")
    answer(given.letters, seconds)


if __name__ == "__main__":
    main()
