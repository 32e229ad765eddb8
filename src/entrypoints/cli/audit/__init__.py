"""Commands that look at the audit trail."""
