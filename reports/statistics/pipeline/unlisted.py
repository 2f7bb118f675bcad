"""What stands in totals and in no list.

Sole proprietors' applications, awards and money, their part of the budget's book, and seats of
courses.

Pure pandas.
"""

import pandas as pd

from reports.statistics.pipeline.frames import Frames

COLUMNS = ["fiscal_year", "programme", "quantity", "firm", "amount"]
HELD = {"commitment": 1, "decommitment": -1}
SPENT = {"disbursement": 1, "return": -1}


def parts(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """Rows (fiscal_year, programme, quantity, firm, amount > 0), summed by firm.

    Of sole proprietors: awards, rest (applications without one) and applied (both), awarded, paid,
    due (awarded, not paid); of the book for them: slots, held (committed), spent (net of what came
    back), back (returned), open (held, not spent). seats: of the book, for anybody.
    """
    found = pd.concat(
        [_of_cases(cases.loc[cases["is_person"]]), _of_book(frames)], ignore_index=True
    )
    return found.loc[found["amount"] != 0].reset_index(drop=True)


def _of_cases(own: pd.DataFrame) -> pd.DataFrame:
    won = own["is_awarded"].to_numpy(bool)
    amounts = {
        "awards": won.astype("int64"),
        "awarded": own["awarded"],
        "paid": own["paid"],
        "due": (own["awarded"] - own["paid"]).clip(lower=0),
    }
    of_all = {"rest": (~won).astype("int64"), "applied": won.astype("int64") * 0 + 1}
    found = [
        own[["fiscal_year", "programme", "firm"]].assign(quantity=name, amount=values)
        for name, values in amounts.items()
    ]
    found += [
        own[["fiscal_year", "firm"]].assign(programme="", quantity=name, amount=values)
        for name, values in of_all.items()
    ]
    return _summed(pd.concat(found, ignore_index=True))


def _of_book(frames: Frames) -> pd.DataFrame:
    lines = frames.lines[["id", "programme", "fiscal_year", "unit"]].rename(columns={"id": "line"})
    firms = frames.applications[["case", "firm", "form"]].drop_duplicates("case")
    book = frames.entries.merge(lines, on="line").merge(firms, on="case")
    kind, unit, form = (book[name].astype(str) for name in ("kind", "unit", "form"))
    held, spent = (
        book["amount"] * kind.map(signs).fillna(0).astype("int64") for signs in (HELD, SPENT)
    )
    own, back = form == "sole_proprietor", book["amount"].where(kind == "return", 0)
    wanted = [
        ("slots", (unit == "slots") & own, held),
        ("held", (unit == "yen") & own, held),
        ("spent", (unit == "yen") & own, spent),
        ("back", (unit == "yen") & own, back),
        ("open", (unit == "yen") & own, held - spent),
        ("seats", unit == "seats", held),
    ]
    found = [
        book.loc[some, ["fiscal_year", "programme", "firm"]].assign(
            quantity=name, amount=values[some]
        )
        for name, some, values in wanted
    ]
    return _summed(pd.concat(found, ignore_index=True))


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(programme=rows["programme"].astype(str)).astype(
        {"fiscal_year": "int64", "amount": "int64"}
    )
    return rows.groupby(["fiscal_year", "programme", "quantity", "firm"], as_index=False)[
        "amount"
    ].sum()[COLUMNS]


def people(found: pd.DataFrame) -> pd.DataFrame:
    """Awards to sole proprietors by year: how many, awarded and paid yen, of all programmes."""
    wide = found.pivot_table(
        index="fiscal_year", columns="quantity", values="amount", aggfunc="sum", fill_value=0
    )
    wide = wide.reindex(columns=["awards", "awarded", "paid"], fill_value=0).astype("int64")
    wide = wide.loc[wide["awards"] > 0].rename(
        columns={"awarded": "awarded_yen", "paid": "paid_yen"}
    )
    return wide.rename_axis(columns=None).reset_index()


def limits(frames: Frames, name: str) -> dict[int, dict[str, tuple[float, float]]]:
    """fiscal year → programme or call (`name`) → the least floor and the largest cap of one award,
    yen.
    """
    calls = frames.caps
    group = calls.groupby(["fiscal_year", name]).agg(floor=("floor", "min"), cap=("cap", "max"))
    found: dict[int, dict[str, tuple[float, float]]] = {}
    for (year, key), row in group.iterrows():
        found.setdefault(int(year), {})[str(key)] = (float(row["floor"]), float(row["cap"]))
    return found
