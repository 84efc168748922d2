"""Tables of the ledger, as the newest migration leaves them. The migrations build them, with their triggers.

`event` keeps what the reckoning reads in typed columns; `payload` keeps what may be purged. The triggers refuse any
change of the past: they stop mistakes, not the file's owner, who is found out by the chain and its anchors.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text

metadata = MetaData()

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("criterion", Text, nullable=False),
    Column("grader", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", Integer),
    Column("quarters", Integer),
    Column("item", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("rubric", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("payload_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("event_by_kind", "kind"),
)

payload = Table(
    "payload",
    metadata,
    Column("event", Integer, ForeignKey("event.seq"), primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),
    Column("json", Text, nullable=False),
)
