"""What records end with keeps to the tables' own constraints, or no record could end."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import CheckConstraint, Q

from portal.cases.ports import erasures


def demands(condition: Q, *, is_not: bool = False) -> Iterator[tuple[str, object]]:
    """(field, value that it may not have) of each part of a constraint."""
    is_not ^= condition.negated
    for part in condition.children:
        if isinstance(part, Q):
            yield from demands(part, is_not=is_not)
        elif isinstance(part, tuple) and is_not:
            yield part


def test_what_is_erased_may_be_blank() -> None:
    wrong = [
        f"{label}: {constraint.name} refuses that {field} is {value!r}"
        for label, erasure in erasures.items()
        for constraint in apps.get_model(label)._meta.constraints
        if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q)
        for field, value in demands(constraint.condition)
        if field in erasure.blank and erasure.blank[field] == value
    ]
    assert wrong == [], "\n".join(wrong)
