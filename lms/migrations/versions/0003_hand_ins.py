"""Hand-ins and their marking, questions on a block, evaluations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


BEFORE, AFTER = ('final', 'pre', 'post'), ('final', 'pre', 'post', 'practice')


def _purposes(allowed: tuple[str, ...]) -> None:
    """Which purposes an attempt may have; SQLite makes the table anew for it; nothing refers to it."""
    rule = f"purpose IN ({', '.join(repr(one) for one in allowed)})"
    name = op.f('ck_test_attempt_purpose')
    with op.batch_alter_table('test_attempt') as batch_op:
        batch_op.drop_constraint(name, type_='check')
        batch_op.create_check_constraint(name, rule)


def upgrade() -> None:
    """Do."""
    op.create_table('comment_chip',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=False),
    sa.Column('question_key', sa.String(length=80), nullable=False),
    sa.Column('text', sa.String(length=120), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_comment_chip_account_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_comment_chip_course_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_chip')),
    sa.UniqueConstraint('account_id', 'course_id', 'question_key', 'text', name=op.f('uq_comment_chip_account_id_course_id_question_key_text'))
    )
    op.create_table('enquiry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=False),
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('lesson_key', sa.String(length=60), nullable=False),
    sa.Column('anchor', sa.String(length=200), nullable=False),
    sa.Column('heading', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_enquiry_course_id')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_enquiry_edition_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_enquiry_person_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_enquiry_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiry'))
    )
    with op.batch_alter_table('enquiry', schema=None) as batch_op:
        batch_op.create_index('ix_enquiry_course_lesson', ['course_id', 'lesson_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiry_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiry_unit_id'), ['unit_id'], unique=False)

    op.create_table('enquiry_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('enquiry_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pinned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pinned_question', sa.String(length=500), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_enquiry_answer_account_id')),
    sa.ForeignKeyConstraint(['enquiry_id'], ['enquiry.id'], name=op.f('fk_enquiry_answer_enquiry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiry_answer'))
    )
    with op.batch_alter_table('enquiry_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiry_answer_enquiry_id'), ['enquiry_id'], unique=False)

    op.create_table('evaluation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('study_id', sa.Uuid(), nullable=False),
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('useful', sa.SmallInteger(), nullable=False),
    sa.Column('clear', sa.SmallInteger(), nullable=False),
    sa.Column('will_use', sa.SmallInteger(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_evaluation_edition_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_evaluation_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation')),
    sa.UniqueConstraint('study_id', name=op.f('uq_evaluation_study_id'))
    )
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_edition_id'), ['edition_id'], unique=False)

    op.create_table('hand_in',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('study_id', sa.Uuid(), nullable=False),
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('lesson_key', sa.String(length=60), nullable=False),
    sa.Column('question_key', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('outcome', sa.Enum('accepted', 'again', name='markoutcome', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_hand_in_edition_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_hand_in_study_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_hand_in_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_in')),
    sa.UniqueConstraint('study_id', 'question_key', 'number', name=op.f('uq_hand_in_study_id_question_key_number'))
    )
    with op.batch_alter_table('hand_in', schema=None) as batch_op:
        batch_op.create_index('ix_hand_in_queue', ['unit_id', 'outcome', 'handed_in_at'], unique=False)

    op.create_table('marking',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hand_in_id', sa.Uuid(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('points', sa.String(length=20), nullable=False),
    sa.Column('outcome', sa.Enum('accepted', 'again', name='markoutcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('chips', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('marked_by_id', sa.Uuid(), nullable=True),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hand_in_id'], ['hand_in.id'], name=op.f('fk_marking_hand_in_id')),
    sa.ForeignKeyConstraint(['marked_by_id'], ['account.id'], name=op.f('fk_marking_marked_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_marking'))
    )
    with op.batch_alter_table('marking', schema=None) as batch_op:
        batch_op.create_index('ix_marking_hand_in', ['hand_in_id', 'marked_at'], unique=False)

    op.create_table('work',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hand_in_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('photo', 'voice', name='workkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hand_in_id'], ['hand_in.id'], name=op.f('fk_work_hand_in_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work'))
    )
    with op.batch_alter_table('work', schema=None) as batch_op:
        batch_op.create_index('ix_work_hand_in', ['hand_in_id', 'place'], unique=False)

    op.create_table('upload',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hand_in_id', sa.Uuid(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('pieces', sa.JSON(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('work_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['hand_in_id'], ['hand_in.id'], name=op.f('fk_upload_hand_in_id')),
    sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_upload_work_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload'))
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_upload_hand_in_id'), ['hand_in_id'], unique=False)

    with op.batch_alter_table('study_event', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('seed', sa.BigInteger(), nullable=True))

    with op.batch_alter_table('test_attempt', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('form', sa.String(length=1), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True))
    _purposes(AFTER)


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM test_attempt WHERE purpose = 'practice'")
    _purposes(BEFORE)
    with op.batch_alter_table('test_attempt', recreate='never') as batch_op:
        batch_op.drop_column('ends_at')
        batch_op.drop_column('form')

    with op.batch_alter_table('study_event', recreate='never') as batch_op:
        batch_op.drop_column('seed')

    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_upload_hand_in_id'))

    op.drop_table('upload')
    with op.batch_alter_table('work', schema=None) as batch_op:
        batch_op.drop_index('ix_work_hand_in')

    op.drop_table('work')
    with op.batch_alter_table('marking', schema=None) as batch_op:
        batch_op.drop_index('ix_marking_hand_in')

    op.drop_table('marking')
    with op.batch_alter_table('hand_in', schema=None) as batch_op:
        batch_op.drop_index('ix_hand_in_queue')

    op.drop_table('hand_in')
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_edition_id'))

    op.drop_table('evaluation')
    with op.batch_alter_table('enquiry_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiry_answer_enquiry_id'))

    op.drop_table('enquiry_answer')
    with op.batch_alter_table('enquiry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiry_unit_id'))
        batch_op.drop_index(batch_op.f('ix_enquiry_person_id'))
        batch_op.drop_index('ix_enquiry_course_lesson')

    op.drop_table('enquiry')
    op.drop_table('comment_chip')
