"""How a store gets its tables, and how an older store gets those of today; run by Alembic from `database`."""
