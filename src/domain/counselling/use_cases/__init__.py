"""What counsellors do."""
