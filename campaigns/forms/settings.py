from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Organization, RoleName


class OrganizationForm(forms.ModelForm):
    class Meta:
        model = Organization
        fields = ["name", "about", "website", "email", "mail_domain", "postal_address", "privacy_url", "time_zone", "country", "retention_days"]


class MemberForm(forms.Form):
    email = forms.EmailField(label=_("Mail address"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=RoleName.choices)


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What it is for"), max_length=80)
