"""The state machine over whole cases with money, by kinds of its rules; `test_money_promises` runs it."""
