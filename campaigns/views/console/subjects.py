"""A second subject of a suggested letter, tried on a share of those who write."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.actions.subjects import try_subject
from campaigns.errors import ActionRefused
from campaigns.forms.target import SubjectTrialForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import reason_of, show_form
from campaigns.views.console.targets import group_crumbs, group_of
from campaigns.views.console.versions import version_of
from contacts.models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def subject_trial(
    request: ConsoleRequest, organization: Organization, group_id: UUID, version_id: UUID
) -> HttpResponse:
    """Start a trial, change its share, or end it."""
    group = group_of(organization, group_id)
    version = version_of(group, version_id)
    version.group = group
    is_known = bool(version.second_subject)
    start = {"subject": version.second_subject, "share": version.second_share if is_known else 50}
    form = SubjectTrialForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            try_subject(version=version, actor=request.user, **form.cleaned_data)
        except ActionRefused as fact:
            form.add_error(None, reason_of(fact))
        else:
            messages.success(request, _("Saved. It holds for letters that are written from now on."))
            return redirect("campaigns:target-group", org=organization.slug, group_id=group.pk)
    intro = _(
        "The first subject is “%(subject)s”. Each person gets one of the two by chance, and keeps it. Another share or "
        "another subject begins the comparison anew."
    )
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Try a second subject"),
        button=_("Save"),
        crumbs=group_crumbs(organization, group),
        intro=intro % {"subject": version.subject},
    )
