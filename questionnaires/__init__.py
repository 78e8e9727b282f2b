"""Instruments and the catalogue of small changes: data, checked and frozen, that knows nothing of the rest."""

from questionnaires.answers import Answers, InvalidAnswers, decode, encode
from questionnaires.changes import RITUALS, Catalogue, SmallChange, catalogue, load_catalogue
from questionnaires.files import BrokenFile, Problem
from questionnaires.instrument import AREAS, ASPECTS, CULTURES, Instrument, Question, Questionnaire
from questionnaires.loader import UnknownInstrument, available, check_file, load_instrument, questionnaire
from questionnaires.roles import ROLES, RoleOption, RoleQuestion

__all__ = [
    "AREAS",
    "ASPECTS",
    "CULTURES",
    "RITUALS",
    "ROLES",
    "Answers",
    "BrokenFile",
    "Catalogue",
    "Instrument",
    "InvalidAnswers",
    "Problem",
    "Question",
    "Questionnaire",
    "RoleOption",
    "RoleQuestion",
    "SmallChange",
    "UnknownInstrument",
    "available",
    "catalogue",
    "check_file",
    "decode",
    "encode",
    "load_catalogue",
    "load_instrument",
    "questionnaire",
]
