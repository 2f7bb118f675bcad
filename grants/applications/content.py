"""What a version of an application holds, as it was frozen."""

from typing import Any, TypeAlias, TypedDict

# Section → its answers as its form cleaned them, beside `costs`, `aid` and `documents`. The forms
# stand in several rooms, and older versions hold what older forms asked, so no type has them all.
Content: TypeAlias = dict[str, Any]


class Sum(TypedDict):
    """`amount`: yen without tax, or seats where a call gives seats."""

    category: str
    amount: int


class Planned(Sum):
    """A sum with what it is for."""

    what: str


class CostItem(Planned):
    """One row of the costs. `order_on`: a day as ISO text."""

    order_on: str


class Officer(TypedDict):
    """One officer of the sealed list. `born_on`: a day as ISO text."""

    name: str
    kana: str
    born_on: str
    sex: str
    address: str


class FrozenFile(TypedDict):
    """A file as it was handed in; `size` in bytes."""

    id: int
    key: str
    name: str
    size: int
    sha256: str


class Instead(TypedDict):
    """What is said of a document in the stead of a file. `way`: "later", by the day `until` (ISO text); or
    "elsewhere", in the file `id` of that `name`, at `where`.
    """

    key: str
    way: str
    until: str
    id: int
    name: str
    where: str
