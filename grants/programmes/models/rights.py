"""Who works on programmes and calls, and who approves them."""

from portal.accounts.permissions import office

EDITORS = ("programme_officer",)
APPROVERS = ("approver",)
BY_EDITORS = office(*EDITORS)
BY_APPROVERS = office(*APPROVERS)
BY_EITHER = office(*EDITORS, *APPROVERS)
