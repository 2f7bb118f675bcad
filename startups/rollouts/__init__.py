"""本格導入: each municipality's own road from an evaluated pilot to a contract,
and whether it is in use.
"""
