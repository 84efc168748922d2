"""Alembic migrations of the ledger, run by `grading.ledger.migrate`, each in one transaction with its record."""
