"""A form that anybody may send: it knows when its page was opened, and has a field that only programs fill."""

import secrets
from copy import deepcopy
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from campaigns.kept_pages import Own, a_place
from campaigns.models import Campaign, Event
from contacts.clock import roughly_now

# A page sent sooner than a person can type, or a day later, is shown once more with all that was typed.
LEAST, MOST = timedelta(seconds=1.5), timedelta(hours=24)
SALT = "outspoken.form"


def form_token(owner: Campaign | Event) -> str:
    """A signed note of when the form was shown, so that one page can't be sent for ever."""
    return signing.dumps([str(owner.pk), roughly_now().timestamp(), secrets.token_urlsafe(12)], salt=SALT)


def _read(token: str, owner: Campaign | Event) -> tuple[timedelta, str]:
    """How long ago the page with a form was opened, and the page's own name; MOST for no page of this owner."""
    try:
        owner_id, shown_at, nonce = signing.loads(token, salt=SALT)
        age = timedelta(seconds=roughly_now().timestamp() - shown_at)
    except (signing.BadSignature, ValueError, TypeError):
        return MOST, ""
    return (age if owner_id == str(owner.pk) else MOST), nonce


def honey() -> forms.CharField:
    """A field that nobody sees; what fills it is no person."""
    return forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )


F = TypeVar("F", bound=type[forms.Form])


def quickly_made(form: F) -> F:
    """Decorates a form that very many send: its fields are each form's own, their widgets are shared.

    Copying all of a form's widgets takes longer than looking at what was sent. A field with choices keeps a widget
    of its own, since it has its choices from there.
    """
    form.base_fields = _SharedWidgets(form.base_fields)
    return form


class _SharedWidgets(dict[str, forms.Field]):
    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: _twin(field) for name, field in self.items()}


def _twin(field: forms.Field) -> forms.Field:
    twin: forms.Field = object.__new__(type(field))
    twin.__dict__.update(vars(field))
    if isinstance(field, forms.ChoiceField):
        twin.widget = deepcopy(field.widget)
    return twin


class StampedForm(forms.Form):
    """A form on a page of its `owner`. Once cleaned, `nonce` names the page that was sent, a robot's or a person's."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    # The name of its field of `honey`.
    trap = "website"

    def __init__(self, *args: Any, owner: Campaign | Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        self.is_robot = False
        self.nonce = ""
        self.fields["token"].initial = lambda: form_token(owner)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.is_robot = bool(data.get(self.trap))
        age, self.nonce = _read(data.get("token") or "", self.owner)
        if age >= MOST:
            self.renew()
            raise forms.ValidationError(_("The page was open for a long time. Please send it once more."))
        if age < LEAST and not self.errors:
            raise forms.ValidationError(_("That was very quick. Please look it over and send it once more."))
        return data

    def leave_open(self) -> Own:
        """Leave out of a page what is each visitor's own, to be written in when it is handed out."""
        token = a_place()
        self.fields["token"].initial = token
        return {token: partial(form_token, self.owner)}

    def renew(self) -> None:
        """Give the page that is shown now a fresh token; what was typed stays."""
        self.data = {**dict(self.data.items()), "token": form_token(self.owner)}
