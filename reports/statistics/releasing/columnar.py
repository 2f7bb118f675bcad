"""A table of a release as Parquet: loads pandas and Arrow, so `files` loads it late."""

import io
from collections.abc import Mapping

import pyarrow as pa
from pyarrow import parquet

from reports.statistics.releasing.snapshot import thawed


def parquet_bytes(
    columns: list[list[str]], rows: list[list[object]], about: Mapping[str, str]
) -> bytes:
    made = pa.Table.from_pandas(thawed(columns, rows), preserve_index=False)
    out = io.BytesIO()
    parquet.write_table(made.replace_schema_metadata(dict(about)), out)
    return out.getvalue()
