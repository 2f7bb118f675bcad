"""実証: the agreement, the ledger of what was measured, what the city lends, and what came of it."""
