"""Which use case is made of what: a container a concept, all over the ones that are given."""
