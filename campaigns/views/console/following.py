"""Which measures I follow, and how often I hear of them."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import policy_crumbs
from campaigns.views.console.measures import measure_of
from campaigns.views.console.page import show
from contacts.models import Organization
from policy.actions.follows import follow, set_rhythm, unfollow
from policy.models import DigestWish, Follow, Rhythm


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=Rhythm.choices, widget=forms.RadioSelect
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("look")
def following(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """The measures I follow here, and how often I get what changed."""
    wish = DigestWish.objects.filter(user=request.user, organization=organization).first()
    start = {"rhythm": wish.rhythm if wish else Rhythm.WEEKLY}
    form = RhythmForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        set_rhythm(organization=organization, user=request.user, rhythm=form.cleaned_data["rhythm"])
        messages.success(request, _("Saved."))
        return redirect("campaigns:following", org=organization.slug)
    follows = Follow.objects.filter(user=request.user, measure__organization=organization)
    context = {
        "form": form,
        "crumbs": policy_crumbs(organization),
        "follows": follows.select_related("measure").order_by("measure__identifier", "pk"),
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/following.html", "policy", context, status)


@require_POST
@console("look")
def follow_move(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    """Begin or stop following a measure, as the button that was pressed says."""
    measure = measure_of(organization, measure_id)
    if request.POST.get("do") == "stop":
        unfollow(measure=measure, user=request.user)
        messages.success(request, _("You no longer follow it."))
    else:
        follow(measure=measure, user=request.user)
        messages.success(request, _("You follow it: what changes comes to you by mail."))
    return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)
