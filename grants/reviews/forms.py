"""The forms of the review: convening a panel, its minutes, another reviewer, and the scores."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.models import Call, said
from grants.reviews.models import Review, ReviewPanel
from grants.reviews.obstacles import by_reviewer
from portal.accounts.models import StaffRole, User, in_force
from portal.accounts.permissions import people_with
from portal.cases import interests
from portal.cases.visibility import WORKERS
from portal.types import Given, Sent
from portal.ui.forms import Day, LongText, offer


def reviewers_for(call: Call) -> QuerySet[User]:
    """Who may be asked to review applications of the call: reviewers in whose scope it lies."""
    roles = StaffRole.objects.filter(in_force(), role="reviewer")
    scope = (call.programme_code, list(call.municipality_codes))
    people: QuerySet[User] = people_with("reviewer")
    found = people.filter(pk__in=[role.person_id for role in roles if role.covers(*scope)])
    if call.stated.blind is None:
        return found
    # whoever works on its cases in another role knows the names
    workers = StaffRole.objects.filter(in_force(), role__in=WORKERS, person__in=found)
    return found.exclude(pk__in=[role.person_id for role in workers if role.reaches(*scope)])


class ConveneForm(forms.Form):
    members = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_lazy("審査員"), widget=forms.CheckboxSelectMultiple
    )
    due_on = Day(label=_lazy("採点の期限"))
    cleared = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_lazy("秘密とされた部分も読む審査員"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy(
            "秘密を守る約束を交わした審査員だけを選んでください。選ばない審査員には、申請者が秘密とした部分は見えません。"
        ),
    )

    def __init__(self, data: Sent = None, *, call: Call) -> None:
        super().__init__(data)
        people = reviewers_for(call)
        offer(self, "members", people)
        offer(self, "cleared", people)


class MinutesForm(forms.Form):
    """Where scores are missing it says whose, and asks why the panel closes without them."""

    wants_object = True

    minutes = LongText(
        label=_lazy("議事の要点"),
        rows=6,
        help_text=_lazy("同点の扱いなど、審査会で決めたことを書いてください。"),
    )

    def __init__(self, data: Sent = None, *, obj: ReviewPanel) -> None:
        super().__init__(data)
        missing = obj.missing()
        said = _("お願いした採点%(asked)s件のうち、%(n)s件がそろっていません")
        self.warning = said % {"asked": obj.asked(), "n": len(missing)} if missing else ""
        self.notes = by_reviewer(missing)
        if missing:
            self.fields["reason"] = LongText(
                label=_("採点がそろわないまま閉じる理由"),
                rows=3,
                max_length=1000,
                help_text=_("順位は、出ている採点の平均で決まります。理由は記録に残ります。"),
            )


class ReplacementForm(forms.Form):
    wants_object = True

    person = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("新しい審査員"), empty_label=_lazy("選んでください")
    )
    cleared = forms.BooleanField(
        label=_lazy("秘密とされた部分も読んでもらう"),
        required=False,
        help_text=_lazy("秘密を守る約束を交わした審査員のときだけ選んでください。"),
    )

    def __init__(self, data: Sent = None, *, obj: Review) -> None:
        super().__init__(data)
        taken = Review.objects.filter(application=obj.application_id).values("reviewer")
        free = (
            reviewers_for(obj.panel.call)
            .exclude(pk__in=taken)
            .exclude(pk__in=interests.people([obj.case]))
        )
        offer(self, "person", free)
        if not free.exists():
            self.fields["person"].help_text = _(
                "頼める審査員がほかにいません。審査員を登録するか、期限のあとに理由を書いて審査会を閉じてください。"
            )


def _handed_in(review: Review) -> Given:
    """The sheet as it was handed in, to be scored again."""
    found: Given = {"comment": review.comment}
    for score in review.scores.all():
        found |= {
            f"points_{score.criterion}": str(score.points),
            f"reason_{score.criterion}": score.reason,
        }
    return found


class ScoreForm(forms.Form):
    """Points and a reason for each criterion of the frozen rubric.

    It may be kept incomplete; only what is handed in must be whole.
    """

    def __init__(
        self,
        data: Sent = None,
        *,
        review: Review,
    ) -> None:
        super().__init__(data, initial=review.typed or _handed_in(review))
        self.criteria = review.panel.call.stated.criteria
        for c in self.criteria:
            choices = [(str(n), str(n)) for n in range(1, c.maximum + 1)]
            self.fields[f"points_{c.key}"] = forms.ChoiceField(
                label=said(c.name),
                choices=choices,
                widget=forms.RadioSelect,
                help_text=_("重み%(weight)s。%(text)s")
                % {"weight": c.weight, "text": said(c.text)},
            )
            self.fields[f"reason_{c.key}"] = LongText(
                label=_("%(name)sの理由") % {"name": said(c.name)}, rows=2, max_length=500
            )
        is_shown = review.panel.call.stated.comments_to_rejected
        self.fields["comment"] = LongText(
            label=_lazy("全体の意見"),
            required=False,
            rows=3,
            max_length=1000,
            help_text=_("不採択になった申請者に、名前を付けずに示します。") if is_shown else "",
        )

    def points(self) -> dict[str, tuple[int, str]]:
        data = self.cleaned_data
        return {
            c.key: (int(data[f"points_{c.key}"]), data[f"reason_{c.key}"]) for c in self.criteria
        }
