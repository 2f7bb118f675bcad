"""Who works on programmes and calls, and who approves them."""

from portal.accounts.permissions import office

EDITORS = ("programme_officer",)
APPROVERS = ("approver",)
# who says that the portal was away: whoever runs it for all towns, and whoever decides on calls
KEEPERS = (*APPROVERS, "administrator")
BY_EDITORS = office(*EDITORS)
BY_APPROVERS = office(*APPROVERS)
BY_EITHER = office(*EDITORS, *APPROVERS)
BY_KEEPERS = office(*KEEPERS)
