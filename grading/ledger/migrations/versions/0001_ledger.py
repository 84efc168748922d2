"""The ledger's two tables, and the triggers that keep its past."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("kind", "assessment", "subject", "criterion", "grader", "state")
        ),
        sa.Column("level", sa.Integer),
        sa.Column("quarters", sa.Integer),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("item", "at", "actor", "identity", "rubric", "facts")),
        sa.Column("payload_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_index("event_by_kind", "event", ["kind"])
    op.create_table(
        "payload",
        sa.Column("event", sa.Integer, sa.ForeignKey("event.seq"), primary_key=True, autoincrement=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("json", sa.Text, nullable=False),
    )
    # Written here in full, not imported: a migration must go on doing what it did when the schema has moved on.
    for trigger in (
        """CREATE TRIGGER event_only_next BEFORE INSERT ON event
           WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
           BEGIN SELECT raise(ABORT, 'ledger: an event is only ever added at the end'); END""",
        """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
           BEGIN SELECT raise(ABORT, 'ledger: an event is never changed'); END""",
        """CREATE TRIGGER event_no_delete BEFORE DELETE ON event
           BEGIN SELECT raise(ABORT, 'ledger: an event is never deleted'); END""",
        """CREATE TRIGGER payload_written_once BEFORE INSERT ON payload
           WHEN EXISTS (SELECT 1 FROM payload WHERE event = NEW.event)
           BEGIN SELECT raise(ABORT, 'ledger: a payload is written once'); END""",
        """CREATE TRIGGER payload_no_update BEFORE UPDATE ON payload
           BEGIN SELECT raise(ABORT, 'ledger: a payload is never changed'); END""",
        """CREATE TRIGGER payload_deleted_by_purge BEFORE DELETE ON payload
           WHEN (SELECT kind FROM event ORDER BY seq DESC LIMIT 1) <> 'purge'
           BEGIN SELECT raise(ABORT, 'ledger: a payload is deleted by a recorded purge only'); END""",
    ):
        op.execute(trigger)
