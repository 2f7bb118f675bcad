from portal.approvals.models.approval import Approval
from portal.approvals.models.parts import KEEP_YEARS, Dropped, Item, Step

__all__ = ["KEEP_YEARS", "Approval", "Dropped", "Item", "Step"]
