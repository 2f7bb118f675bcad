"""Who writes which section, asked of each."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.types import Sent


class SharingForm(forms.Form):
    """`sections`: (key, label) of each; `people`: who may write → as what; `writers`: key → who does."""

    def __init__(
        self,
        data: Sent = None,
        *,
        sections: Sequence[tuple[str, str]],
        people: Mapping[User, str],
        writers: Mapping[str, User],
    ) -> None:
        super().__init__(data)
        self.people = {str(person.pk): person for person in people}
        choices = [(str(person.pk), f"{person.name}（{role}）") for person, role in people.items()]
        for key, label in sections:
            self.fields[key] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", _lazy("決めない")), *choices],
                initial=str(writers[key].pk) if key in writers else "",
            )

    def wanted(self) -> dict[str, User | None]:
        """Key of each section → who is to write it; None where nobody in particular is."""
        return {key: self.people.get(said) for key, said in self.cleaned_data.items()}
