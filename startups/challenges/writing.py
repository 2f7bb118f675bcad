"""Writing a challenge: kept as typed, checked and frozen when handed in;
asking, answering, following.
"""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal import clock, ical
from portal.accounts.models import User
from portal.accounts.permissions import demand, holders, office
from portal.audit.record import record_about
from portal.workflow import duties
from portal.workflow.door import door, perform, send_out, write_to
from portal.workflow.drafts import keep
from portal.workflow.earlier import keep_earlier
from portal.workflow.errors import Forbidden, NotReady, Overtaken
from startups.challenges import outgoing
from startups.challenges.forms import ChallengeForm, IndicatorSet, Rows, WorkSet
from startups.challenges.models import Challenge, Comment, Follower, Question
from startups.challenges.states import ChallengeState

WRITERS = ("challenge_owner", "concierge")
# an answer is public for each town of a common theme
ANSWERERS = office(*WRITERS, every_town=True)


def forms_of(challenge: Challenge) -> tuple[ChallengeForm, Rows, Rows]:
    """The form and its two tables, bound to what is stored, empty where nothing is."""
    typed = challenge.typed or None
    return ChallengeForm(typed), WorkSet(typed, prefix="work"), IndicatorSet(typed, prefix="kpi")


def faults(challenge: Challenge) -> list[tuple[str, str]]:
    """(id of the control, sentence) of everything that is missing or wrong."""
    form, work, indicators = forms_of(challenge)
    if not form.is_bound:
        return [("id_title", _("まだ何も入力されていません。"))]
    found = [
        (form[name].id_for_label, f"{form[name].label}：{text}")
        for name in form.errors
        for text in form.errors[name]
    ]
    for rows, label in ((work, _("いまの仕事の量")), (indicators, _("指標"))):
        rows.is_valid()
        found += [
            (f"id_{rows.prefix}-0-{next(iter(rows.form.base_fields))}", f"{label}：{text}")
            for text in rows.non_form_errors()
        ]
        for n, row in enumerate(rows.forms, 1):
            for name in row.errors if row.has_changed() else []:
                where = _("%(label)sの%(n)s行目の%(field)s") % {
                    "label": label,
                    "n": n,
                    "field": row[name].label,
                }
                found += [(row[name].id_for_label, f"{where}：{text}") for text in row.errors[name]]
    return found


@transaction.atomic
def keep_typed(challenge: Challenge, typed: dict[str, str], *, seen: int, by: User) -> Challenge:
    """Keep what is typed. Whoever changes a word writes the challenge, whoever hands it in."""
    kept = keep(challenge, typed, seen=seen)
    if typed != challenge.typed:
        duties.take_all(by, kept.duty_subjects(), "write_challenge")
    return kept


def hand_in(challenge: Challenge, *, by: User, key: str = "") -> Challenge:
    """Freeze what was typed and pass it to the concierge. Raises NotReady with what is missing."""
    if wrong := faults(challenge):
        raise NotReady(*[text for _id, text in wrong])
    form, work, indicators = forms_of(challenge)
    form.is_valid()
    content = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in form.cleaned_data.items()
    }
    return perform(
        challenge,
        "hand_in",
        by=by,
        key=key,
        content=content | {"work": work.rows(), "indicators": indicators.rows()},
    )


def day(challenge: Challenge, name: str) -> date | None:
    """A day of the content, or None."""
    text = challenge.content.get(name)
    return date.fromisoformat(text) if text else None


def may_ask(challenge: Challenge) -> bool:
    last = day(challenge, "questions_until")
    pressed = clock.arrived()
    published = challenge.state == ChallengeState.PUBLISHED and challenge.call.is_open_at(pressed)
    return published and (last is None or clock.day_of(pressed) <= last)


def ask(challenge: Challenge, *, text: str, by: User) -> Question:
    """Ask in public. Raises NotReady once questions are closed. Whoever asks follows."""
    if not may_ask(challenge):
        raise NotReady(_("質問の受付は終わりました。"))
    with door(by):
        question = Question.objects.create(
            challenge=challenge, text=text, asked_by=by, asked_at=clock.now()
        )
        follow(challenge, by=by)
        _note(challenge, "question.ask", by, gettext_noop("質問が届きました"))
        send_out(challenge, outgoing.QUESTION)
        return question


def answer(
    question: Question, *, shown: str, answer: str, by: User, seen: str | None = None
) -> None:
    """Answer for all: the question as shown and its answer become public,
    and every follower hears of it.

    What an earlier answer said stays in the record, and the page says that it was altered. `seen`:
    what was public when the page was drawn (`Question.said`; None: there is no page). Raises
    Overtaken where something else is by now, NotReady once the challenge is over.
    """
    if reasons := ANSWERERS.reasons(by, question.challenge):
        raise Forbidden(*reasons)
    with door(by, [question.challenge, question]):
        fresh = Question.objects.select_related("challenge").get(pk=question.pk)
        challenge = fresh.challenge
        if challenge.state != ChallengeState.PUBLISHED:
            raise NotReady(_("この課題の募集は終わったので、答えは公表できません。"))
        if seen is not None and seen != fresh.said:
            raise Overtaken(
                _("ほかの画面で先に答えが公表されました。違うところを確かめてください。"),
                saved={"shown": fresh.shown, "answer": fresh.answer},
                mine={"shown": shown, "answer": answer},
            )
        is_altered = fresh.answered_at is not None
        keep_earlier(
            challenge, _lazy("質問への答え"), [fresh.shown, fresh.answer], by=by, of="question"
        )
        fresh.shown, fresh.answer, fresh.answered_by = shown, answer, by
        if is_altered:
            fresh.altered_at = clock.now()
        else:
            fresh.answered_at = clock.now()
        fresh.save()
        if is_altered:
            _note(challenge, "question.answer", by, gettext_noop("質問への答えを改めました"))
        else:
            _note(challenge, "question.answer", by, gettext_noop("質問に答えました"))
        send_out(challenge, outgoing.ANSWER_ALTERED if is_altered else outgoing.ANSWER)


def board(challenge: Challenge, user: User) -> list[User]:
    """Of whom the person may ask advice on a challenge: reviewers over it, until it is published."""
    if challenge.published_at is not None or office(*WRITERS).reasons(user, challenge):
        return []
    return [person for person in holders("reviewer", challenge) if person != user]


def comment(
    challenge: Challenge, *, kind: str, text: str, by: User, asks: User | None = None
) -> Comment:
    """Say something to the others of the office, and ask one of the advisory board for advice.

    Advice is the advisory board's. Raises Forbidden without the role, or where nobody may be asked.
    """
    demand(
        by,
        challenge,
        *(
            ("reviewer",)
            if kind == "advice"
            else ("challenge_owner", "concierge", "programme_officer")
        ),
    )
    if asks is not None and asks not in board(challenge, by):
        raise Forbidden(_("この方に助言を頼むことはできません。"))
    with door(by):
        made = Comment.objects.create(
            challenge=challenge, kind=kind, text=text, author=by, asks=asks, at=clock.now()
        )
        _note(challenge, f"challenge.{kind}", by, gettext_noop("調整の連絡を書きました"))
        if asks is not None:
            write_to(asks, challenge, outgoing.ADVICE_ASKED)
    return made


def follow(challenge: Challenge, *, by: User) -> None:
    Follower.objects.get_or_create(challenge=challenge, person=by, defaults={"since": clock.now()})


def unfollow(challenge: Challenge, *, by: User) -> None:
    Follower.objects.filter(challenge=challenge, person=by).delete()


def calendar(challenge: Challenge, address: str) -> str:
    """A calendar file: the last day of questions, the end of intake, the beginning of the pilot."""
    closes = challenge.call.closes_at
    title = challenge.shown_title
    events: list[tuple[str, datetime, str, str]] = []
    for name, text in (
        ("questions_until", _("質問の締切：%(title)s")),
        ("starts_on", _("実証の始まり：%(title)s")),
    ):
        if moment := day(challenge, name):
            at = datetime.combine(moment, time(17), tzinfo=clock.JST)
            events.append((f"{challenge.number}-{name}", at, text % {"title": title}, address))
    if closes:
        events.append(
            (
                f"{challenge.number}-closes",
                closes,
                _("提案の締切：%(title)s") % {"title": title},
                address,
            )
        )
    return ical.calendar(events, now=clock.now())


def _note(challenge: Challenge, action: str, by: User, label: str) -> None:
    capacity = by.capacity_for(challenge) if by.is_office else ""
    record_about(challenge, action, by=by, capacity=capacity, label=label)
