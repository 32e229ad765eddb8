"""Who somebody is and what they may do. Deep: the student owns the record."""
