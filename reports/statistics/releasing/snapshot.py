"""A table as it is kept, hashed and read back: columns with their kinds, rows as plain values. Pure."""

import hashlib
import json
from datetime import date, datetime

import pandas as pd

from reports.statistics.models import Frozen

KINDS = {"i": "int", "u": "int", "f": "float", "b": "bool", "M": "day"}
DTYPES = {"int": "Int64", "float": "Float64", "bool": "boolean", "text": "string", "day": "string"}


def frozen(table: pd.DataFrame) -> Frozen:
    """{columns, rows, sha256} of a DataFrame.

    The hash covers the canonical JSON of columns and rows.
    """
    columns = [[name, KINDS.get(table[name].dtype.kind, "text")] for name in table.columns]
    rows = [
        [_plain(value) for value in row]
        for row in table.astype(object).itertuples(index=False, name=None)
    ]
    return {"columns": columns, "rows": rows, "sha256": digest({"columns": columns, "rows": rows})}


def digest(content: object) -> str:
    """SHA-256 of the canonical JSON (sorted keys, no spaces, UTF-8) of plain values."""
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _plain(value: object) -> object:
    if (
        value is None
        or value is pd.NaT
        or value is pd.NA
        or (isinstance(value, float) and value != value)
    ):
        return None
    if isinstance(value, datetime):
        midnight = value.tzinfo is None and value == value.replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    return round(value, 6) if isinstance(value, float) else value


def thawed(columns: list[list[str]], rows: list[list[object]]) -> pd.DataFrame:
    """The DataFrame of a kept table; missing values are NA."""
    table = pd.DataFrame(rows, columns=[name for name, _kind in columns], dtype=object)
    return table.astype({name: DTYPES[kind] for name, kind in columns})
