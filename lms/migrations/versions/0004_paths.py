"""Paths, their learners, credits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do."""
    op.create_table('path',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('audience', sa.String(length=40), nullable=False),
    sa.Column('summary', sa.String(length=500), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_path_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_path')),
    sa.UniqueConstraint('slug', name=op.f('uq_path_slug'))
    )
    with op.batch_alter_table('path', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_path_unit_id'), ['unit_id'], unique=False)

    op.create_table('path_learner',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('path_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['path_id'], ['path.id'], name=op.f('fk_path_learner_path_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_path_learner_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_path_learner')),
    sa.UniqueConstraint('path_id', 'person_id', name=op.f('uq_path_learner_path_id_person_id'))
    )
    with op.batch_alter_table('path_learner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_path_learner_person_id'), ['person_id'], unique=False)

    op.create_table('path_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('path_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('course', 'class', 'task', 'visit', name='stepkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=True),
    sa.Column('question_key', sa.String(length=80), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_path_step_course_id')),
    sa.ForeignKeyConstraint(['path_id'], ['path.id'], name=op.f('fk_path_step_path_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_path_step'))
    )
    with op.batch_alter_table('path_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_path_step_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_path_step_path_id'), ['path_id'], unique=False)

    op.create_table('credit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('step_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('evidence', sa.String(length=500), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.Enum('asked', 'granted', 'refused', name='creditstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_credit_asked_by_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_credit_decided_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_credit_person_id')),
    sa.ForeignKeyConstraint(['step_id'], ['path_step.id'], name=op.f('fk_credit_step_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_credit_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit'))
    )
    with op.batch_alter_table('credit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_credit_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_credit_step_id'), ['step_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_credit_unit_id'), ['unit_id'], unique=False)



def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('credit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_credit_unit_id'))
        batch_op.drop_index(batch_op.f('ix_credit_step_id'))
        batch_op.drop_index(batch_op.f('ix_credit_person_id'))

    op.drop_table('credit')
    with op.batch_alter_table('path_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_path_step_path_id'))
        batch_op.drop_index(batch_op.f('ix_path_step_course_id'))

    op.drop_table('path_step')
    with op.batch_alter_table('path_learner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_path_learner_person_id'))

    op.drop_table('path_learner')
    with op.batch_alter_table('path', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_path_unit_id'))

    op.drop_table('path')
