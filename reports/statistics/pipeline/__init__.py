"""The steps from what the portal knows to tables that may be published; pure computing, no page."""
