"""One case from its first press to the last yen, over HTTP, as firm and office do it."""

from __future__ import annotations

from datetime import date

from grants.applications import drafts, officer_list
from grants.applications.models import Application, Defect
from portal.approvals.models import Approval
from portal.audit.models import Event
from portal.documents.models import Document
from tools.demonstration.simulation import paper, parts
from tools.demonstration.simulation.answers import typed_by
from tools.faults.browsing import Browser, Page, found
from tools.faults.ledger import sha256
from tools.faults.people import Actor, Crowd
from tools.faults.town import lasting

PLEDGES = {"truth": "on", "rules": "on", "antisocial": "on"}


class Story(Actor):
    """`number`: of the draft, until it is handed in, and of the case since then; `case`: its key."""

    def __init__(self, crowd: Crowd, seed: int) -> None:
        super().__init__(crowd, seed)
        self.ledger = crowd.ledger
        self.organisation, self.person = self.town.firm()
        self.firm = crowd.browser(self.person)
        self.case, self.number = 0, ""

    def run(self) -> None:
        self.apply()
        self.fill()
        self.attach()
        self.hand_in("submit")
        if self.chance.random() < 0.4:
            self.send_back()
            self.hand_in("resubmit")
            self.settle()
        self.accept()
        self.decide("award")

    # -- what is there ----------------------------------------------------------------------------
    @property
    def application(self) -> Application:
        return Application.objects.select_related("case__organisation", "call").get(case=self.case)

    def office(self, name: str) -> Browser:
        return self.crowd.browser(self.staff[name])

    def told(self, subject: str, act: str) -> None:
        self.ledger.note("act", subject, act)

    # -- the firm ---------------------------------------------------------------------------------
    def apply(self) -> None:
        mine = Application.objects.filter(case__organisation=self.organisation)

        def press() -> Page:
            page = self.firm.open(f"/programmes/{self.town.call.code}/")
            answer = self.firm.send(page.form("/apply/"))
            if answer.is_done:
                self.number = answer.leads_to.split("/apply/")[1].split("/")[0]
            return answer

        self.do("begin", press, mine.exists, lambda: self.ledger.note("draft", self.number))
        case = lasting(lambda: mine.get().case)
        self.case, self.number = case.pk, case.number

    def fill(self) -> None:
        application = lasting(lambda: self.application)
        keys = lasting(lambda: list(drafts.form_classes(application)))
        with self.town.lock:
            typed = lasting(lambda: typed_by(self.town.sim, application, self.person))
        typed["plan"]["title"] = f"{typed['plan']['title']} {self.number}"
        for key in keys:
            if key in typed and key != "consent":
                self.section(key, typed[key])
        self.officers()
        self.section("consent", typed["consent"], page="documents")

    def section(self, key: str, typed: dict[str, str], page: str = "") -> None:
        where = f"/apply/{self.number}/{page or key}/"
        before = lasting(lambda: drafts.stored(self.application, key))
        version = before.version if before else 0

        def press() -> Page:
            opened = self.firm.open(where)
            form = found(opened, lambda form: "version" in form.names)
            return self.firm.send(form, typed)

        def is_kept() -> bool:
            now = drafts.stored(self.application, key)
            return now is not None and now.version > version

        mark = typed.get("title", "")
        self.do(key, press, is_kept, lambda: self.ledger.note("section", str(self.case), key, mark))

    def officers(self) -> None:
        row = {
            "p-TOTAL_FORMS": "1",
            "p-INITIAL_FORMS": "0",
            "p-0-name": self.person.name,
            "p-0-kana": "ヤマダ タロウ",
            "p-0-sex": "X",
            "p-0-address": self.organisation.address,
            **parts("p-0-born_on", date(1970, 1, 1)),
        }

        def press() -> Page:
            where = f"/apply/{self.number}/officers/"
            return self.firm.send(self.firm.open(where).form(where), row)

        self.do("officers", press, lambda: bool(officer_list.of(self.application).people))

    def attach(self) -> None:
        self.file(f"/apply/{self.number}/documents/", "quote")

    def file(self, where: str, key: str) -> None:
        data = paper(f"{self.number} {key} {self.chance.random()}")
        print_ = sha256(data)
        sent = Document.objects.filter(case=self.case, file__sent_sha256=print_)

        def press() -> Page:
            page = self.firm.open(where)
            form = found(page, lambda form: ("key", key) in form.fields)
            return self.firm.send(form, {}, {"file": ("見積書.pdf", data)})

        self.do(
            f"file {key[:5]}",
            press,
            sent.exists,
            lambda: self.ledger.note("file", str(self.case), key, print_),
        )
        self.wait(lambda: not sent.filter(file__checked_at=None).exists(), "checked")

    def hand_in(self, act: str) -> None:
        def press() -> Page:
            page = self.firm.open(f"/apply/{self.number}/review/")
            form = page.form("/review/")
            return self.firm.send(form, PLEDGES)

        def is_in() -> bool:
            return self.application.state == "submitted"

        key = lasting(lambda: self.application.subject_key)
        self.do(act, press, is_in, lambda: self.told(key, f"application.{act}"))
        self.number = lasting(lambda: self.application.case.number)

    # -- the office -------------------------------------------------------------------------------
    def send_back(self) -> None:
        officer = self.office("officer")
        home = f"/cases/{self.number}/"
        mine = Defect.objects.filter(application__case=self.case)
        said = {"cite": "要綱 第3条", "text": "登記のとおりの名称にしてください。"}

        def remark() -> Page:
            return officer.send(officer.open(home).form("/defects/"), said)

        self.do("remark", remark, mine.exists)
        self.transit(officer, "application", self.application_key(), "return_for_correction")

        def answer() -> Page:
            page = self.firm.open(f"/apply/{self.number}/")
            return self.firm.send(page.form("/remarks/"), {"text": "登記のとおりです。"})

        self.do("answer", answer, mine.exclude(answer="").exists)

    def settle(self) -> None:
        officer = self.office("officer")

        def press() -> Page:
            return officer.send(officer.open(f"/cases/{self.number}/").form("/resolve/"))

        open_ones = Defect.objects.filter(application__case=self.case, resolved_at=None)
        self.do("settle", press, lambda: not open_ones.exists())

    def accept(self) -> None:
        officer = self.office("officer")

        def press() -> Page:
            form = officer.open(f"/cases/{self.number}/").form("/checks/")
            noted = {n: "clear" for n in form.names if n.startswith("result-")}
            noted |= {n: "照会の回答" for n in form.names if n.startswith("evidence-")}
            noted |= {"result-antisocial": "not_needed", "accept": "on"}
            return officer.send(form, noted)

        self.do("accept", press, lambda: self.application.state == "accepted")

    def decide(self, act: str, typed: dict[str, str] | None = None) -> None:
        """Drafted by one, decided by the other."""
        officer, director = self.office("officer"), self.office("director")
        drafted = Approval.objects.filter(items__case=self.case, act=act)
        given = {"decider": str(self.staff["director"].pk)} | (typed or {})

        def draft() -> Page:
            page = officer.open(f"/approvals/new/?act={act}&case={self.number}")
            return officer.send(page.form("/approvals/new/"), given)

        self.do(f"draft {act}", draft, drafted.exists)
        key = lasting(lambda: drafted.latest("pk").pk)
        self.transit(director, "approval", key, "approve")

    def transit(
        self, who: Browser, model: str, pk: int, name: str, typed: dict[str, str] | None = None
    ) -> None:
        """By the one page of every transition."""
        where = f"/do/{model}/{pk}/{name}/"
        subject, act = f"{model}:{pk}", f"{model}.{name}"
        before = lasting(lambda: events(subject, act))

        def press() -> Page:
            return who.send(who.open(where).form(where), typed)

        self.do(act, press, lambda: events(subject, act) > before, lambda: self.told(subject, act))

    def application_key(self) -> int:
        return lasting(lambda: self.application.pk)


def events(subject: str, act: str) -> int:
    """How often the record has it."""
    return Event.objects.filter(subject=subject, action=act).count()
