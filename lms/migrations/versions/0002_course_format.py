"""The course format whole: glossary, forms, audio, variants, blocks to search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do."""
    op.create_table('lesson_block',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('lesson_key', sa.String(length=60), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('anchor', sa.String(length=200), nullable=False),
    sa.Column('heading', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('loose', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_lesson_block_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_block')),
    sa.UniqueConstraint('edition_id', 'lesson_key', 'place', name=op.f('uq_lesson_block_edition_id_lesson_key_place'))
    )
    with op.batch_alter_table('edition', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('glossary', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('modules', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('forms', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('reader', sa.SmallInteger(), nullable=False, server_default='1'))

    with op.batch_alter_table('lesson', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('audio', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('variants', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('minutes_form', sa.Text(), nullable=True))



def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('lesson', recreate='never') as batch_op:
        batch_op.drop_column('minutes_form')
        batch_op.drop_column('variants')
        batch_op.drop_column('audio')

    with op.batch_alter_table('edition', recreate='never') as batch_op:
        batch_op.drop_column('reader')
        batch_op.drop_column('forms')
        batch_op.drop_column('modules')
        batch_op.drop_column('glossary')

    op.drop_table('lesson_block')
