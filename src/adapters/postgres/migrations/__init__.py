"""The way of the schema, step by step; each step can be taken back."""
