"""The ledger (registre): the append-only truth of a course, on SQL."""

from grading.ledger.store import Ledger as Ledger
