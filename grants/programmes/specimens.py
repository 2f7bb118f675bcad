"""A specimen of a paper in a programme's own words: every value but the programme's is made up."""

from grants.programmes.parameters import Programme
from grants.programmes.wordings import Wording
from portal import clock, fiscal
from portal.notices.issue import Specimen, specimen
from portal.registry.codes import SAPPORO

FIRM, TITLE = "株式会社見本", "見本の事業"
# the real one says of each case what was decided, and under which provision
STANDARD = "【標準の文：何を、どの規定により決めたかが、案件ごとにここに入ります。】"
REST = "この書面で知らせることが、案件ごとに続きます。"


def of(stated: Programme, paper: str, wording: Wording | None) -> Specimen:
    """In the standard words where it has none of its own. Raises NotReady where no signer was entered."""
    own = SAPPORO in stated.municipalities or len(stated.municipalities) != 1
    year = fiscal.fiscal_year(clock.today())
    receipt = f"{stated.prefix}-0000"
    return specimen(
        paper,
        {
            "to": [FIRM, "代表取締役　見本　花子　様"],
            "issuers": [SAPPORO if own else stated.municipalities[0]],
            "office": stated.office.ja if own else "",
            "phone": stated.phone if own else "",
            "subject": f"{fiscal.era_fiscal_year(year)}{stated.name.ja}について",
            "body": STANDARD,
            "items": [["受付番号", receipt], ["事業の名称", TITLE], ["ほかの項目", REST]],
            "small": "",
            "wordings": {paper: wording.words} if wording else {},
            "slots": {
                "firm": FIRM,
                "programme": stated.name.ja,
                "year": fiscal.era_fiscal_year(year),
                "title": TITLE,
                "receipt": receipt,
                "requested": "1,000,000円" if stated.unit == "yen" else "3席",
                "amount": "800,000円",
                "office": stated.office.ja,
                "phone": stated.phone,
            },
        },
    )
