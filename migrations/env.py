"""Alembic's entry: runs the numbered migrations on the connection it is handed. Imports nothing of ours."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=context.config.attributes.get("metadata"))
context.run_migrations()
