"""Step four begins with this: do the statistics agree with the book, to the yen?

Pure pandas; a fault names cases only by their number of rows.
"""

from dataclasses import dataclass, field

import pandas as pd

from grants.budget.years import settles_on
from reports.statistics.models import Told
from reports.statistics.pipeline.columns import looked_up
from reports.statistics.pipeline.frames import Money


@dataclass
class Reconciliation:
    """`checks`: [what, by the statistics, by the book]; `faults`: [what, cases that differ, yen or
    pieces apart].
    """

    checks: list[Told] = field(default_factory=list)
    faults: list[Told] = field(default_factory=list)

    def compare(self, what: str, ours: pd.Series, book: pd.Series) -> None:
        """Two sums by case: both totals are noted, and every case in which they differ counts as a
        fault.
        """
        both = (
            pd.concat([ours.rename("ours"), book.rename("book")], axis=1).fillna(0).astype("int64")
        )
        self.checks.append([what, int(both["ours"].sum()), int(both["book"].sum())])
        apart = both.loc[both["ours"] != both["book"]]
        if len(apart):
            self.faults.append([what, len(apart), int((apart["ours"] - apart["book"]).abs().sum())])


def reconcile(frames: Money) -> Reconciliation:
    """Awards against commitments, payments against disbursements, receipts against returns and revenue,
    what is left against the book, slots, and the lines' own totals.
    """
    awards, book = frames.awards, frames.entries.assign(kind=frames.entries["kind"].astype(str))
    units = (
        frames.lines[["id", "call", "frame", "unit"]]
        .rename(columns={"id": "line"})
        .astype({"frame": str, "unit": str})
    )
    book = book.merge(units[["line", "unit"]], on="line")
    lined = awards.assign(
        frame=awards["frame"].astype(str), state=awards["state"].astype(str)
    ).merge(units, on=["call", "frame"])
    in_yen, in_slots = lined.loc[lined["unit"] == "yen"], lined.loc[lined["unit"] == "slots"]
    transfers = pd.concat([frames.payments[["case", "amount"]], frames.came_back_late])
    paid = transfers.groupby("case")["amount"].sum()
    came = parts_of_principal(frames)
    back = came.loc[came["to_line"]].groupby("case")["part"].sum()
    yen = {
        kind: rows.groupby("case")["amount"].sum()
        for kind, rows in book.loc[(book["unit"] == "yen") & book["case"].notna()].groupby("kind")
    }
    none = pd.Series(dtype="Int64")
    found = Reconciliation()
    found.compare("awarded", in_yen.set_index("case")["awarded"], yen.get("commitment", none))
    has_line = set(in_yen["case"])
    out = yen.get("disbursement", none).sub(yen.get("reversal", none), fill_value=0)
    found.compare("paid", paid[paid.index.isin(has_line)], out)
    found.compare("returned", back[back.index.isin(has_line)], yen.get("return", none))
    late = revenue(came, in_yen, frames)
    of_lines = came.loc[came["case"].isin(has_line)].groupby("case")["part"].sum()
    left = of_lines.sub(yen.get("return", none), fill_value=0)
    found.compare("revenue", late.groupby("case")["part"].sum(), left)
    net = yen.get("commitment", none).sub(yen.get("decommitment", none), fill_value=0)
    found.compare("held", held(in_yen, paid, back), net)
    slots = (
        book.loc[(book["unit"] == "slots") & book["kind"].isin(["commitment"])]
        .groupby("case")["amount"]
        .sum()
    )
    found.compare("slots", pd.Series(1, index=in_slots["case"]), slots)
    _lines(found, frames, book)
    found.compare("line_carried", frames.lines.set_index("id")["carried"], carried(frames.carries))
    return found


def parts_of_principal(frames: Money) -> pd.DataFrame:
    """Each receipt with its `part` of the principal of its case: they pay the principal first."""
    rows = frames.received.merge(
        frames.recoveries[["id", "case", "principal"]].rename(columns={"id": "recovery"}),
        on="recovery",
    )
    upto = rows.groupby("recovery")["amount"].cumsum()
    before = (upto - rows["amount"]).clip(upper=rows["principal"])
    return rows.assign(
        part=upto.clip(upper=rows["principal"]) - before,
        to_line=rows["to_line"].fillna(False).astype(bool),
    )


def revenue(came: pd.DataFrame, in_yen: pd.DataFrame, frames: Money) -> pd.DataFrame:
    """Of what came back the receipts that no line may get: by their ground, or since the accounts of
    its year were closed.
    """
    closes_on = pd.to_datetime([settles_on(int(year)) for year in frames.lines["fiscal_year"]])
    days = pd.DataFrame({"line": frames.lines["id"], "closes_on": closes_on})
    lined = came.merge(in_yen[["case", "line"]], on="case").merge(days, on="line")
    is_late = pd.to_datetime(lined["moved_on"]) > lined["closes_on"]
    return lined.loc[lined["for_no_line"].fillna(False).astype(bool) | is_late]


def held(awards: pd.DataFrame, paid: pd.Series, back: pd.Series) -> pd.Series:
    """case → yen that its award must hold in the book: what its recipient may have or had, whichever is
    more, less what came back to a line.
    """
    spent, came = (
        looked_up(awards["case"], paid).fillna(0),
        looked_up(awards["case"], back).fillna(0),
    )
    most = pd.concat([awards["payable"], spent], axis=1).max(axis=1)
    return (most - came).set_axis(awards["case"]).astype("Int64")


def carried(entries: pd.DataFrame) -> pd.Series:
    """line → yen that may be paid after its year: of each case what was carried over, as far as it is
    committed.
    """
    kind, amount = entries["kind"].astype(str), entries["amount"]
    sign = kind.map({"commitment": 1, "return_undone": 1, "decommitment": -1})
    sums = pd.DataFrame(
        {
            "line": entries["line"],
            "case": entries["case"],
            "committed": amount * sign.fillna(0).astype("int64"),
            "let_over": amount.where(kind.isin(["carry_over", "accident"]), 0),
        }
    )
    cases = sums.groupby(["line", "case"])[["committed", "let_over"]].sum().min(axis=1)
    return cases.groupby("line").sum().astype("Int64")


def _lines(found: Reconciliation, frames: Money, book: pd.DataFrame) -> None:
    """The totals that triggers keep on each line are the sums of its entries."""
    by = (
        book.groupby(["line", "kind"])["amount"]
        .sum()
        .unstack(fill_value=0)
        .reindex(frames.lines["id"], fill_value=0)
    )
    zero = pd.Series(0, index=by.index)
    column = {
        kind: by.get(kind, zero)
        for kind in (
            "appropriation",
            "reduction",
            "supplement",
            "supplement_cut",
            "transfer",
            "received",
            "commitment",
            "decommitment",
            "disbursement",
            "return",
            "reversal",
        )
    }
    sums = {
        "appropriated": column["appropriation"]
        - column["reduction"]
        + column["supplement"]
        - column["supplement_cut"]
        - column["transfer"]
        + column["received"],
        "committed": column["commitment"] - column["decommitment"],
        "disbursed": column["disbursement"] - column["return"] - column["reversal"],
    }
    for name, total in sums.items():
        found.compare(f"line_{name}", frames.lines.set_index("id")[name], total)
