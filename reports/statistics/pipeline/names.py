"""Names that tables of figures are made of and read by: dimensions, their classes, checks.

Pages read by them too: no library is needed here.
"""

SIZES = ("1-5", "6-20", "21-50", "51-100", "101-300", "301-")  # people
AGES = ("0-3", "3-10", "10-20", "20-")  # years, from the lower bound on
UNKNOWN = "unknown"
ALL = "all"
PLACES = (
    "area",
    "municipality",
    "call",
)  # what is public with an award: where its corporation sits, and in which call it was made
ATTRIBUTES = (
    "industry",
    "size",
    "age",
    "history",
    "adviser",
    "month",
)  # what the list of awards does not tell about a corporation
MONEY = ("awarded", "fixed", "paid", "called_back", "returned")  # yen of an award
SUBSIDIES = ("subsidy", "support")  # kinds of call whose awards are money

# checks whose sums anyone may read: those of the list of corporations
# the others hold sole proprietors' money too, and beside the list would tell it
OPEN = ("list_awarded_yen", "list_paid_yen", "list_returned_yen")

# tables with hidden rows → what names a row
KEYS = {
    "ledger": ("fiscal_year", "programme", "unit"),
    "people": ("fiscal_year",),
    "applicants": ("fiscal_year", "form"),
    "applications_by": ("fiscal_year", "programme", "dimension", "key"),
    "outcomes": ("fiscal_year", "programme", "area", "measure"),
    "flow": ("fiscal_year", "programme", "measure"),
    "courses": ("fiscal_year", "measure"),
    "innovation": ("fiscal_year", "municipality", "measure"),
    "days": ("fiscal_year", "programme", "stage"),
    "effects": ("method", "outcome"),
}
MOVED = "moved"  # why an effect is not told anew
