"""What stored values read on pages: English source sentences, translated where they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from reports.languages import phrase


@dataclass(frozen=True)
class WayWords:
    """A way to answer: its name, what it takes, what it protects and what it does not."""

    name: str
    takes: str
    protects: str
    not_protects: str


WAYS = {
    "cards": WayWords(
        phrase("Printed cards"),
        phrase("As many single-use cards as people, with a QR code; shuffled and drawn from a hat or a box."),
        phrase("Nobody can know who drew which card, and each card counts once."),
        phrase("Hand them out yourself and look away: cards given to people by name protect nobody."),
    ),
    "open_link": WayWords(
        phrase("Open link"),
        phrase("One address and QR code for everybody in the room; made for workshops."),
        phrase("There is no code: nothing that is sent tells one person from another."),
        phrase("One person can answer several times, so nothing is shown of fewer than 8 answers."),
    ),
    "email": WayWords(
        phrase("E-mail invitations"),
        phrase(
            "A mail to each person, with a link that collects a credential; they answer with it later, on any device. "
            "Needs HTTPS, mail settings and an address for every member."
        ),
        phrase("Nobody who reads the database can tell which answer came with which invitation, and each counts once."),
        phrase("Collecting needs JavaScript, and whoever loses what they collected cannot answer this time."),
    ),
    "imported": WayWords(phrase("Imported answers"), "", "", ""),
}
