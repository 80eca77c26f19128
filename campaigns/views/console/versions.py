"""The editor of a suggested letter, and beside it the exact letter of a supporter to an office."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.actions.campaigns import save_version
from campaigns.actions.corrections import correct_version, effect_of, fingerprint, reaches_letters
from campaigns.checklist import StepName, version_advice
from campaigns.errors import ActionRefused
from campaigns.forms.target import LetterVersionForm
from campaigns.letters.compose import (
    OFFICE_FIELDS,
    LetterText,
    fields_for,
    letter_text,
    suggested_body,
    writer_values,
)
from campaigns.letters.first_words import first_words
from campaigns.models import Campaign, Letter, LetterVersion, Pledge, TargetGroup
from campaigns.permissions import ConsoleRequest, console
from campaigns.targets import holders, posts_of_group, with_ancestors
from campaigns.views.console.evidence import citations_of
from campaigns.views.console.page import reason_of, show
from campaigns.views.console.path import onward, path_of
from campaigns.views.console.targets import group_crumbs, group_of
from campaigns.views.console.words import GROUP_LABELS
from contacts.clock import today
from contacts.matching import match_postal_code
from contacts.models import Organization, Post
from policy.models import Evidence
from policy.told import cited_of

_PEOPLE_SHOWN, _OFFICES_SHOWN, _CITABLE_SHOWN = 20, 100, 100


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def version_form(
    request: ConsoleRequest, organization: Organization, group_id: UUID, version_id: UUID | None = None
) -> HttpResponse:
    """Write or change a letter; "show" renders it without saving."""
    group = group_of(organization, group_id)
    version = version_of(group, version_id)
    seen = request.POST.get("seen") or fingerprint(version)
    start = {} if version_id else first_words(group.campaign, version.language)
    form = LetterVersionForm(request.POST or None, instance=version, initial=start)
    is_sent = request.method == "POST"
    if is_sent and form.is_valid() and "show" not in request.POST:
        version = form.save(commit=False)
        if "how" not in request.POST and version_id and reaches_letters(version):
            return _before_saving(request, organization, group, version, form, seen)
        try:
            _save(request, version, seen)
        except ActionRefused as fact:
            # What was typed stays on the page; saved again, it stands.
            form.add_error(None, reason_of(fact))
            if version_id is not None:
                seen = fingerprint(LetterVersion.objects.get(pk=version_id))
        else:
            return onward(request, organization, group.campaign, StepName.LETTERS) or redirect(
                "campaigns:version-edit", org=organization.slug, group_id=group.pk, version_id=version.pk
            )
    has_text = not form.errors if is_sent else version_id is not None
    context = {
        "campaign": group.campaign,
        "crumbs": group_crumbs(organization, group),
        "group": group,
        "version": version,
        "seen": seen,
        "is_new": version_id is None,
        "way": path_of(organization, group.campaign, StepName.LETTERS),
        "advice": version_advice(version) if version_id and not is_sent else [],
        "form": form,
        "writer_fields": fields_for(group.campaign).items(),
        "office_fields": OFFICE_FIELDS.items(),
        "citations": citations_of(organization, version),
        "citable": _citable(group.campaign, version.language),
        "preview": preview_of(group, version, request.POST if is_sent else request.GET, has_text=has_text),
    }
    return show(
        request,
        organization,
        "campaigns/console/version.html",
        "campaigns",
        context,
        422 if form.errors else 200,
    )


def _save(request: ConsoleRequest, version: LetterVersion, seen: str) -> None:
    """Store a letter, for those to come or for those that wait too, and say what was done."""
    if request.POST.get("how") != "correct":
        save_version(version=version, actor=request.user, seen=seen)
        messages.success(request, _("The letter is saved."))
        return
    done = correct_version(version=version, seen=seen, actor=request.user)
    text = ngettext(
        "Saved, and %(n)s waiting letter corrected.",
        "Saved, and %(n)s waiting letters corrected.",
        done.corrected,
    )
    messages.success(request, text % {"n": intcomma(done.corrected)})


def _before_saving(
    request: ConsoleRequest,
    organization: Organization,
    group: TargetGroup,
    version: LetterVersion,
    form: LetterVersionForm,
    seen: str,
) -> HttpResponse:
    """What a changed text means for letters that wait, before anything is stored."""
    effect = effect_of(version)
    names = dict(GROUP_LABELS)
    letters = f"{reverse('campaigns:letter-list', args=[organization.slug])}?version={version.pk}"
    context = {
        "campaign": group.campaign,
        "crumbs": [
            *group_crumbs(organization, group),
            (_("Letter"), reverse("campaigns:version-edit", args=[organization.slug, group.pk, version.pk])),
        ],
        "form": form,
        "seen": seen,
        "effect": effect,
        "fixed": [
            (names[name] if name != "waiting" else _("In the queue, text fixed"), n)
            for name, n in effect.fixed.items()
        ],
        "letters_url": letters,
    }
    return show(request, organization, "campaigns/console/version_check.html", "campaigns", context)


@require_POST
@console("campaigns")
def version_preview(
    request: ConsoleRequest, organization: Organization, group_id: UUID, version_id: UUID | None = None
) -> HttpResponse:
    """The letter alone, as it would be with what stands in the editor now; nothing is saved."""
    group = group_of(organization, group_id)
    version = version_of(group, version_id)
    form = LetterVersionForm(request.POST, instance=version)
    preview = preview_of(group, version, request.POST, has_text=form.is_valid())
    context = {"preview": preview, "form": form, "organization": organization}
    return render(request, "campaigns/console/_letter_preview.html", context)


def version_of(group: TargetGroup, version_id: UUID | None) -> LetterVersion:
    """A letter of the group, or a new one in the campaign's language."""
    if version_id:
        return get_object_or_404(LetterVersion, group=group, pk=version_id)
    return LetterVersion(group=group, language=group.campaign.language)


def _citable(campaign: Campaign, language: str) -> list[tuple[Evidence, str]]:
    """Evidence that a letter may say, with its words there: of the campaign's issue, and of its measure's."""
    issues = {campaign.issue_id, campaign.measure.issue_id if campaign.measure else campaign.issue_id}
    known = Evidence.objects.filter(organization=campaign.organization_id, issue__in=issues)
    return cited_of(known.order_by("position", "pk")[:_CITABLE_SHOWN], campaign.organization, language)


@dataclass(frozen=True)
class Preview:
    """The exact letter of one writer to one office, and who else can be chosen."""

    text: LetterText | None
    pledges: list[Pledge]
    pledge: Pledge
    posts: list[Post]
    post: Post | None
    postal_code: str
    is_theirs: bool
    is_vacant: bool = False


def preview_of(group: TargetGroup, version: LetterVersion, asked: QueryDict, *, has_text: bool) -> Preview:
    """Whose letter to whom, from what was asked; a sample person may live at any postal code."""
    campaign = group.campaign
    on = today()
    code = asked.get("postal_code", "").strip().replace("\x00", "")[:12]
    real = (
        Pledge.objects.filter(campaign=campaign, state="confirmed")
        .select_related("supporter")
        .order_by("-confirmed_at")
    )
    pledges = [_sample(campaign, code), *real[:_PEOPLE_SHOWN]]
    pledge = next((p for p in pledges if str(p.pk) == asked.get("from")), pledges[0])
    pledge.campaign = campaign
    divisions = _divisions(pledge, campaign.organization.country)
    posts = posts_of_group(group, divisions, on)[:_OFFICES_SHOWN]
    post = next((p for p in posts if str(p.pk) == asked.get("to")), posts[0] if posts else None)
    text, is_vacant = None, False
    if has_text and post is not None:
        body = suggested_body(version, writer_values(pledge, campaign, version.language))
        seat = holders([post], on).get(post.pk)
        letter = Letter(pledge=pledge, post=post, version=version, body=body)
        text, is_vacant = letter_text(letter, seat.legislator if seat else None), seat is None
    return Preview(text, pledges, pledge, posts, post, code, divisions is not None, is_vacant)


def _divisions(pledge: Pledge, country: str) -> set[UUID] | None:
    """Where a writer lives with everything that lies around it; None when that is not known."""
    if pledge.supporter is not None:
        return with_ancestors(pledge.supporter.residences.values_list("division_id", flat=True))
    if not pledge.postal_code:
        return None
    match = match_postal_code(country, pledge.postal_code, today())
    return with_ancestors(division.pk for division, _share in match.divisions) if match.is_known else None


def _sample(campaign: Campaign, postal_code: str) -> Pledge:
    """An invented supporter, always the same one, who may live at any postal code."""
    return Pledge(
        id=UUID(int=0),
        campaign=campaign,
        name=_("Sam Sample"),
        city="" if postal_code else _("Sampletown"),
        postal_code=postal_code,
        email="sam@people.example",
    )
