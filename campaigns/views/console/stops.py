"""An office that asked not to be written to: noted, with what it means for letters that wait, and lifted."""

from uuid import UUID

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from campaigns.actions.stops import allow_again, stop_writing, waiting_for
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import Step, confirmed
from contacts.models import ContactPoint, Legislator, Organization, Suppression


class StopForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Who asked, when and how"),
        max_length=200,
        help_text=gettext_lazy("For example: the scheduler, by phone, 3 March."),
    )


def stops_of(organization: Organization, legislator: Legislator) -> dict[object, Suppression]:
    """What offices of a legislator asked of the organisation, by contact point; None is all of them."""
    mine = Suppression.objects.filter(organization=organization)
    found = mine.filter(legislator=legislator) | mine.filter(contact_point__office__legislator=legislator)
    return {stop.contact_point_id: stop for stop in found}


def _crumbs(organization: Organization, legislator: Legislator) -> tuple[str, list[tuple[object, str]]]:
    here = reverse("campaigns:legislator", args=[organization.slug, legislator.pk])
    people = reverse("campaigns:legislator-list", args=[organization.slug])
    return here, [(_("Legislators"), people), (legislator.name, here)]


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def office_stop(
    request: ConsoleRequest, organization: Organization, legislator_id: UUID, point_id: UUID | None = None
) -> HttpResponse:
    """Stop writing to one address, or to the whole office."""
    legislator = get_object_or_404(Legislator, pk=legislator_id)
    points = ContactPoint.objects.filter(office__legislator=legislator)
    point = get_object_or_404(points, pk=point_id) if point_id else None
    form = StopForm(request.POST or None)

    def act() -> str:
        done = stop_writing(
            organization=organization,
            legislator=legislator,
            point=point,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )
        return _("Noted. %(rerouted)s waiting letters go another way, %(held)s are held.") % {
            "rerouted": intcomma(done.rerouted),
            "held": intcomma(done.held),
        }

    n = waiting_for(organization, legislator, point)
    what = point.value if point else legislator.name
    waiting = ngettext(
        "%(n)s letter waits: it takes the office’s next way, if it has one, or else is held.",
        "%(n)s letters wait: they take the office’s next way, if it has one, or else are held.",
        n,
    )
    back, crumbs = _crumbs(organization, legislator)
    step = Step(
        title=_("Stop writing to %(what)s") % {"what": what},
        button=_("Stop writing there"),
        consequences=[
            _("Your organisation sends nothing more to this address.")
            if point
            else _("Your organisation sends nothing more to any of this legislator’s addresses."),
            waiting % {"n": intcomma(n)},
            _(
                "Each supporter whose letter is held gets one mail that says so, with the text to send themselves."
            ),
            _("Other organisations here are not concerned. It can be lifted."),
        ],
        is_danger=True,
        form=form,
        act=act,
    )
    return confirmed(request, organization, step, section="legislators", back=back, crumbs=crumbs)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def office_allow(request: ConsoleRequest, organization: Organization, stop_id: UUID) -> HttpResponse:
    """Lift what an office asked, because it says so."""
    stop = get_object_or_404(
        Suppression.objects.select_related("organization", "legislator", "contact_point__office__legislator"),
        organization=organization,
        pk=stop_id,
    )
    legislator = stop.contact_point.office.legislator if stop.contact_point else stop.legislator
    if legislator is None:
        raise Http404
    back, crumbs = _crumbs(organization, legislator)

    def act() -> str:
        n = allow_again(stop=stop, actor=request.user)
        return ngettext("Lifted: %(n)s letter goes on.", "Lifted: %(n)s letters go on.", n) % {
            "n": intcomma(n)
        }

    step = Step(
        title=_("Write to this office again"),
        button=_("Write to it again"),
        consequences=[
            _("Letters that were held for this go on, in their drives’ hours."),
            _("Their supporters were told that theirs was not sent; their pages show that it goes on."),
        ],
        act=act,
    )
    return confirmed(request, organization, step, section="legislators", back=back, crumbs=crumbs)
