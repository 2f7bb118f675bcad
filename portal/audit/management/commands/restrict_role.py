"""`restrict_role NAME`: make the database role of web and workers, or set its rights anew (after
each `migrate`). Run as the owner of the tables.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

from portal.audit.role import STRONG, is_strong, statements


class Command(BaseCommand):
    help = "Make the database role that changes nothing that is kept, or set its rights anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role")
        parser.add_argument("--print", action="store_true", help="only print the SQL")

    def handle(self, *_args: object, **options: object) -> None:
        role = str(options["role"])
        said = [statement.as_string() for statement in statements(role)]
        if options["print"]:
            self.stdout.write("".join(f"{line};\n" for line in said))
            return
        with transaction.atomic(), connection.cursor() as cursor:
            strong = is_strong(cursor, role)
            if strong is None:
                name = sql.Identifier(role).as_string()
                cursor.execute(f"CREATE ROLE {name} LOGIN")  # its password: \password in psql
            elif strong:
                raise CommandError(f"{role} {STRONG}.")
            for line in said:
                cursor.execute(line)
        self.stdout.write(f"{role} changes nothing that is kept.")
