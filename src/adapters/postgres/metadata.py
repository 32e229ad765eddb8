"""What all tables share: the naming of constraints, and the type of a moment.

What the application's role may do with a table stands in the table's ``info``: ``rights`` (left out: everything),
and ``changes``, the only columns that it may update.
"""

from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql import TIMESTAMP

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

MOMENT = TIMESTAMP(timezone=True)
APPEND_ONLY = {"rights": "SELECT, INSERT"}
