"""System checks at start: every port is filled, every form that a graph names exists, every notice
that goes out, every state is reachable in words.
"""

from django.core.checks import Error

from portal.ports import every_port
from portal.workflow.graph import LifeCycle, life_cycles
from portal.workflow.ports import notice_kinds, transition_forms

# how the rooms hang together; also asked for when a web server starts (portal/wsgi.py)
HOUSE = "house"


def ports_are_filled(**_options: object) -> list[Error]:
    return [
        Error(f"The port {port.name} is empty: no room fills it.", id="workflow.E006")
        for port in every_port()
        if not port.is_filled
    ]


def graphs_resolve(**_options: object) -> list[Error]:
    errors = []
    for model in life_cycles():
        for spec in model.specs().values():
            where = f"{model._meta.label}.{spec.name}"
            if spec.form and spec.form not in transition_forms:
                errors.append(
                    Error(f"{where} names the unknown form {spec.form!r}", id="workflow.E001")
                )
            if unknown := {spec.target, *spec.sources} - {""} - set(model.STATES):
                errors.append(
                    Error(f"{where} names unknown states {sorted(unknown)}", id="workflow.E003")
                )
        errors += _outgoing_resolves(model)
    return errors


def _outgoing_resolves(model: type[LifeCycle]) -> list[Error]:
    errors = []
    named = [
        (name, sent)
        for name, outgoing in model.OUTGOING.items()
        for sent in (outgoing, outgoing.counter)
        if sent is not None
    ]
    for name, outgoing in named:
        where = f"{model._meta.label}.OUTGOING[{name!r}]"
        if name not in model.specs():
            errors.append(Error(f"{where} is no transition", id="workflow.E004"))
        if outgoing.paper and outgoing.paper not in notice_kinds:
            errors.append(
                Error(f"{where} names the unknown notice {outgoing.paper!r}", id="workflow.E002")
            )
        if outgoing.paper and outgoing.applicant is None:
            errors.append(Error(f"{where} has a paper that nobody hears of", id="workflow.E005"))
        if outgoing.mails and not hasattr(model, "case") and model.hearers is LifeCycle.hearers:
            errors.append(Error(f"{where} has mails that nobody hears", id="workflow.E007"))
    return errors
