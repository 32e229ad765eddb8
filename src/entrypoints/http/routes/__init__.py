"""The routes, one module a concept, each with its wire format beside it."""
