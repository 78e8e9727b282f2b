"""Fingerprints that people compare by reading aloud: words that are spelled alike in English and German.

Respondents compare them on three papers that do not know each other (the page, the mail, the team's sheet), so that
nobody can be given a key of their own, which would tell whose answers are whose.
"""

from __future__ import annotations

import hashlib

N_WORDS = 8
"""One word stands for one byte."""
# One list for all languages: a mail in German and a sheet in English must read the same. No two words differ in a
# single letter or begin with the same four.
_ALL = """
alarm album alligator alpha anorak april aquarium arena arm asphalt aster astronaut atelier august avocado
badminton bagel baguette ball banjo barometer basalt baseball bison bistro blazer blues boiler bonbon bongo
bonsai boxer buffet bungalow burger bus butter calcium camp canyon caravan cello chalet clown cocktail collie
comic computer container croissant curry delta dessert diesel dingo display dollar domino echo emu ficus film
filter finger fjord flora frisbee garage gazelle gecko generator gold gong gorilla hammer hamster hand hangar
hardware helium hockey horn hotel husky ibis indigo jaguar jazz jeans joker judo karaoke kebab ketchup kimono
kiosk kiwi koala laptop lasagne laser lasso lava lemming leopard lift lobby logo lotus magenta magma magnet
mango marathon marzipan mixer monitor motor muffin museum mustang neon nest nickel notebook november nylon olive
omega onyx opal opossum orange orbit origami otter panda panorama panther papaya paprika parade park pasta pesto
phantom piano pilot piranha pixel pizza planet polka pollen polo polyp pony pool popcorn poster professor
propeller pudding pullover puma puzzle python quark quiz radar radio reporter ring risotto rose route rucksack
rugby safari saga salami salon samba sandwich satin sauna scanner schnitzel scooter sensor september server
shampoo signal silo skyline slalom slipper sneaker snowboard sofa spaghetti spaniel spray sprint squash station
steak steppe studio sushi sweater symbol tablet taiga tandem tapir taxi teddy tennis tenor terminal terrier
ticket tiger toast tofu tornado torso tortilla tourist trainer tram trio tundra tunnel turban ukulele uniform
veranda video villa vitamin wasabi western wind winter wok wolf wombat yacht yoga zebra zeppelin zoo zucchini
"""
WORDS: tuple[str, ...] = tuple(_ALL.split())


def fingerprint_words(named: bytes) -> tuple[str, ...]:
    """Return the words of a team's key: one for each of the first 8 bytes of its SHA-256.

    :param named: the key with its campaign and team, as `credentials.named_key` returns it.
    """
    return tuple(WORDS[byte] for byte in hashlib.sha256(named).digest()[:N_WORDS])
