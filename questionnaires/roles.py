"""The role question: which of four kinds of work is nearest to the respondent's own.

It may be asked once in a campaign, after everything else. It is compared for the organisation only.
"""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from questionnaires.texts import Frozen, Identifier, Text

# The four roles, in the order of their stored values 1 to 4.
ROLES: tuple[str, ...] = ("building", "running", "deciding", "leading")


class RoleOption(Frozen):
    """One of the four roles."""

    id: Literal["building", "running", "deciding", "leading"]
    name: Text
    explanation: Text


class RoleQuestion(Frozen):
    """Which of four roles is nearest to the respondent's own: asked last, and never counted for a team."""

    meaning: Identifier
    prompt: Text
    explanation: Text
    options: tuple[RoleOption, ...]

    @model_validator(mode="after")
    def _has_all_roles_in_order(self) -> RoleQuestion:
        if tuple(option.id for option in self.options) != ROLES:
            raise ValueError(
                f"the role question offers other roles; give the options {', '.join(ROLES)}, in this order"
            )
        return self

    def option(self, value: int) -> RoleOption:
        """Return the role stored as value 1 (building) to 4 (leading)."""
        return self.options[value - 1]
