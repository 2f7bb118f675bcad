"""The kinds of entries in the book of a budget line."""

KINDS = (
    *("appropriation", "reduction", "supplement", "supplement_cut", "transfer", "voted"),
    *("allotment", "allotment_cut"),
    *("commitment", "decommitment", "disbursement", "reversal"),
    *("return", "return_undone"),
    *("carry_over", "accident", "carry_again"),
)
# after which a line has more or less left
MOVING = {
    "appropriation",
    "reduction",
    "supplement",
    "supplement_cut",
    "transfer",
    "allotment",
    "allotment_cut",
    "commitment",
    "decommitment",
    "return_undone",
}
# that say that money went out, and that it came back
OUT, BACK = ("disbursement", "return_undone"), ("return", "reversal")
