"""The database role of web and workers: it owns nothing, writes no total, and changes nothing that
is kept. `restrict_role` makes it.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from portal.audit.ports import Kept, kept_rows, totals

SELECT_AND_INSERT = {  # what the record itself keeps
    "portal_audit.Event": Kept(),
    "portal_audit.Payload": Kept(changes=("content", "salt", "erased_at")),
    "portal_audit.Seal": Kept(),
}
WRITTEN_BY_TRIGGERS = ("portal_audit.Head", "portal_audit.Print")


STRONG = "owns tables, is a member of another role or may do what it likes"
_STRONG = """
SELECT rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication
  OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)
  OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)
FROM pg_roles AS r WHERE rolname = %s
"""


def is_strong(cursor: CursorWrapper, role: str) -> bool | None:
    """Could the role change what is kept, as STRONG says? None where there is no such role."""
    cursor.execute(_STRONG, [role])
    found = cursor.fetchone()
    return None if found is None else bool(found[0])


def statements(role: str) -> Iterator[sql.Composed]:
    """What the owner of the tables says; saying it again changes nothing."""
    to = sql.Identifier(role)
    for words in (
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {}",
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}",
        "REVOKE EXECUTE ON FUNCTION portal_audit_keep(text, text[]) FROM PUBLIC, {}",
        "REVOKE EXECUTE ON FUNCTION portal_audit_keep_begun(text, text, text[]) FROM PUBLIC, {}",
        "REVOKE EXECUTE ON FUNCTION portal_audit_keep_ended(text, text, text[]) FROM PUBLIC, {}",
        "REVOKE EXECUTE ON FUNCTION portal_audit_keep_end(text, text, text[]) FROM PUBLIC, {}",
        "REVOKE EXECUTE ON FUNCTION portal_audit_let_go(text) FROM PUBLIC, {}",
    ):
        yield sql.SQL(words).format(to)
    for label in WRITTEN_BY_TRIGGERS:
        yield sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(_table(label), to)
    for label, kept in (SELECT_AND_INSERT | dict(kept_rows.items())).items():
        refused = sql.SQL("DELETE" if kept.goes_on else "UPDATE, DELETE")
        yield sql.SQL("REVOKE {} ON {} FROM {}").format(refused, _table(label), to)
        if kept.changes:
            yield _may_write(label, kept.changes, to)
    for label, columns in totals.items():
        fields = apps.get_model(label)._meta.concrete_fields
        others = [field.column for field in fields if field.column not in columns]
        if not others:  # a trigger writes its rows, too
            yield sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(_table(label), to)
            continue
        yield sql.SQL("REVOKE UPDATE ON {} FROM {}").format(_table(label), to)
        yield _may_write(label, others, to)


def _table(label: str) -> sql.Identifier:
    return sql.Identifier(apps.get_model(label)._meta.db_table)


def _may_write(
    label: str, columns: tuple[str, ...] | list[str], to: sql.Identifier
) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(names, _table(label), to)
