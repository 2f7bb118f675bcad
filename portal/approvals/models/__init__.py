from portal.approvals.models.approval import Approval
from portal.approvals.models.attachments import Attachment
from portal.approvals.models.parts import KEEP_YEARS, Dropped, Item, Step
from portal.approvals.models.rules import RuleTable

__all__ = ["KEEP_YEARS", "Approval", "Attachment", "Dropped", "Item", "RuleTable", "Step"]
