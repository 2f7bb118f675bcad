"""The parts of an agreement and of a report, what they begin with, and which of them are secret."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import ApplicationVersion
from portal.accounts.models import User
from portal.types import Text
from startups.pilots.models import Pilot

# part → (label, rows of the box, letters)
PARTS = {
    "hypothesis": (_lazy("仮説（何を、どう変えられると考えるか）"), 3, 800),
    "plan": (_lazy("進め方と日程"), 5, 2000),
    "city_does": (_lazy("市町村が行うこと・提供するもの"), 4, 1500),
    "firm_does": (_lazy("提案者が行うこと"), 4, 1500),
    "costs": (_lazy("費用の分担"), 3, 1000),
    "data": (_lazy("データと個人情報の扱い"), 4, 1500),
    "rights": (_lazy("成果と知的財産の扱い"), 3, 1000),
    "price_after": (_lazy("実証のあとの価格の考え方"), 2, 800),
}
REPORT = {
    "done": (_lazy("行ったこと"), 5, 2000),
    "result": (_lazy("結果と、目標との差"), 5, 2000),
    "lessons": (_lazy("分かったこと・うまくいかなかったこと"), 4, 2000),
    "cost": (_lazy("かかった費用と時間"), 3, 1000),
    "next": (_lazy("本格導入するときに必要なこと"), 3, 1500),
}
# part → the answer of the proposal that it begins with, and whose mark of secrecy it inherits
FROM = {
    "hypothesis": "solution",
    "plan": "pilot",
    "city_does": "needs",
    "data": "data",
    "rights": "rights",
    "price_after": "price",
}


def _version(pilot: Pilot) -> ApplicationVersion | None:
    return pilot.application.last_version


def secret(pilot: Pilot) -> set[str]:
    """The parts whose answers the proposer marked secret."""
    version = _version(pilot)
    marks = set(version.content.get("secrecy", {}).get("secret", [])) if version else set()
    found = {part for part, key in FROM.items() if f"plan.q_{key}" in marks}
    return found | ({"costs"} if "costs" in marks else set())


def starting(pilot: Pilot) -> dict[str, str]:
    """What the challenge and the open answers of the proposal say already;
    secret answers are not copied.
    """
    version, asked, hidden = _version(pilot), pilot.challenge.content, secret(pilot)
    plan = version.content["plan"] if version else {}
    said = {
        part: "" if part in hidden else str(plan.get(f"q_{key}") or "")
        for part, key in FROM.items()
    }
    said["city_does"] = "\n".join(
        filter(None, [asked.get("field_offered"), asked.get("data_offered"), said["city_does"]])
    )
    return {part: text[: PARTS[part][2]] for part, text in said.items()}


def readable(pilot: Pilot, user: User) -> list[tuple[Text, str]]:
    """(label, text) of the terms that this person may read:
    secret parts only by whom the proposal itself clears.
    """
    version = _version(pilot)
    hidden = set() if version is None or version.is_cleared(user) else secret(pilot)
    return [
        (label, pilot.terms[part])
        for part, (label, *_size) in PARTS.items()
        if pilot.terms.get(part) and part not in hidden
    ]
