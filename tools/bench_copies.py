"""`make bench`: cases multiplied by SQL, with all that hangs on them, as the models say it.

What a copy holds lies `STEP` above what it was copied from, so that references need no table.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection, transaction

from grants.payments import awaited
from portal.cases import tallies

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper
    from django.db.models import Field, Model

    from portal.cases.models import Case

STEP = 1_000_000  # every copy's ids lie this much above the last copy's
AT_ONCE = 50  # copies in one statement
# of a copied case `c`, as SQL
PHONE = "'011' || lpad(((c.id * 7919) %% 10000000)::text, 7, '0')"
PAPER = "'札経産第' || (c.id %% 997) || (c.id / 1000000) || '号(令和7年度)'"
# whatever refers to one of these is copied with it
ROOTS = {
    "portal_accounts.Organisation",
    "portal_cases.Case",
    "portal_approvals.Approval",
    "portal_workflow.Duty",
    "grants_payments.PaymentBatch",
    "grants_reviews.ReviewPanel",
}
# copied because rows of those refer to them, and without what else refers to them: the firms' people
# (never the office's) and the files of cases
BESIDE = {
    "portal_accounts.User": "SELECT user_id FROM portal_accounts_membership"
    " EXCEPT SELECT person_id FROM portal_accounts_staffrole",
    "portal_documents.StoredFile": "SELECT file_id FROM portal_documents_document",
}
# what a case of a city shares with few others, and its copies would with all, as SQL
OWN = {
    "portal_accounts_organisation.name": "left({}, 140) || to_char(k, 'FM0000')",
    "portal_accounts_organisation.name_key": "left({}, 190) || to_char(k, 'FM0000')",
    "portal_accounts_organisation.representative_name": "left({}, 70) || to_char(k, 'FM0000')",
    "portal_accounts_organisation.address": "to_char(k, 'FM0000') || left({}, 280)",
    "portal_accounts_organisation.phone": "'011' || lpad(((t.id * 7919 + k * 104729) %% 10000000)::text, 7, '0')",
    "portal_documents_storedfile.sha256": "md5({0} || k) || md5(k || {0})",
    "portal_documents_storedfile.sent_sha256": "md5({0} || k) || md5(k || {0})",
    "grants_applications_application.partner_key": "CASE WHEN {0} = '' THEN '' ELSE left({0}, 190) || k END",
    "grants_completion_purchase.vendor": "left({}, 90) || k",
    "grants_completion_purchase.vendor_key": "left({}, 190) || k",
    "grants_payments_bankaccount.number": "lpad(((t.id * 7919 + k * 104729) %% 10000000)::text, 7, '0')",
}


def multiply(first: int, last: int, *, record: bool = True) -> None:
    """Copies number first..last of every base case; their audit record takes most of the time."""
    hanging = _hanging()
    ids = {apps.get_model(label): _ids(query) for label, query in BESIDE.items()}
    for start in range(first, last + 1, AT_ONCE):
        end = min(start + AT_ONCE - 1, last)
        with transaction.atomic(), connection.cursor() as cursor:
            # rows that the portal wrote are copied: what it checks and books on writing was done
            cursor.execute("SET LOCAL session_replication_role = replica")
            for model in (*ids, *hanging):
                _copy(cursor, model, hanging, ids, start, end)
            _own_words(cursor, start, end)
            cursor.execute("SET LOCAL session_replication_role = origin")
            if record:
                _copy_record(cursor, start, end)
    tallies.recount()
    awaited.copy_anew()
    _add_up_the_book()


def _add_up_the_book() -> None:
    """What the database adds up as it is booked, of copied entries."""
    booked = import_module("grants.budget.migrations.0002_rules")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM grants_budget_bookedmonth")
        cursor.execute(booked.MONTHS.format(rows="grants_budget_budgetentry"))
        cursor.execute(booked.CARRIED_ANEW)


def _ids(query: str) -> str:
    """The rows that the query names and are no copies, as an array in SQL."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return f"'{{{','.join(str(pk) for (pk,) in cursor.fetchall() if pk < STEP)}}}'::bigint[]"


def _hanging() -> list[type[Model]]:
    """The roots, and whatever refers to them, directly or through others."""
    models = list(apps.get_models(include_auto_created=True))
    found = [model for model in models if model._meta.label in ROOTS]
    while more := [model for model in models if model not in found and _references(model, found)]:
        found += more
    return found


def _references(model: type[Model], to: list[type[Model]]) -> set[str]:
    """The columns that refer to one of these models."""
    fields = model._meta.concrete_fields
    found = [field for field in fields if field.is_relation and field.related_model in to]
    return {field.column or "" for field in found}


def _copy(
    cursor: CursorWrapper,
    model: type[Model],
    hanging: list[type[Model]],
    ids: dict[type[Model], str],
    first: int,
    last: int,
) -> None:
    table, references = model._meta.db_table, _references(model, hanging)
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(table, field, references, ids) for field in fields)
    which = f"= ANY ({ids[model]})" if model in ids else f"< {STEP}"
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, generate_series(%s, %s) k"
        f' WHERE t."{model._meta.pk.column}" {which}',
        [first, last],
    )


def _value(
    table: str, field: Field[object, object], references: set[str], ids: dict[type[Model], str]
) -> str:
    """What a copy holds in a column, as SQL over the row `t` and the number `k` of the copy."""
    name = f't."{field.column}"'
    if field.column in references or field.primary_key:
        return f"{name} + k * {STEP}"
    if field.is_relation and field.related_model in ids:
        copied = f"{name} = ANY ({ids[field.related_model]})"
        return f"CASE WHEN {copied} THEN {name} + k * {STEP} ELSE {name} END"
    if own := OWN.get(f"{table}.{field.column}"):
        return own.format(name)
    if field.get_internal_type() == "DateTimeField":
        return f"{name} - k * interval '1 minute'"
    if field.column == "corporate_number":
        digits = f"lpad((k %% {STEP})::text, 6, '0') || lpad((t.id %% 10000000)::text, 7, '0')"
        return f"CASE WHEN {name} IS NOT NULL THEN {digits} END"
    if field.column == "subject":
        return (
            f"CASE WHEN {name} ~ '^[a-z_]+:[0-9]+$' THEN split_part({name}, ':', 1) || ':' ||"
            f" (split_part({name}, ':', 2)::bigint + k * {STEP}) ELSE {name} END"
        )
    if field.unique or field.column == "receipt_number":
        longest = field.max_length or 40
        longer = f"{name} || '-' || k"
        short = f"upper(substr(md5({longer}), 1, {longest}))"
        fits = f"CASE WHEN length({longer}) <= {longest} THEN {longer} ELSE {short} END"
        return f"CASE WHEN {name} = '' THEN '' ELSE {fits} END"
    return name


def _own_words(cursor: CursorWrapper, first: int, last: int) -> None:
    """Every copy is found by numbers of its own: its case's, its firm's, a telephone's and a paper's;
    as `portal.cases.search` would write it.
    """
    cursor.execute(
        """CREATE OR REPLACE FUNCTION pg_temp.parts(said text) RETURNS int[] LANGUAGE sql AS $$
          SELECT array_agg(DISTINCT (crc32(convert_to(substr(said, n, size), 'UTF8')) & 2147483647)::int)
          FROM generate_series(1, length(said)) n, (VALUES (1), (2), (4)) AS sizes (size)
          WHERE n + size - 1 <= length(said) $$"""
    )
    cursor.execute(
        f"""UPDATE portal_cases_searchdocument d SET head = d.head || E'\n' || own.number,
          text = concat_ws(E'\n', d.text, own.number, own.phone, own.paper, own.firm, own.name),
          pairs = d.pairs || pg_temp.parts(own.number) || pg_temp.parts(own.phone)
            || pg_temp.parts(own.paper) || pg_temp.parts(own.firm) || pg_temp.parts(own.name)
        FROM portal_cases_case c JOIN portal_accounts_organisation o ON o.id = c.organisation_id,
          LATERAL (SELECT lower(replace(c.number, '-', '')) AS number,
            {PHONE} AS phone, {PAPER} AS paper, coalesce(o.corporate_number, '') AS firm,
            lower(o.name_key) AS name) own
        WHERE c.id = d.case_id AND c.id >= %s AND c.id < %s""",
        [first * STEP, (last + 1) * STEP],
    )


def numbers_of(case: Case) -> tuple[str, str]:
    """The telephone number and the number of a paper that a copied case is found by."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {PHONE}, {PAPER} FROM portal_cases_case c WHERE id = %s", [case.pk])
        phone, paper = cursor.fetchone()
    return phone, paper


def _copy_record(cursor: CursorWrapper, first: int, last: int) -> None:
    """The audit record of the cases: events are chained anew by the trigger itself."""
    cursor.execute(
        f"""INSERT INTO portal_audit_event (id, chain, seq, at, actor_id, capacity, action, subject,
          before, after, payload_hash, prev_hash, hash)
        SELECT e.id + k * {STEP}, 'case:' || (substr(e.chain, 6)::bigint + k * {STEP}), 0, e.at,
          e.actor_id, e.capacity, e.action, e.subject, e.before, e.after, e.payload_hash, '', ''
        FROM portal_audit_event e, generate_series(%s, %s) k
        WHERE e.id < {STEP} AND e.chain LIKE 'case:%%' ORDER BY k, e.chain, e.seq""",
        [first, last],
    )
    cursor.execute(
        f"""INSERT INTO portal_audit_payload (event_id, salt, content, erased_at)
        SELECT p.event_id + k * {STEP}, p.salt, p.content, p.erased_at
        FROM portal_audit_payload p JOIN portal_audit_event e ON e.id = p.event_id,
          generate_series(%s, %s) k
        WHERE e.id < {STEP} AND e.chain LIKE 'case:%%'""",
        [first, last],
    )
