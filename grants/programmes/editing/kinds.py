"""What kind of value stands at a path of a programme file, by its type in `parameters.py`."""

import types
import typing
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Literal, Union

from pydantic import BaseModel

from grants.programmes.interest import Yearly
from grants.programmes.parameters import Programme
from grants.programmes.parts import Bilingual, Rate, Yen
from portal.types import Row


class Kind(Enum):
    TEXT = "text"
    BOTH = "both"  # a text in Japanese and in English
    NUMBER = "number"
    NUMBERS = "numbers"
    YEN = "yen"
    RATE = "rate"
    PERCENT = "percent"
    DAY = "day"
    CHOICE = "choice"
    SEVERAL = "several"
    YES = "yes"
    THERE = "there"  # a part that may be there or not
    ROWS = "rows"


@dataclass(frozen=True)
class Typed:
    """`literal`: the values that its type lists; `default`: what holds where nothing is stated."""

    kind: Kind
    literal: tuple[str | int, ...] = ()
    default: object = None
    is_required: bool = False


@cache
def of(path: str) -> Typed:
    """Raises KeyError for a path that no programme has."""
    names = path.split(".")
    model: type[BaseModel] = Programme
    for name in names[:-1]:
        model = _model(_hint(model, name))
    hint, field = _hint(model, names[-1]), model.model_fields[names[-1]]
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    kind, literal = _kind(hint)
    return Typed(kind, literal, default, field.is_required())


@cache
def is_optional(path: str) -> bool:
    """Whether the table at `path` may be left out, and what is in it then has no value."""
    names = path.split(".")
    model: type[BaseModel] = Programme
    for name in names[:-1]:
        model = _model(_hint(model, name))
    field = model.model_fields[names[-1]]
    return not field.is_required() and field.default is None


def leaves(model: type[BaseModel] = Programme, head: str = "") -> list[str]:
    """Every value that a file may state, and each part that may be there or not without a value."""
    found = []
    for name in model.model_fields:
        path, (kind, _literal) = f"{head}{name}", _kind(_hint(model, name))
        inner = _part(_hint(model, name))
        if inner is None or kind is Kind.BOTH:
            found.append(path)
            continue
        if kind is Kind.THERE and not any(f.is_required() for f in inner.model_fields.values()):
            found += [path] if is_optional(path) else []
        found += leaves(inner, f"{path}.")
    return found


def _hint(model: type[BaseModel], name: str) -> Row:
    """The type of a field without "or nothing"."""
    hint = _hints(model)[name]
    if _origin(hint) in (Union, types.UnionType):
        [hint] = [each for each in typing.get_args(hint) if each is not type(None)]
    return hint


def _origin(hint: Row) -> object:
    return typing.get_origin(hint)


@cache
def _hints(model: type[BaseModel]) -> dict[str, Row]:
    return typing.get_type_hints(model, include_extras=True)


def _bare(hint: Row) -> Row:
    return typing.get_args(hint)[0] if _origin(hint) is typing.Annotated else hint


def _part(hint: Row) -> type[BaseModel] | None:
    """The part that stands there, alone or in a list."""
    bare = _bare(hint)
    if _origin(bare) is tuple:
        bare = _bare(typing.get_args(bare)[0])
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _model(hint: Row) -> type[BaseModel]:
    found = _part(hint)
    if found is None:
        raise KeyError(hint)
    return found


NAMED = {id(Yen): Kind.YEN, id(Rate): Kind.RATE, id(Yearly): Kind.PERCENT}
BARE = {str: Kind.TEXT, int: Kind.NUMBER, bool: Kind.YES, date: Kind.DAY, Bilingual: Kind.BOTH}


def _kind(hint: Row) -> tuple[Kind, tuple[str | int, ...]]:
    if id(hint) in NAMED:
        return NAMED[id(hint)], ()
    bare = _bare(hint)
    origin, args = _origin(bare), typing.get_args(bare)
    if origin is Literal:
        return Kind.CHOICE, args
    if origin is tuple:
        inner, literal = _kind(args[0])
        several = {Kind.NUMBER: Kind.NUMBERS, Kind.BOTH: Kind.ROWS, Kind.THERE: Kind.ROWS}
        return several.get(inner, Kind.SEVERAL), literal
    return BARE.get(bare, Kind.THERE), ()
