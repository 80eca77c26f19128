"""The invented page of the demonstration's issue: myths against facts, texts to share, and a file to download."""

import io
import zipfile

from campaigns.share_picture import share_picture
from contacts.models import User
from policy.actions.issue_pages import add_toolkit, save_myth, save_share_text, show_issue
from policy.models import Issue, Myth

# A myth, the fact against it, and the beginning of the claim that shows it.
MYTHS = [
    (
        "If it were urgent, they would get an appointment at once.",
        "Half of all people who ask wait 41 days for a first appointment, whatever they ask for.",
        "Half of all people wait longer than this for a first appointment",
    ),
    (
        "People who don’t come any more have got well.",
        "One in five no longer comes when it is their turn; most of them gave up waiting.",
        "People who no longer come",
    ),
    (
        "A limit only moves the queue somewhere else.",
        "Where a four-week limit is law, half of all people wait no longer than 19 days.",
        "Days people wait where a four-week limit is law",
    ),
]
SHARED = {
    "en": (
        "Forty-one days is too long to wait for help",
        "In Northmere half of all people wait longer than 41 days for a first appointment. It can be four weeks.",
    ),
    "es": (
        "Cuarenta y un días son demasiados para esperar ayuda",
        "En Northmere la mitad de la gente espera más de 41 días su primera cita. Pueden ser cuatro semanas.",
    ),
}
READ_ME = """Example toolkit: everything in it is invented.

Print the picture as a poster, or put it beside a post. Say where the figures are from: the page of the issue names
every source.
"""


def load_awareness(issue: Issue, actor: User) -> None:
    """Make the issue's page and show it to everybody."""
    for said, fact, claim in MYTHS:
        evidence = issue.evidence.get(claim__startswith=claim)
        save_myth(myth=Myth(issue=issue, myth=said, fact=fact, evidence=evidence), actor=actor)
    for language, (headline, text) in SHARED.items():
        save_share_text(issue=issue, language=language, headline=headline, text=text, actor=actor)
        title = {"en": "Example: posters", "es": "Ejemplo: carteles"}[language]
        add_toolkit(
            issue=issue, title=title, language=language, content=_posters(issue, headline), actor=actor
        )
    show_issue(issue=issue, is_public=True, actor=actor)


def _posters(issue: Issue, headline: str) -> bytes:
    organization = issue.organization
    picture = share_picture(
        headline=headline,
        organization=organization.name,
        line="An invented example",
        accent=organization.accent,
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("poster.png", picture)
        archive.writestr("read-me.txt", READ_ME)
    return out.getvalue()
