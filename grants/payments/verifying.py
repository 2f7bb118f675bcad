"""Does each award carry what its sources say, each case what its payments say, and is what awards wait
for what they come to?
"""

from grants.awards import carried
from grants.payments import awaited, by_case


def first_fault() -> str:
    """The numbers of the first cases that differ, in a sentence, or ""."""
    wrong = list(carried.differing().values_list("case__number", flat=True)[:20])
    wrong += awaited.differing().values_list("case__number", flat=True)[:20]
    wrong += by_case.differing().values_list("number", flat=True)[:20]
    if wrong:
        return f"awards differ: {', '.join(wrong)}"
    return "" if awaited.is_exact() else "what awards wait for differs"
