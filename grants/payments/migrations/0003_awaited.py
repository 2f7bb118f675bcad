"""What awards wait for is added up as they are written (`grants.payments.awaited`): each statement adds the
difference that it made, in rows of its own, as turns and cases do. So that the database can tell what of it has
an order, an award carries its orders that are not paid for certain, copied whenever one of the two is written.
"""

from django.db import migrations, models

UNCERTAIN = "('ordered', 'held', 'returned', 'bounce_doubted')"
REST = "payable - paid"
PAYABLE = (REST, f"least({REST}, coalesce(left_over, 0))", f"least({REST}, coalesce(left_again, 0))")
OPEN = "(state IN ('active', 'amount_fixed', 'suspended') AND payable > paid)"
MEASURES = {"awards": "1", "rest": REST}
for n, yen in enumerate(PAYABLE):
    MEASURES |= {
        f"yen_{n}": yen,
        f"some_{n}": f"({yen} > 0)::int",
        f"late_{n}": f"({yen} < {REST})::int",
        f"held_{n}": f"least({yen}, ordered)",
        f"whole_{n}": f"({yen} > 0 AND {yen} <= ordered)::int",
    }
KEYS = "of_call, frame, state, project_ends_on, is_carried"
NAMES = (*MEASURES, "orders", "ordered")
COLUMNS = ", ".join((KEYS, *NAMES))
SUMS = ", ".join(f"sum({name})" for name in NAMES)
SOME = " OR ".join(f"sum({name}) <> 0" for name in NAMES)


def counted(rows: str, sign: str = "") -> str:
    each = ", ".join(f"CASE WHEN {OPEN} THEN {sign}({sql}) ELSE 0 END" for sql in MEASURES.values())
    return (
        f"SELECT of_call_id, frame, state, project_ends_on, left_over IS NOT NULL, {each}, {sign}orders,"  # noqa: S608
        f" {sign}ordered FROM {rows} WHERE {OPEN} OR orders <> 0"
    )


def into(rows: str) -> str:
    return (
        f"INSERT INTO grants_payments_awaited ({COLUMNS}) SELECT {KEYS}, {SUMS}"  # noqa: S608
        f" FROM ({rows}) AS rows ({COLUMNS}) GROUP BY {KEYS} HAVING {SOME}"
    )


def counting(when: str, rows: str, tables: str) -> str:
    return f"""
CREATE FUNCTION grants_payments_await_{when}() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  {into(rows)};
  RETURN NULL;
END
$$;
CREATE TRIGGER await_{when} AFTER {when} ON grants_awards_award REFERENCING {tables}
  FOR EACH STATEMENT EXECUTE FUNCTION grants_payments_await_{when}();
"""


NEW, OLD = counted("new_rows"), counted("old_rows", "-")
RULES = f"""
CREATE FUNCTION grants_payments_carry() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  SELECT count(*), coalesce(sum(amount), 0) INTO NEW.orders, NEW.ordered
    FROM grants_payments_payment WHERE award_id = NEW.id AND state IN {UNCERTAIN};
  RETURN NEW;
END
$$;
CREATE FUNCTION grants_payments_carry_anew() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  before bigint := to_jsonb(OLD) ->> 'award_id';
  now bigint := to_jsonb(NEW) ->> 'award_id';
BEGIN
  UPDATE grants_awards_award SET frame = frame WHERE id IN (before, now);
  RETURN NULL;
END
$$;
CREATE TRIGGER carry_orders BEFORE INSERT OR UPDATE ON grants_awards_award
  FOR EACH ROW EXECUTE FUNCTION grants_payments_carry();
CREATE TRIGGER carried_insert AFTER INSERT ON grants_payments_payment
  FOR EACH ROW WHEN (NEW.state IN {UNCERTAIN})
  EXECUTE FUNCTION grants_payments_carry_anew();
CREATE TRIGGER carried_update AFTER UPDATE OF state, amount, award_id ON grants_payments_payment
  FOR EACH ROW WHEN ((OLD.state IN {UNCERTAIN}) <> (NEW.state IN {UNCERTAIN})
    OR NEW.state IN {UNCERTAIN} AND (OLD.amount, OLD.award_id) <> (NEW.amount, NEW.award_id))
  EXECUTE FUNCTION grants_payments_carry_anew();
CREATE TRIGGER carried_delete AFTER DELETE ON grants_payments_payment
  FOR EACH ROW WHEN (OLD.state IN {UNCERTAIN})
  EXECUTE FUNCTION grants_payments_carry_anew();
UPDATE grants_awards_award SET frame = frame
  WHERE id IN (SELECT award_id FROM grants_payments_payment WHERE state IN {UNCERTAIN});
SET CONSTRAINTS ALL IMMEDIATE;
{counting("insert", NEW, "NEW TABLE AS new_rows")}
{counting("delete", OLD, "OLD TABLE AS old_rows")}
{counting("update", f"{NEW} UNION ALL {OLD}", "OLD TABLE AS old_rows NEW TABLE AS new_rows")}
{into(counted("grants_awards_award"))};
"""  # noqa: S608
GONE = """
DROP FUNCTION grants_payments_carry_anew() CASCADE;
DROP FUNCTION grants_payments_carry() CASCADE;
DROP FUNCTION grants_payments_await_insert() CASCADE;
DROP FUNCTION grants_payments_await_delete() CASCADE;
DROP FUNCTION grants_payments_await_update() CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("grants_awards", "0003_orders"),
        ("grants_payments", "0002_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name='Awaited',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of_call', models.BigIntegerField()),
                ('frame', models.CharField(max_length=31)),
                ('state', models.CharField(max_length=24)),
                ('project_ends_on', models.DateField()),
                ('is_carried', models.BooleanField()),
                ('awards', models.IntegerField()),
                ('rest', models.BigIntegerField()),
                ('yen_0', models.BigIntegerField()),
                ('some_0', models.IntegerField()),
                ('late_0', models.IntegerField()),
                ('held_0', models.BigIntegerField()),
                ('whole_0', models.IntegerField()),
                ('yen_1', models.BigIntegerField()),
                ('some_1', models.IntegerField()),
                ('late_1', models.IntegerField()),
                ('held_1', models.BigIntegerField()),
                ('whole_1', models.IntegerField()),
                ('yen_2', models.BigIntegerField()),
                ('some_2', models.IntegerField()),
                ('late_2', models.IntegerField()),
                ('held_2', models.BigIntegerField()),
                ('whole_2', models.IntegerField()),
                ('orders', models.IntegerField()),
                ('ordered', models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(RULES, GONE),
    ]
