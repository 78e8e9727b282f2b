"""The coaches' forms. Labels are English source sentences; templates and messages translate them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange

from assessment.domain.campaign import FOCUS_LIMIT, REPORTING_SIZE, Quarter, Way
from assessment.services.organisation import OrganisationView
from assessment.web.i18n import request_language
from questionnaires.instrument import ASPECTS, Instrument
from questionnaires.loader import available
from reports.languages import LANGUAGES, phrase

LARGEST_REPORTING_SIZE = 50
WEEKS_TO_ANSWER = 2


# WTForms' own sentences, in ours: they name the remedy, and our catalogues translate them.
OURS = {
    "Not a valid integer value.": phrase("Write the reporting size as a whole number."),
    "Not a valid date value.": phrase("Write the day as year, month and day, such as 2026-09-30."),
    "Not a valid time value.": phrase("Write the time as hours and minutes, such as 18:00."),
    "Not a valid choice.": phrase("Choose one of the values that are offered."),
}


class Sentences:
    """Stands in for WTForms' translations."""

    def gettext(self, message: str) -> str:
        """Return our sentence for one of WTForms'."""
        return OURS.get(message, message)

    def ngettext(self, _one: str, _many: str, _n: int) -> str:
        """Return our sentence for the one message that has a plural: several choices that are none."""
        return OURS["Not a valid choice."]


class Form(FlaskForm):
    """Base of our forms: messages in the language of the request."""

    class Meta(FlaskForm.Meta):
        """How WTForms treats our forms."""

        def get_translations(self, _form: Any) -> Sentences:
            """Return our sentences."""
            return Sentences()

    def messages(self) -> list[tuple[str, str]]:
        """Return the id of each field with a problem, with the sentence in the language of the request."""
        gettext = request_language().gettext
        return [
            (str(self[name].id), gettext(str(error)))
            for name, errors in self.errors.items()
            if name
            for error in errors
        ]


class SignInForm(Form):
    """Who comes in."""

    email = EmailField(validators=[InputRequired(phrase("Write your e-mail address.")), Length(max=254)])
    password = PasswordField(validators=[InputRequired(phrase("Write your password.")), Length(max=1024)])


class ImportForm(Form):
    """A CSV of members, pasted or as a file."""

    pasted = TextAreaField()
    file = FileField()

    def source(self) -> bytes:
        """Return the bytes that were given; a file counts before pasted text."""
        if self.file.data is not None and self.file.data.filename:
            content: bytes = self.file.data.read()
            return content
        return (self.pasted.data or "").encode()


class ConfirmImportForm(Form):
    """The content of a dry run, on its way back: nothing of it is stored in between."""

    content = HiddenField()
    remove_missing = BooleanField()


class Confirm(Form):
    """Nothing but the token, for a button."""


class OpenForm(Form):
    """The one box before opening."""

    checked = BooleanField(
        validators=[InputRequired(phrase("Tick the box once the teams, the closing time and the sizes are right."))]
    )


class AddressForm(Form):
    """Another address for somebody's invitation."""

    member_id = IntegerField(validators=[InputRequired()])
    email = EmailField(validators=[InputRequired(phrase("Write the address that is right.")), Length(max=254)])


class VoidForm(Form):
    """The quarter, typed, before everything is destroyed."""

    quarter = StringField()

    def __init__(self, expected: str) -> None:
        super().__init__()
        self.expected = expected

    def validate_quarter(self, field: StringField) -> None:
        """Pass when the quarter of the campaign was typed.

        :raise ValidationError: for anything else.
        """
        if (field.data or "").strip().upper() != self.expected:
            raise ValidationError(phrase("Type the quarter exactly as it stands above; nothing was destroyed."))


def _offered(values: Iterable[object]) -> Any:
    """Return choices that are their own labels; the stubs of WTForms know pairs only, WTForms itself warns of them."""
    return [str(value) for value in values]


def _number(value: Any) -> int:
    return int(value)


class DraftForm(Form):
    """Everything that opening will freeze, but the roster."""

    quarter = SelectField()
    teams = SelectMultipleField(
        coerce=_number, validators=[InputRequired(phrase("Choose at least one team."))], validate_choice=True
    )
    instruments = SelectMultipleField(validators=[InputRequired(phrase("Choose at least one questionnaire."))])
    role = BooleanField()
    way = RadioField(choices=_offered((Way.EMAIL, Way.CARDS, Way.OPEN_LINK)))
    closes_on = DateField(validators=[InputRequired(phrase("Choose the day on which the campaign closes."))])
    closes_at = TimeField(validators=[InputRequired(phrase("Choose the time at which the campaign closes."))])
    reporting_size = IntegerField(
        validators=[
            InputRequired(phrase("Write the reporting size, 5 or more.")),
            NumberRange(
                REPORTING_SIZE,
                LARGEST_REPORTING_SIZE,
                phrase("The reporting size is 5 to 50; it may be raised, never lowered."),
            ),
        ]
    )
    focus = SelectMultipleField(choices=_offered(ASPECTS))
    language = SelectField(choices=_offered(LANGUAGES))

    def __init__(
        self, organisation: OrganisationView, own_teams: Sequence[int], now: datetime, **values: object
    ) -> None:
        super().__init__(**values)
        self.zone, self.now = ZoneInfo(organisation.timezone), now
        self.teams.choices = _offered(own_teams)
        self.instruments.choices = _offered(chosen_freely())
        chosen = str(values.get("quarter") or "")
        self.quarter.choices = _offered(quarters(now.astimezone(self.zone), chosen))

    def closing_time(self) -> datetime:
        """Return the closing time in the organisation's time zone; only after validation."""
        assert self.closes_on.data is not None
        assert self.closes_at.data is not None
        return datetime.combine(self.closes_on.data, self.closes_at.data, tzinfo=self.zone)

    def validate_closes_on(self, field: DateField) -> None:
        """Pass for a closing time in the future.

        :raise ValidationError: for one that has passed.
        """
        if field.data and self.closes_at.data and self.closing_time() <= self.now:
            raise ValidationError(phrase("The closing time has passed already; choose a later one."))

    def validate_focus(self, field: SelectMultipleField) -> None:
        """Pass for none, one or two focus aspects.

        :raise ValidationError: for more: each further test would find more changes that are chance.
        """
        if len(field.data or ()) > FOCUS_LIMIT:
            raise ValidationError(phrase("Choose one or two focus aspects, or none."))

    def validate_instruments(self, field: SelectMultipleField) -> None:
        """Pass when no question would be asked twice.

        :raise ValidationError: for two questionnaires that share a question or an aspect.
        """
        seen: set[str] = set()
        for name in field.data or ():
            asked = {question.part for question in available()[name].questions} if name in available() else set()
            if seen & asked:
                raise ValidationError(
                    phrase("Two of the chosen questionnaires ask about the same thing; choose one of them.")
                )
            seen |= asked


def chosen_freely() -> dict[str, Instrument]:
    """Return the instruments to choose from; the role goes beside any of them and is asked for by its own box."""
    return {name: instrument for name, instrument in available().items() if instrument.role is None}


def quarters(today: datetime, chosen: str = "") -> list[str]:
    """Return the quarters to choose from: the one before, this one and the next two, and what is chosen already."""
    this = Quarter.of(today.date())
    offered = {str(this.before(n)) for n in (1, 0, -1, -2)}
    return sorted(offered | ({chosen} if chosen else set()))


def first_closing_time(now: datetime, zone: str) -> datetime:
    """Return what a new draft proposes: 18:00 on a weekday about two weeks ahead."""
    day = now.astimezone(ZoneInfo(zone)) + timedelta(weeks=WEEKS_TO_ANSWER)
    day -= timedelta(days=max(0, day.weekday() - 4))
    return day.replace(hour=18, minute=0, second=0, microsecond=0)
