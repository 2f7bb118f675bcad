"""Jobs of the case room."""

from procrastinate.contrib.django import app

from portal import again
from portal.cases import hand_over, postponing, search, tallies, turns
from portal.cases.models import Case
from portal.cases.ports import kept_anew


@app.task(name="rewrite_turns", retry=again.DATABASE)
def rewrite_turns(cases: list[int]) -> None:
    """The turns of cases that another transaction held when they were to be rewritten."""
    turns.rewrite(Case.objects.filter(pk__in=cases), wait=True)


@app.periodic(cron="*/5 * * * *")
@app.task(name="pass_time", retry=again.OFTEN, queueing_lock="pass_time")
def pass_time(timestamp: int) -> None:
    """What changes at a moment that nobody acts in: an intake period ended, a role began or ended."""
    hand_over.pass_cases()
    turns.pass_time()


@app.periodic(cron="45 22 * * *")  # 07:45 in Sapporo, before the reminders
@app.task(name="catch_up_closures", retry=again.DAILY, queueing_lock="catch_up_closures")
def catch_up_closures(timestamp: int) -> None:
    """Deadlines that were reckoned while a closure was being confirmed."""
    postponing.catch_up()


@app.periodic(cron="15 18 * * *")  # 03:15 in Sapporo
@app.task(name="gather_tallies", retry=again.DAILY, queueing_lock="gather_tallies")
def gather_tallies(timestamp: int) -> None:
    """What a day's changes of turns and open cases add up to."""
    tallies.gather()


@app.task(name="index_cases", retry=again.DATABASE)
def index_cases(cases: list[int]) -> None:
    """What these cases are found by, after something was done in them."""
    search.index(cases)
    for write in kept_anew.values():
        write(cases)


@app.periodic(cron="*/5 * * * *")
@app.task(name="index_missing", retry=again.OFTEN, queueing_lock="index_missing")
def index_missing(timestamp: int) -> None:
    """Cases that no search finds yet, as after an upgrade: some thousand at a time."""
    for _done in search.index_all(list(search.missing()[:5_000])):
        pass
