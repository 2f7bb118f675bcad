from portal.approvals.models.approval import Approval
from portal.approvals.models.parts import Item, Step

__all__ = ["Approval", "Item", "Step"]
