"""The demonstration's people and cases, whose password is published, are made only where DEMO is on."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from portal.accounts import demo
from portal.accounts.models import User
from tools.demonstration import people


@pytest.mark.parametrize("command", ["simulate", "make_demo_people", "show_demo_people"])
def test_commands_of_the_demonstration_refuse_elsewhere(
    db: None, settings: Settings, command: str
) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command(command)
    assert not User.objects.filter(is_system=False).exists()


@pytest.mark.parametrize("make", [people.staff, people.applicants])
def test_no_code_makes_a_person_with_the_published_password_elsewhere(
    db: None, settings: Settings, make: Callable[[], dict[str, User]]
) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off"):
        make()
    assert not User.objects.filter(email__endswith=demo.DOMAIN).exists()
