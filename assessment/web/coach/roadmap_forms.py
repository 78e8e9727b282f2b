"""The forms of a roadmap, and marking the words in them that the ready rule points at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from assessment.domain.error_kinds import AssessmentError, Invalid
from assessment.domain.follow_up_errors import AlreadyEnded, NotReady
from assessment.domain.health_facts import PAGES, read_fact, read_pages
from assessment.domain.ready_rule import Field, Finding, Kind, check
from assessment.domain.roadmap import DUE, EVIDENCE, ROLE, ROLE_LENGTH, SIGN, SIGN_LENGTH, one_line
from assessment.web.coach.forms import Form
from assessment.web.i18n import request_language
from questionnaires.changes import catalogue
from reports.accumulation import names
from reports.follow_up import AgreedState, HealthFact
from reports.languages import phrase
from reports.roadmap_export import STATES

# By what an error calls a field, its name in the forms.
FIELDS = {ROLE: "role", SIGN: "sign", EVIDENCE: "evidence", DUE: "due"}
LENGTHS: Mapping[Field, int] = {"role": ROLE_LENGTH, "sign": SIGN_LENGTH}
# The values of errors that name changes by their ids.
CHANGES = ("change", "missing", "in_flight")
MOST_ASPECTS = 2


@dataclass(frozen=True)
class Marked:
    """A text in pieces, those that are not ready with their finding."""

    pieces: tuple[tuple[str, Finding | None], ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of the text."""
        return tuple(finding for _, finding in self.pieces if finding is not None)

    @classmethod
    def of(cls, name: Field, text: str, findings: Sequence[Finding]) -> Marked:
        """Cut a text at its findings, which point into it as services read it: on one line.

        Where the rule has a wording in the language of the page, it stands for the one in another language.
        """
        plain, place = one_line(text), 0
        pieces: list[tuple[str, Finding | None]] = []
        persons = [finding.words for finding in findings if finding.kind is Kind.PERSON]
        known = check(plain, name, request_language().code, persons)
        spoken = {(one.start, one.end): one.suggestion for one in known}
        findings = [replace(one, suggestion=spoken.get((one.start, one.end), one.suggestion)) for one in findings]
        for finding in sorted(findings, key=lambda one: one.start):
            pieces += [(plain[place : finding.start], None), (plain[finding.start : finding.end], finding)]
            place = finding.end
        return cls((*pieces, (plain[place:], None)))


@dataclass
class Refusal:
    """Why a form was not taken."""

    words: str = ""
    """A sentence about the whole."""
    marked: Mapping[str, Marked] = field(default_factory=dict)
    """By field: the text with the words that are not ready."""
    can_be_overridden: bool = False


class AgreeForm(Form):
    """What is agreed on about one change."""

    role = StringField(validators=[InputRequired(phrase("Write who looks after it: a role, never a name."))])
    due = DateField(validators=[InputRequired(phrase("Choose the day on which you look again."))])
    sign = TextAreaField(validators=[InputRequired(phrase("Write what somebody from outside could see."))])
    override = BooleanField()
    accepted: Collection[str] = ()
    """Texts that passed before, perhaps vague on purpose, when an agreement is corrected."""

    def refusal(self, error: AssessmentError) -> Refusal:
        """Put an error where it belongs: words that are not ready at their field, the rest above the form."""
        if not isinstance(error, Invalid):
            return _refusal(self, error)
        # Whatever else is not ready is told at once, not with the next try.
        texts: dict[Field, str] = {"role": self.role.data or "", "sign": self.sign.data or ""}
        found: dict[str, Sequence[Finding]] = {name: _checked(text, name) for name, text in texts.items()}
        if isinstance(error, NotReady):
            found[FIELDS[error.field]] = error.findings
        else:
            _refusal(self, error)
        new: list[Field] = [name for name in texts if found[name] and texts[name] not in self.accepted]
        marked = {str(name): Marked.of(name, texts[name], found[name]) for name in new}
        refuses = any(finding.refuses for name in new for finding in found[name])
        return Refusal(marked=marked, can_be_overridden=bool(marked) and not refuses)


class EndForm(Form):
    """What became of an agreement."""

    state = HiddenField()
    evidence = TextAreaField()

    def refusal(self, error: AssessmentError) -> Refusal:
        """Put an error where it belongs."""
        if isinstance(error, NotReady):
            return Refusal(marked={"evidence": Marked.of("evidence", self.evidence.data or "", error.findings)})
        return _refusal(self, error)


class InPlaceForm(Form):
    """Whether a change is there already."""

    is_in_place = BooleanField()


class FocusForm(Form):
    """The aspects that the next campaign tests."""

    aspects = SelectMultipleField()

    def __init__(self, asked: Collection[str], **values: Any) -> None:
        super().__init__(**values)
        # The stubs of WTForms know pairs only.
        self.aspects.choices = list[Any](asked)

    def validate_aspects(self, field: SelectMultipleField) -> None:
        """Pass for none, one or two.

        :raise ValidationError: for more.
        """
        if len(field.data or ()) > MOST_ASPECTS:
            raise ValidationError(phrase("Choose one or two focus aspects, or none."))


class HealthForm(Form):
    """A team's health facts of a quarter; every one may stay empty."""

    pages_per_week = StringField()
    night_pages = StringField()
    over_30_minutes = StringField()
    toil = StringField()
    reviews_due = StringField()
    reviews_written = StringField()
    actions_due = StringField()
    actions_on_time = StringField()
    page_shares = StringField()

    def read(self) -> tuple[dict[str, float | None], tuple[int, ...]] | None:
        """Return the facts and the pages per member, or None where a field holds what it cannot."""
        values: dict[str, float | None] = {}
        pages: tuple[int, ...] = ()
        for name in (*HealthFact, PAGES):
            typed = self[name].data or ""
            try:
                if name == PAGES:
                    pages = read_pages(typed)
                else:
                    values[str(name)] = read_fact(name, typed)
            except AssessmentError as error:
                self.blame(name, error)
        return None if self.errors else (values, pages)

    def blame(self, name: str, error: AssessmentError) -> None:
        """Put what is wrong below a field: the remedy alone, since its name and value stand there already."""
        gettext = request_language().gettext
        words = gettext(error.remedy, **error.named) if isinstance(error, Invalid) else error.translated(gettext)
        self[name].errors = [words]


class HealthFileForm(Form):
    """The quarter of an import."""

    quarter = SelectField(validate_choice=False)


def _checked(text: str, name: Field) -> Sequence[Finding]:
    """Check a text as services read it: on one line, and not at all where it is too long, which takes minutes."""
    plain = one_line(text)
    return check(plain, name) if len(plain) <= LENGTHS[name] else ()


def _refusal(form: Form, error: AssessmentError) -> Refusal:
    gettext = request_language().gettext
    if isinstance(error, Invalid) and FIELDS.get(error.field, "") in form:
        form[FIELDS[error.field]].errors = [gettext(error.remedy, **error.named)]
        return Refusal()
    return Refusal(told(error))


def told(error: AssessmentError) -> str:
    """Return an error's sentence with the titles of changes for their ids."""
    language, shelf = request_language(), catalogue()
    if isinstance(error, Invalid):
        return error.translated(language.gettext)
    values = dict(error.values)
    for name in CHANGES:
        if name in values:
            ids = str(values[name]).split(", ")
            values[name] = names(ids, shelf, language) or ", ".join(ids)
    if isinstance(error, AlreadyEnded):
        values["state"] = language.gettext(STATES[AgreedState(str(values["state"]))])
        values["ended_on"] = language.date(error.values["ended_on"])  # type: ignore[arg-type]
    return language.gettext(error.template, **values)
