"""Files of rows that are looked through before they are taken over."""

from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.importers.rows import FilesMissing

_Found = TypeVar("_Found")


class RowsForm(forms.Form, Generic[_Found]):
    """A file of rows; what it holds is in `found` once the form is valid."""

    file = forms.FileField(label=_("File"))
    skip_bad = forms.BooleanField(
        label=_("Leave bad rows out"),
        required=False,
        help_text=_("Without it one bad row stops the whole file."),
    )
    # So much is read of a file, and one byte more.
    most_bytes: ClassVar[int]
    found: _Found

    def rows_of(self, data: bytes, name: str) -> _Found:
        """What a file holds. Raises FilesMissing, also where it is larger than `most_bytes`."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("file")
        if file is not None:
            try:
                self.found = self.rows_of(file.read(self.most_bytes + 1), file.name[:120])
            except FilesMissing as fault:
                self.add_error("file", str(fault))
        return data
