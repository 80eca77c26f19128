"""The public page of an issue: shown or not, its myths, texts to share and files to download."""

import hashlib
import io
import zipfile

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User
from policy.errors import PageRefused
from policy.models import Issue, Myth, ShareText, Toolkit, ToolkitKind

MOST_BYTES = 5_000_000
# Unpacked, what a zip file may come to; a file that grows a thousandfold is no toolkit.
MOST_UNPACKED = 50_000_000


@transaction.atomic
def show_issue(*, issue: Issue, is_public: bool, actor: User | None) -> None:
    """Put an issue's page before everybody, or take it away."""
    issue.is_public = is_public
    issue.save(update_fields=["is_public"])
    verb = "publish issue page" if is_public else "take issue page down"
    record(organization=issue.organization, actor=actor, verb=verb, obj=issue)


@transaction.atomic
def save_myth(*, myth: Myth, actor: User | None) -> Myth:
    """Store a myth with its fact. Raises PageRefused for evidence of another issue."""
    if myth.evidence.issue_id != myth.issue_id:
        raise PageRefused(_("This evidence belongs to another issue."), "evidence")
    if myth._state.adding:
        myth.position = myth.issue.myths.count()
    myth.save_original()
    record(organization=myth.issue.organization, actor=actor, verb="save myth", obj=myth)
    return myth


@transaction.atomic
def remove_myth(*, myth: Myth, actor: User | None) -> None:
    record(organization=myth.issue.organization, actor=actor, verb="remove myth", obj=myth)
    myth.delete()


@transaction.atomic
def save_share_text(*, issue: Issue, language: str, headline: str, text: str, actor: User | None) -> None:
    """What readers may pass on in a language; the newest words of a language hold, empty ones take it away."""
    if headline and text:
        ShareText.objects.update_or_create(
            issue=issue, language=language, defaults={"headline": headline, "text": text}
        )
    else:
        ShareText.objects.filter(issue=issue, language=language).delete()
    record(organization=issue.organization, actor=actor, verb="save share text", obj=issue, language=language)


@transaction.atomic
def add_toolkit(*, issue: Issue, title: str, language: str, content: bytes, actor: User | None) -> Toolkit:
    """Offer a PDF or zip file for download; the same file again is another title for it. Raises PageRefused."""
    kind = _kind_of(content)
    toolkit, _is_new = Toolkit.objects.update_or_create(
        issue=issue,
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={
            "title": title,
            "language": language,
            "kind": kind,
            "content": content,
            "size": len(content),
            "added_at": now(),
        },
    )
    record(organization=issue.organization, actor=actor, verb="add toolkit", obj=toolkit, bytes=len(content))
    return toolkit


@transaction.atomic
def remove_toolkit(*, toolkit: Toolkit, actor: User | None) -> None:
    record(organization=toolkit.issue.organization, actor=actor, verb="remove toolkit", obj=toolkit)
    toolkit.delete()


def _kind_of(content: bytes) -> ToolkitKind:
    """What a file is by what stands in it, whatever it is called. Raises PageRefused."""
    if len(content) > MOST_BYTES:
        raise PageRefused(_("The file is larger than 5 MB."), "file")
    if content.startswith(b"%PDF-"):
        return ToolkitKind.PDF
    try:
        # A zip file is read from its end: what begins otherwise is a program or a page with one behind it.
        if not content.startswith(b"PK\x03\x04"):
            raise zipfile.BadZipFile
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise PageRefused(_("Unpacked, it is larger than 50 MB."), "file")
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise PageRefused(_("This is no PDF and no zip file."), "file") from None
    return ToolkitKind.ZIP
