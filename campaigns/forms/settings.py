from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.delivery.hours import is_zone
from campaigns.forms.layout import SHORT, InSections, Layout
from campaigns.models import Partnership
from contacts.clock import now
from contacts.models import Organization, RoleName
from contacts.origins import BadOrigin, origins_of

# What an organisation says of itself that only takes part in others' campaigns.
_FOR_PARTNERS = {"name", "about", "website", "postal_address", "privacy_url", "email", "country", "time_zone"}


class OrganizationForm(InSections, forms.ModelForm):
    layout: ClassVar[Layout] = [
        (_("Who you are"), ["name", "about", "website", "postal_address", "privacy_url"]),
        (_("Mail"), ["email mail_domain"]),
        (_("Place and time"), ["country time_zone"]),
        (_("Campaigns"), ["second_person_opens"]),
        (_("Keeping data"), ["retention_days"]),
        (_("Evidence"), ["evidence_days"]),
        (_("Helplines and services"), ["resource_days"]),
        (_("Other sites"), ["embed_sites"]),
    ]
    embed_sites = forms.CharField(
        label=_("Sites that may show your forms"),
        required=False,
        max_length=4000,
        help_text=_("One address a line, e.g. https://www.example.org. All other sites are refused."),
        widget=forms.Textarea(attrs=SHORT),
    )

    class Meta:
        model = Organization
        fields = [
            "name",
            "about",
            "website",
            "postal_address",
            "privacy_url",
            "email",
            "mail_domain",
            "country",
            "time_zone",
            "second_person_opens",
            "retention_days",
            "evidence_days",
            "resource_days",
        ]
        widgets = {"about": forms.Textarea(attrs={"rows": 4}), "postal_address": forms.Textarea(attrs=SHORT)}
        help_texts = {
            "postal_address": _("Stands at the foot of every mail; many laws ask for it."),
            "email": _("Supporters see it and may answer to it."),
            "mail_domain": _(
                "Letters are sent from addresses below it. Its mail records must allow this server."
            ),
            "country": _("Two letters, e.g. us. Postal codes are looked up there."),
            "time_zone": _(
                "As in the IANA list, e.g. America/Chicago. Times in the console are on this clock."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_partner_only:
            for name in set(self.fields) - _FOR_PARTNERS:
                del self.fields[name]
        self.fields["time_zone"].widget.attrs["list"] = "time-zones"
        self.initial.setdefault("embed_sites", "\n".join(self.instance.embed_origins))

    @property
    def time_zones(self) -> list[str]:
        """Names to offer while typing."""
        return sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "embed_sites" not in self.fields:
            return data
        try:
            data["embed_origins"] = origins_of(data.pop("embed_sites", ""))
        except BadOrigin as fact:
            self.add_error(
                "embed_sites", _("This is no address that begins with https://: %(site)s") % {"site": fact}
            )
        return data

    def clean_privacy_url(self) -> str:
        """Supporters of joint campaigns read the notice before they choose a partner: it can't go while they do."""
        address: str = self.cleaned_data["privacy_url"]
        if not address and Partnership.objects.asking(now()).filter(organization=self.instance).exists():
            raise forms.ValidationError(
                _(
                    "You take part in a campaign whose supporters are shown this notice. It can change, not go."
                )
            )
        return address

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if not is_zone(zone):
            raise forms.ValidationError(_("There is no time zone of this name."))
        return zone

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].lower()
        if len(country) != 2 or not country.isalpha() or not country.isascii():
            raise forms.ValidationError(_("Enter the two letters of a country."))
        return country


class MemberForm(forms.Form):
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=RoleName.choices, initial=RoleName.ORGANIZER)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("The program that will use it.")
    )
