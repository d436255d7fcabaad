"""Titles of classes without marks, for the search."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do."""
    with op.batch_alter_table('training_class', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('title_loose', sa.String(length=200), server_default='', nullable=False))
        batch_op.create_index(batch_op.f('ix_training_class_title_loose'), ['title_loose'], unique=False)
    classes = sa.table('training_class', sa.column('id', sa.Uuid()), sa.column('title'), sa.column('title_loose'))
    rows = op.get_bind().execute(sa.select(classes.c.id, classes.c.title)).all()
    for key, title in rows:
        op.execute(sa.update(classes).where(classes.c.id == key).values(title_loose=_loose(title)))


def _loose(title: str) -> str:
    """As `lms.core.names.loose` folded on the day of this change."""
    plain = unicodedata.normalize('NFD', title.casefold().replace('đ', 'd'))
    return ''.join(mark for mark in plain if not unicodedata.combining(mark) and mark not in "'’")


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('training_class', schema=None, recreate='never') as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_class_title_loose'))
        batch_op.drop_column('title_loose')
