"""The tables of what is left when a campaign has closed: figures of groups, never anything about one person."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from assessment.storage.base import Base


class Cover(Base):
    """What one kept figure is made of: how many answers of how many teams."""

    __tablename__ = "cover"
    __table_args__ = (sa.CheckConstraint("n >= 5 AND n_teams >= 1", name="reporting_size"),)
    node_id: Mapped[int] = mapped_column(sa.ForeignKey("node.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    n_teams: Mapped[int]


class HistogramRow(Base):
    """One value of one kept histogram."""

    __tablename__ = "histogram"
    __table_args__ = (
        sa.CheckConstraint("count > 0", name="count"),
        sa.ForeignKeyConstraint(["node_id", "measure"], ["cover.node_id", "cover.measure"], name="fk_histogram_cover"),
    )
    node_id: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class RoleFigure(Base):
    """One role's scores of one aspect in the whole organisation: how many, and a coarse mean, never a histogram."""

    __tablename__ = "role_figure"
    __table_args__ = (
        sa.CheckConstraint("n >= 10 AND n_teams >= 3", name="least"),
        sa.CheckConstraint("role IN ('building', 'running', 'deciding', 'leading')", name="role"),
    )
    node_id: Mapped[int] = mapped_column(sa.ForeignKey("node.id"), primary_key=True)
    aspect: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    n_teams: Mapped[int]
    tenths: Mapped[int]


class RoleTest(Base):
    """Whether roles answer one aspect differently within teams: the p value, to three decimals."""

    __tablename__ = "role_test"
    __table_args__ = (sa.CheckConstraint("thousandths BETWEEN 0 AND 1000", name="thousandths"),)
    node_id: Mapped[int] = mapped_column(sa.ForeignKey("node.id"), primary_key=True)
    aspect: Mapped[str] = mapped_column(primary_key=True)
    thousandths: Mapped[int]
