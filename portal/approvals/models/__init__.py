from portal.approvals.models.approval import Approval
from portal.approvals.models.parts import Dropped, Item, Step

__all__ = ["Approval", "Dropped", "Item", "Step"]
