"""What a proposal says beyond an application: the challenges it answers, and what of it is secret."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.forms import SectionForm
from grants.programmes.models import said
from portal.types import Given
from startups.challenges.models import Challenge
from startups.challenges.states import ChallengeState


class ChallengesForm(SectionForm):
    """One box for each challenge of the call; at least one is ticked.

    Those no longer open stay where they were chosen.
    """

    def build(self) -> None:
        chosen = (
            {name for name, value in self.data.items() if name.startswith("c_") and value}
            if self.is_bound
            else set()
        )
        for row in (
            Challenge.objects.filter(call=self.call).exclude(published_at=None).order_by("number")
        ):
            name = f"c_{row.number}"
            if row.state == ChallengeState.PUBLISHED or name in chosen:
                self.fields[name] = forms.BooleanField(
                    label=f"{row.number}　{row.shown_title}",
                    required=False,
                    help_text=row.content.get("department", ""),
                )

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if not any(data.values()):
            first = next(iter(self.fields), None)
            self.add_error(first, _("提案する課題を1つ以上選んでください。"))
        gone = Challenge.objects.filter(number__in=numbers(data)).exclude(
            state=ChallengeState.PUBLISHED
        )
        for row in gone:
            self.add_error(
                f"c_{row.number}", _("この課題の募集は終わりました。選択を外してください。")
            )
        return data

    def content(self) -> Given:
        rows = Challenge.objects.filter(number__in=numbers(self.cleaned_data)).order_by("number")
        codes = sorted({code for row in rows for code in row.municipality_codes})
        return {
            "challenges": [{"number": row.number, "title": row.title} for row in rows],
            "municipality_codes": codes,
        }


def numbers(data: Given) -> list[str]:
    return [name.removeprefix("c_") for name, value in data.items() if value]


class SecrecyForm(SectionForm):
    """One box for each answer that may be kept secret."""

    def build(self) -> None:
        for question in self.stated.questions:
            self.fields[f"s_{question.key}"] = forms.BooleanField(
                label=said(question.label), required=False
            )
        self.fields["s_costs"] = forms.BooleanField(label=_lazy("経費の内訳"), required=False)
        self.fields["read"] = forms.BooleanField(
            label=_lazy(
                "選んだ部分は、選考と実証に当たる職員と、秘密を守る約束を交わした審査員だけが読むことを確かめました。"
            ),
            help_text=_lazy("秘密にする部分がないときも、確かめて印を付けてください。"),
        )

    def content(self) -> Given:
        marked = [
            name.removeprefix("s_")
            for name, value in self.cleaned_data.items()
            if value and name.startswith("s_")
        ]
        return {"secret": ["costs" if name == "costs" else f"plan.q_{name}" for name in marked]}
