"""Columns from PostgreSQL in bulk: a queryset goes out by COPY and comes back as a typed DataFrame."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import pyarrow as pa
from django.db import connection, transaction
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import Combinable
from pyarrow import csv

INT, FLOAT, BOOL, DAY, TEXT = pa.int64(), pa.float64(), pa.bool_(), pa.date32(), pa.string()
CATEGORY = pa.dictionary(pa.int32(), pa.string())
_PANDAS = {INT: pd.Int64Dtype(), BOOL: pd.BooleanDtype()}


@contextmanager
def one_moment(*, writes: bool = False) -> Iterator[None]:
    """All reads inside see the database as of one moment (inside a transaction that has begun, as
    that one sees it).
    """
    begun = connection.in_atomic_block
    with transaction.atomic():
        if not begun:
            with connection.cursor() as cursor:
                mode = "READ WRITE" if writes else "READ ONLY"
                cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ {mode}")
        yield


def frame(
    rows: QuerySet[Model, object],
    **columns: tuple[str | Combinable, pa.DataType] | pa.DataType,
) -> pd.DataFrame:
    """A DataFrame of the named columns.

    name=type where the field has that name, name=(field or expression, type) else.

    Whole numbers are Int64 (missing allowed), days datetime64, CATEGORY a categorical. One COPY, no
    row objects.
    """
    sources = {
        name: given if isinstance(given, tuple) else (name, given)
        for name, given in columns.items()
    }
    renamed = {
        f"c_{name}": source if hasattr(source, "resolve_expression") else F(source)
        for name, (source, _kind) in sources.items()
    }
    sql, params = rows.order_by().annotate(**renamed).values_list(*renamed).query.sql_with_params()
    out = io.BytesIO()
    with connection.cursor() as cursor:
        text = connection.ops.compose_sql(sql, params)  # type: ignore[attr-defined]
        with cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT csv)") as copy:
            for block in copy:
                out.write(block)
    return typed(out.getvalue(), {name: kind for name, (_source, kind) in sources.items()})


def typed(data: bytes, kinds: dict[str, pa.DataType]) -> pd.DataFrame:
    """CSV bytes without a header as a DataFrame of these column types."""
    if not data:
        table = pa.table({name: pa.array([], type=kind) for name, kind in kinds.items()})
    else:
        table = csv.read_csv(
            io.BytesIO(data),
            read_options=csv.ReadOptions(column_names=list(kinds), use_threads=True),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=kinds,
                true_values=["t"],
                false_values=["f"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    return table.to_pandas(types_mapper=_PANDAS.get, date_as_object=False)


def looked_up(keys: pd.Series, table: pd.Series) -> pd.Series:
    """For each key (a whole number) what `table` (one row a key) says.

    Missing where it says nothing; the table may be empty.
    """
    index = pd.Index(table.index.to_numpy(dtype="int64") if len(table) else [], dtype="int64")
    at = index.get_indexer(keys.to_numpy(dtype="int64"))
    return pd.Series(pd.api.extensions.take(table.values, at, allow_fill=True), index=keys.index)
