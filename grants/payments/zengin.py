"""全銀協 総合振込: the bank file as pure functions, valid to the byte.

120 bytes a record, JIS X 0201 single bytes. Source: 全銀協「適用業務およびレコード・フォーマット」
(令和元年12月) §8 as documented by several banks; letters as the banks take them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import jaconv

from portal import jptext

MAX_AMOUNT, MAX_TOTAL, MAX_ROWS = 10**10 - 1, 10**12 - 1, 999_999
_KANA = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"
NAME_SIGNS = frozenset(_KANA + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ()-.")
BANK_SIGNS = frozenset(_KANA + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -")
_SMALL = str.maketrans("ｧｨｩｪｫｬｭｮｯヮヵヶ", "ｱｲｳｴｵﾔﾕﾖﾂﾜｶｹ")
_MARKS = str.maketrans(
    {
        "ｰ": "-",
        "‐": "-",
        "−": "-",
        "―": "-",
        "–": "-",
        "･": ".",
        "・": ".",
        "，": ".",
        ",": ".",
        "\u3000": " ",
    }
)
FORMS = (  # the form of a corporation, in kana → its abbreviation; one only, no space beside it
    ("ｶﾌﾞｼｷｶﾞｲｼﾔ", "ｶ"),
    ("ｶﾌﾞｼｷｶｲｼﾔ", "ｶ"),
    ("ﾕｳｹﾞﾝｶﾞｲｼﾔ", "ﾕ"),
    ("ﾕｳｹﾞﾝｶｲｼﾔ", "ﾕ"),
    ("ｺﾞｳﾄﾞｳｶﾞｲｼﾔ", "ﾄﾞ"),
    ("ｺﾞｳﾄﾞｳｶｲｼﾔ", "ﾄﾞ"),
    ("ｺﾞｳﾒｲｶﾞｲｼﾔ", "ﾒ"),
    ("ｺﾞｳｼｶﾞｲｼﾔ", "ｼ"),
    ("ｲﾂﾊﾟﾝｻﾞｲﾀﾞﾝﾎｳｼﾞﾝ", "ｻﾞｲ"),
    ("ｲﾂﾊﾟﾝｼﾔﾀﾞﾝﾎｳｼﾞﾝ", "ｼﾔ"),
    ("ﾄｸﾃｲﾋｴｲﾘｶﾂﾄﾞｳﾎｳｼﾞﾝ", "ﾄｸﾋ"),
    ("ｲﾘﾖｳﾎｳｼﾞﾝ", "ｲ"),
    ("ｶﾞﾂｺｳﾎｳｼﾞﾝ", "ｶﾞｸ"),
    ("ｼﾔｶｲﾌｸｼﾎｳｼﾞﾝ", "ﾌｸ"),
)


class Unfit(ValueError):
    """A name the bank refuses. `signs`: the letters that cannot be sent."""

    def __init__(self, signs: str) -> None:
        super().__init__(signs)
        self.signs = signs


def letters(text: str, allowed: frozenset[str] = NAME_SIGNS) -> str:
    """A name in the letters a bank takes: half-width, large kana, capitals.

    Raises Unfit naming what has no such form.
    """
    whole = jptext.composed_kana(text).translate(_MARKS)
    half = jaconv.z2h(jaconv.hira2kata(whole), kana=True, ascii=True, digit=True)
    plain = " ".join(half.translate(_SMALL).translate(_MARKS).upper().split())
    if refused := "".join(dict.fromkeys(sign for sign in plain if sign not in allowed)):
        raise Unfit(refused)
    _check_marks(plain)
    return plain


def _check_marks(plain: str) -> None:
    """ﾞ stands only after ｶ to ﾄ, ﾊ to ﾎ and ｳ; ﾟ only after ﾊ to ﾎ."""
    for before, sign in zip(" " + plain, plain, strict=False):
        voiced = "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ" if sign == "ﾞ" else "ﾊﾋﾌﾍﾎ" if sign == "ﾟ" else before
        if before not in voiced:
            raise Unfit(before + sign)


def holder(text: str) -> str:
    """An account holder's name, the form of the corporation abbreviated: カブシキガイシャ アオバ → ｶ)ｱｵﾊﾞ.

    Raises Unfit.
    """
    plain = letters(text)
    for form, short in FORMS:
        if plain.startswith(form):
            return f"{short}){plain[len(form) :].lstrip()}"
        if plain.endswith(form):
            return f"{plain[: -len(form)].rstrip()}({short}"
        if form in plain:
            first, _form, rest = plain.partition(form)
            return f"{first.rstrip()}({short}){rest.lstrip()}"
    return plain


def fitted(text: str, width: int) -> str:
    """Left-aligned in `width` bytes; never cut between a letter and its ﾞ or ﾟ."""
    end = width
    while end < len(text) and text[end] in "ﾞﾟ":
        end -= 1
    return text[:end].ljust(width)


@dataclass(frozen=True)
class Place:
    """An account: bank and branch with their names, kind (1 普通, 2 当座, 4 貯蓄, 9 その他) and number."""

    bank: str
    bank_name: str
    branch: str
    branch_name: str
    kind: str
    number: str


@dataclass(frozen=True)
class Sender:
    """委託者: the code the bank gave (ten digits), the name, and the account the money leaves."""

    code: str
    name: str
    place: Place


@dataclass(frozen=True)
class Transfer:
    """One transfer: the recipient's name in bank letters, yen,
    and our own reference (twenty digits at most).
    """

    place: Place
    holder: str
    amount: int
    reference: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row (0-based; -1 the whole file), by the tier it belongs to."""

    row: int
    tier: str
    what: str


def twins(transfers: Sequence[Transfer]) -> list[list[int]]:
    """Rows (0-based) that send the same yen to the same account: a bank takes them, a person asks
    whether one was entered twice.
    """
    alike: dict[tuple[str, str, str, str, int], list[int]] = {}
    for n, t in enumerate(transfers):
        key = (t.place.bank, t.place.branch, t.place.kind, t.place.number, t.amount)
        alike.setdefault(key, []).append(n)
    return [rows for rows in alike.values() if len(rows) > 1]


def faults(transfers: Sequence[Transfer]) -> list[Fault]:
    """What a bank would refuse: syntax and sums."""
    found: list[Fault] = []
    for n, t in enumerate(transfers):
        found += [Fault(n, "syntax", what) for what in _row_faults(t)]
    if sum(t.amount for t in transfers) > MAX_TOTAL:
        found.append(Fault(-1, "sum", "total"))
    if len(transfers) > MAX_ROWS:
        found.append(Fault(-1, "sum", "rows"))
    return found


def _row_faults(transfer: Transfer) -> list[str]:
    place = transfer.place
    wrong = []
    if not (
        place.bank.isdigit()
        and len(place.bank) == 4
        and place.branch.isdigit()
        and len(place.branch) == 3
    ):
        wrong.append("bank")
    if place.kind not in "1249" or not place.number.isdigit() or len(place.number) > 7:
        wrong.append("account")
    if not transfer.holder.strip() or set(transfer.holder) - NAME_SIGNS:
        wrong.append("holder")
    if not 0 < transfer.amount <= MAX_AMOUNT:
        wrong.append("amount")
    return wrong


def write(
    sender: Sender, pay_on: date, transfers: Sequence[Transfer], *, newline: str = "\r\n"
) -> bytes:
    """The file: header, one record a transfer, trailer, end.

    Raises ValueError for what `faults` finds (duplicates excepted).
    """
    if wrong := [fault for fault in faults(transfers) if fault.tier != "duplicate"]:
        raise ValueError(f"row {wrong[0].row + 1}: {wrong[0].what}")
    home = sender.place
    rows = [
        f"1210{sender.code:>010}{fitted(sender.name, 40)}{pay_on:%m%d}"
        f"{home.bank}{fitted(home.bank_name, 15)}{home.branch}{fitted(home.branch_name, 15)}"
        f"{home.kind}{home.number:>07}{'':17}"
    ]
    for t in transfers:
        place = t.place
        rows.append(
            f"2{place.bank}{fitted(place.bank_name, 15)}"
            f"{place.branch}{fitted(place.branch_name, 15)}0000"
            f"{place.kind}{place.number:>07}{fitted(t.holder, 30)}"
            f"{t.amount:010}0{t.reference:>020}0{'':8}"
        )
    rows += [f"8{len(transfers):06}{sum(t.amount for t in transfers):012}{'':101}", f"9{'':119}"]
    return (newline.join(rows) + newline).encode("cp932")


@dataclass(frozen=True)
class Line:
    """A data record read back."""

    bank: str
    branch: str
    kind: str
    number: str
    holder: str
    amount: int
    reference: str


def read(data: bytes) -> list[Line]:
    """The transfers of a file, checked for structure, order and sums.

    Raises ValueError saying what is wrong.
    """
    rows = (
        data.decode("cp932").replace("\r\n", "\n").replace("\r", "\n").strip("\n\x1a").split("\n")
    )
    if any(len(row.encode("cp932")) != 120 for row in rows):
        raise ValueError("a record is not 120 bytes long")
    if "".join(row[0] for row in rows) != "1" + "2" * (len(rows) - 3) + "89":
        raise ValueError("the records are not in the order header, data, trailer, end")
    lines = [
        Line(
            r[1:5],
            r[20:23],
            r[42],
            r[43:50],
            r[50:80].rstrip(),
            int(r[80:90]),
            r[91:111].strip().lstrip("0"),
        )
        for r in rows[1:-2]
    ]
    if int(rows[-2][1:7]) != len(lines) or int(rows[-2][7:19]) != sum(
        line.amount for line in lines
    ):
        raise ValueError("the trailer's count or sum differs from the records")
    return lines
