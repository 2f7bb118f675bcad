"""Whom of the office a mail about a case reaches."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.accounts.models import StaffRole, User, in_force
from portal.accounts.permissions import scope_of
from portal.cases.interests import people_by_case
from portal.cases.models import Case, Turn
from portal.cases.ports import case_kinds
from portal.workflow.gathering import Told


@dataclass(frozen=True)
class Desk:
    """Whom of the office mails reach: the turns of the cases in question, and who holds a role
    today.
    """

    turns: dict[int, list[Turn]]
    officers: dict[int, User]
    roles: list[StaffRole]
    interested: set[tuple[int, int]]  # (person, case)

    @classmethod
    def of(cls, cases: Collection[Case]) -> "Desk":
        """Six queries, however many the cases; none without any."""
        if not cases:
            return cls({}, {}, [], set())
        turns: dict[int, list[Turn]] = {}
        known = {case.pk: case for case in cases}
        for turn in (
            Turn.objects.filter(case__in=cases, side="office")
            .select_related("person")
            .order_by("pk")
        ):
            turn.case = known[turn.case_id]
            turns.setdefault(turn.case_id, []).append(turn)
        officers = User.objects.in_bulk({case.assigned_to_id for case in cases} - {None})
        roles = StaffRole.objects.filter(
            in_force(), person__is_active=True, person__is_system=False
        )
        holders = list(roles.select_related("person").order_by("person"))
        return cls(turns, officers, holders, people_by_case(cases))

    def of_row(self, told: Told) -> list[Turn]:
        """The office's turns that the row in question makes; where it makes none, those of the case
        that no row makes.
        """
        subject = told.obj.subject_key if told.obj is not None else ""
        return [turn for turn in self.turns.get(told.case.pk, []) if turn.subject == subject]

    def people(self, told: Told) -> dict[User, Turn | None]:
        """Who has the case in hand; and whoever has a turn by name, or holds its role with the row
        in scope: each with their own turn, nobody with another's. Never whoever acted, nor whoever
        has an interest in the case.

        Where it is nobody's turn, the role that answers for the row, or for the kind of case, hears
        of it.
        """
        found: dict[User, Turn | None] = {}
        turns = self.of_row(told)
        for turn in turns:
            for person in [turn.person] if turn.person else self._holders(turn.role, told):
                found.setdefault(person, turn)
        if told.case.assigned_to_id:
            found.setdefault(self.officers[told.case.assigned_to_id], None)
        if not turns and not found:
            role = getattr(told.obj, "office_role", "") or case_kinds[told.case.kind].office_role
            found = dict.fromkeys(self._holders(role, told))
        return {person: turn for person, turn in found.items() if self._is_told(person, told)}

    def _is_told(self, person: User, told: Told) -> bool:
        interested = (person.pk, told.case.pk) in self.interested
        return person.is_active and not person.is_system and person != told.by and not interested

    def _holders(self, role: str, told: Told) -> list[User]:
        scope = scope_of(told.obj if told.obj is not None else told.case)
        return [row.person for row in self.roles if row.role == role and row.covers(*scope)]
