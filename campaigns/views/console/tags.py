"""Tags: on one person, on everybody that a filter finds, and the list of them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions import jobs as job_actions
from campaigns.actions.supporters import delete_tag, tag_of, tag_supporter, untag_supporter
from campaigns.forms.supporters import TagForm
from campaigns.people import everybody
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import Step, confirmed, show
from campaigns.views.console.supporters import asked_for, person_of, supporter_crumbs
from contacts.models import JobKind, Organization, Tag


@require_POST
@console("people")
def supporter_tag(request: ConsoleRequest, organization: Organization, supporter_id: UUID) -> HttpResponse:
    supporter = person_of(organization, supporter_id)
    form = TagForm(request.POST)
    if form.is_valid():
        tag_supporter(supporter=supporter, name=form.cleaned_data["tag"], actor=request.user)
    else:
        messages.error(request, " ".join(map(str, form.errors["tag"])))
    return redirect("campaigns:supporter", org=organization.slug, supporter_id=supporter.pk)


@require_POST
@console("people")
def supporter_untag(
    request: ConsoleRequest, organization: Organization, supporter_id: UUID, tag_id: UUID
) -> HttpResponse:
    supporter = person_of(organization, supporter_id)
    tag = get_object_or_404(Tag, organization=organization, pk=tag_id)
    untag_supporter(supporter=supporter, tag=tag, actor=request.user)
    return redirect("campaigns:supporter", org=organization.slug, supporter_id=supporter.pk)


@require_safe
@console("people")
def tag_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Every tag with how many people are under it."""
    shown = Q(taggings__supporter__erased_at__isnull=True, taggings__supporter__merged_into__isnull=True)
    tags = Tag.objects.filter(organization=organization).annotate(people=Count("taggings", filter=shown))
    context = {"tags": tags, "crumbs": supporter_crumbs(organization)}
    return show(request, organization, "campaigns/console/tag_list.html", "supporters", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def tag_delete(request: ConsoleRequest, organization: Organization, tag_id: UUID) -> HttpResponse:
    tag = get_object_or_404(Tag, organization=organization, pk=tag_id)
    n = everybody(organization).filter(taggings__tag=tag).count()
    people = ngettext("It comes off %(n)s person.", "It comes off %(n)s people.", n) % {"n": intcomma(n)}
    back = reverse("campaigns:tag-list", args=[organization.slug])
    step = Step(
        title=_("Delete the tag “%(tag)s”?") % {"tag": tag.name},
        button=_("Delete the tag"),
        consequences=[people, _("The people stay. The tag can’t be brought back.")],
        act=lambda: delete_tag(tag=tag, actor=request.user),
        is_danger=True,
    )
    crumbs = [*supporter_crumbs(organization), (_("Tags"), back)]
    return confirmed(request, organization, step, section="supporters", back=back, crumbs=crumbs)


_VERBS: dict[str, tuple[JobKind, Callable[[], tuple[str, str]]]] = {
    "tag": (JobKind.TAG, lambda: (_("Add a tag to all who were found"), _("Add the tag"))),
    "untag": (JobKind.UNTAG, lambda: (_("Take a tag off all who were found"), _("Take the tag off"))),
}


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def tag_all(request: ConsoleRequest, organization: Organization, verb: str) -> HttpResponse:
    """GET says how many a filter finds; POST does it to those who fit now, as long work."""
    if verb not in _VERBS:
        raise Http404
    kind, words = _VERBS[verb]
    title, button = words()
    filter_form, people = asked_for(request, organization)
    n = people.count()
    form = TagForm(request.POST or None)
    if request.method == "POST" and filter_form.is_valid() and form.is_valid() and n:
        name = form.cleaned_data["tag"]
        tag = Tag.objects.filter(organization=organization, name__iexact=name).first()
        if tag is None and kind == JobKind.UNTAG:
            form.add_error("tag", _("There is no tag of this name."))
        else:
            tag = tag or tag_of(organization=organization, name=name, actor=request.user)
            job = job_actions.start_job(
                organization=organization,
                kind=kind,
                title=tag.name,
                params={"wanted": filter_form.wanted().to_plain(), "tag": str(tag.pk)},
                total=n,
                actor=request.user,
                tag=str(tag.pk),
            )
            job_actions.begin(job)
            return redirect("campaigns:job", org=organization.slug, job_id=job.pk)
    context = {
        "title": title,
        "button": button,
        "form": form,
        "n": n,
        "tags": Tag.objects.filter(organization=organization),
        "query": request.GET.urlencode(),
        "crumbs": supporter_crumbs(organization),
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/tag_all.html", "supporters", context, status)
