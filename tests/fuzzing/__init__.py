"""Asking every operation of the OpenAPI document for everything that its shapes allow, and for what they do not."""
