"""What Alembic runs: the steps, in the transaction of the connection that `database` hands over."""

from __future__ import annotations

from alembic import context

from isa_extract.evidence.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
