"""Which letters an address asks for: by drive, office, version, words, and state, reason or cause."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from campaigns.delivery.causes import BY_KEY, Cause, of_cause
from campaigns.letters.correct import LEFT_ALONE
from campaigns.models import ChannelName, Drive, Letter, LetterChange, LetterState, LetterVersion
from campaigns.models.letter import LetterQuerySet
from campaigns.views.console.campaigns import campaign_crumbs
from campaigns.views.console.drives import drive_crumbs
from campaigns.views.console.page import as_id, words_of
from contacts.models import Organization, Post


@dataclass(frozen=True)
class Asked:
    """What the address of a list of letters says; `every` are its letters in whatever state."""

    every: LetterQuerySet
    drive: Drive | None
    post: Post | None
    version: LetterVersion | None
    words: str
    tests: bool
    is_left: bool
    is_stuck: bool
    reason: str
    cause: Cause | None
    state: str
    channel: str

    @property
    def on_channel(self) -> LetterQuerySet:
        return self.every.filter(channel=self.channel) if self.channel else self.every

    def found(self) -> LetterQuerySet:
        """The letters in the state asked for, or those that stopped for a cause or can't leave for a reason."""
        if self.is_stuck:
            stuck = self.every.stuck()
            return stuck.filter(note=self.reason) if self.reason else stuck
        if self.cause is not None:
            return of_cause(self.on_channel, self.cause)
        rows = self.on_channel.filter(note="") if self.state == LetterState.READY else self.on_channel
        return rows.filter(state=self.state) if self.state else rows

    def hidden(self) -> dict[str, str]:
        """The same as fields of a form, but for the words."""
        fields = {
            "drive": self.drive and str(self.drive.pk),
            "post": self.post and str(self.post.pk),
            "version": self.version and str(self.version.pk),
            "state": self.state,
            "channel": self.channel,
            "stuck": self.is_stuck and "1",
            "reason": self.reason,
            "cause": self.cause and self.cause.key,
            "tests": self.tests and "1",
            "left": self.is_left and "1",
        }
        return {name: value for name, value in fields.items() if value}

    def query(self) -> str:
        return urlencode({**self.hidden(), **({"q": self.words} if self.words else {})})


def asked_of(request: HttpRequest, organization: Organization) -> Asked:
    """The filter in an address. A drive, office or version that is not there, or somebody else's, is not found."""
    query = request.GET
    drive, post, version = _drive(query, organization), _post(query), _version(query, organization)
    tests, is_left = query.get("tests") == "1", query.get("left") == "1"
    is_stuck = query.get("stuck") == "1"
    words = words_of(request)
    rows = Letter.objects.filter(drive__campaign__organization=organization, is_test=tests)
    if drive is not None:
        rows = rows.filter(drive=drive)
    if post is not None:
        rows = rows.filter(post=post)
    if version is not None:
        rows = rows.filter(version=version)
    if is_left:
        rows = rows.filter(Exists(LetterChange.objects.filter(letter=OuterRef("pk"), reason=LEFT_ALONE)))
    if words:
        rows = rows.filter(
            Q(pledge__name__icontains=words)
            | Q(pledge__city__icontains=words)
            | Q(post__label__icontains=words)
        )
    cause = None if is_stuck else BY_KEY.get(query.get("cause", ""))
    state = str(cause.states[0]) if cause else query.get("state", "")
    channel = query.get("channel", "")
    return Asked(
        every=rows,
        drive=drive,
        post=post,
        version=version,
        words=words,
        tests=tests,
        is_left=is_left,
        is_stuck=is_stuck,
        reason=query.get("reason", "")[:200].replace("\x00", "") if is_stuck else "",
        cause=cause,
        state=state if state in LetterState.values and not is_stuck else "",
        channel=channel if channel in ChannelName.values and not is_stuck else "",
    )


def _drive(query: QueryDict, organization: Organization) -> Drive | None:
    if not (asked := query.get("drive")):
        return None
    drives = Drive.objects.select_related("campaign__organization", "campaign__measure")
    return get_object_or_404(drives, campaign__organization=organization, pk=as_id(asked))


def _post(query: QueryDict) -> Post | None:
    asked = query.get("post")
    return get_object_or_404(Post.objects.select_related("chamber"), pk=as_id(asked)) if asked else None


def _version(query: QueryDict, organization: Organization) -> LetterVersion | None:
    if not (asked := query.get("version")):
        return None
    return get_object_or_404(LetterVersion, group__campaign__organization=organization, pk=as_id(asked))


def list_crumbs(organization: Organization, asked: Asked) -> list[tuple[object, str]]:
    return drive_crumbs(organization, asked.drive) if asked.drive else campaign_crumbs(organization)
