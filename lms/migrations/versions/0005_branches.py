"""Branches of a course, of which a learner takes one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do."""
    with op.batch_alter_table('lesson', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('branch', sa.String(length=60), server_default='', nullable=False))



def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('lesson', schema=None, recreate='never') as batch_op:
        batch_op.drop_column('branch')

