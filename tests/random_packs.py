"""Rule packs drawn at random: all of them are valid, and nothing in them is about the world.

What stands in a pack is decided by a number, which costs nothing to draw; how much of it, by the size, which shrinks.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st
from toml_writing import Data, as_pack

from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.reading import read_pack

FIRST = date(2019, 1, 1)
COUNTRY = "DE"
RATE, DAYS, WITHIN, YEAR, LEAD, OPEN = "rate", "held.days", "held.within", "year", "lead", "open"
UNITS = {RATE: "EUR/month", YEAR: "EUR/year", DAYS: "days", WITHIN: "days", LEAD: "weeks", OPEN: ""}
CIRCUMSTANCES = ("employed", "internship", "uni_assist", "several_passports")
CONFIDENCES = ("H", "M", "L", "U")


class PackWriter:
    """Writes the data of one pack; names begin with the pack's id, keys of facts are the same in every pack."""

    def __init__(self, random: Random, size: int, pack: str = "one", country: str = COUNTRY) -> None:
        self.random, self.size, self.pack, self.country = random, size, pack, country
        self.papers = [f"{pack}.paper{number}" for number in range(1 + random.randrange(size))]

    def data(self, layer: str = "base") -> Data:
        """Return a whole pack: each kind of record, and whatever one names."""
        return {
            "pack": {"id": self.pack, "title": "A pack", "version": "1", "review_by": "2027-01-01", "layer": layer},
            "sources": [{"id": "page", "title": "A page", "kind": "official", "retrieved_on": "2026-11-01"}],
            "facts": [fact for key in UNITS for fact in self.facts(key)],
            "tests": [self.test(name) for name in ("A", "B")],
            "concordances": [self.concordance(number) for number in range(1 + self.random.randrange(2))],
            "grade_scales": [self.scale("HOME", best=4), self.scale("ABROAD", best=100), self.german()],
            "grade_conversions": [self.formula(), self.line(), self.table()],
            "document_kinds": [self.paper(code) for code in self.papers],
            "checklists": [self.checklist()],
            "pathways": [self.pathway()],
            "money_rules": [self.monthly(), self.held(), self.yearly()],
            "closures": [self.closure(number) for number in range(self.random.randrange(3))],
            "intakes": [
                {"country": self.country, "term": self.pack, "starts_each": "10-01", "zone": "UTC", **self.said()}
            ],
        }

    def named(self, name: str) -> str:
        """Return the name as this pack's own."""
        return f"{self.pack}.{name}"

    def said(self) -> Data:
        """Return whence a record is and how far it can be trusted."""
        return {"source": "page", "confidence": self.random.choice(CONFIDENCES)}

    def some(self, things: list[str], most: int = 3) -> list[str]:
        """Return some of the things, none of them twice."""
        return self.random.sample(things, self.random.randint(0, min(most, len(things))))

    def day(self) -> date:
        """Return some day of twelve years."""
        return FIRST + timedelta(days=self.random.randrange(4380))

    def facts(self, key: str) -> Iterator[Data]:
        """Yield a history of the key for everybody, and at times one for its country too; other countries have that."""
        own: Data = {"country": self.country}
        scopes = [{}, own][: self.random.randint(1, 2)] if self.country == COUNTRY else [own]
        for at, scope in enumerate(scopes):
            begins = sorted({self.day() for _ in range(self.random.randint(1, self.size))})
            for number, day in enumerate(begins):
                fact: Data = {"id": self.named(f"{key}.{at}.{number}"), "key": key, "value": self.value(key)}
                fact |= {"unit": UNITS[key]} if UNITS[key] else {}
                fact |= {"scope": scope} if scope else {}
                fact |= {"valid_from": day.isoformat()} if number or self.random.random() < 0.7 else {}
                if number + 1 < len(begins) and self.random.random() < 0.5:
                    fact["valid_to"] = (begins[number + 1] - timedelta(days=1)).isoformat()
                if number and self.random.random() < 0.5:
                    fact["supersedes"] = self.named(f"{key}.{at}.{number - 1}")
                yield {**fact, **self.said()}

    def value(self, key: str) -> str | bool:
        """Return a figure that the key may have."""
        if key == OPEN:
            return self.random.random() < 0.5
        most = {DAYS: 40, WITHIN: 40, LEAD: 12}.get(key, 3000)
        return str(self.random.randint(1, most))

    def test(self, name: str) -> Data:
        """Return a test of two sections on one scale, whose total is formed in some way."""
        scale = {"minimum": "0", "maximum": "10", "step": self.random.choice(["0.5", "1"])}
        return {
            "code": self.named(name),
            "title": name,
            "total": self.random.choice(["mean_half_up", "as_given", "mean_nearest_1"]),
            "sections": [{"name": part, **scale} for part in ("reading", "writing")],
            "valid_months": self.random.randint(1, 60),
            **scale,
            **self.said(),
        }

    def concordance(self, number: int) -> Data:
        """Return a table from the one test to the other in which more is never worth less."""
        count = self.random.randint(1, 6)
        scores = sorted(self.random.sample(range(11), count), reverse=True)
        worth = sorted((self.random.randint(0, 10) for _ in range(count)), reverse=True)
        return {
            "id": self.named(f"table{number}"),
            "publisher": "Somebody",
            "from_test": self.named("A"),
            "to_test": self.named("B"),
            "part": self.random.choice(["total", "reading"]),
            "rows": [{"from": str(one), "to": str(other)} for one, other in zip(scores, worth, strict=True)],
            **self.said(),
        }

    def scale(self, name: str, best: int) -> Data:
        """Return a scale on which more is better."""
        lowest = {"lowest_pass": str(self.random.randint(1, best - 1))} if self.random.random() < 0.7 else {}
        ends = {"best": str(best), "worst": "0"}
        return {"id": self.named(name), "title": name, "country": self.country, **ends, **lowest, **self.said()}

    def conversion(self, method: str, **own: object) -> Data:
        """Return a conversion by the method."""
        ways = {"from_scale": self.named("HOME"), "to_scale": self.named("ABROAD")}
        rounding = self.random.choice(["exact", "truncate_1", "half_up_1"])
        return {"id": self.named(method), "title": method, "method": method, **ways, "rounding": rounding} | {
            **own,
            **self.said(),
        }

    def formula(self) -> Data:
        """Return the modified Bavarian formula, which gives grades of which less is better."""
        return self.conversion("modified_bavarian", to_scale=self.named("GERMAN"))

    def german(self) -> Data:
        """Return a scale on which less is better."""
        return {**self.scale("GERMAN", best=5), "best": "1", "worst": "5", "lowest_pass": "4"}

    def line(self) -> Data:
        """Return a line that rises."""
        factor, offset = self.random.randint(1, 24), self.random.randint(0, 4)
        return self.conversion("linear", factor=str(factor), offset=str(offset))

    def table(self) -> Data:
        """Return a table in which a better grade never counts as less."""
        count = self.random.randint(1, 4)
        grades = sorted(self.random.sample(range(5), count), reverse=True)
        worth = sorted((self.random.randint(0, 100) for _ in range(count)), reverse=True)
        rows = [{"from": str(one), "to": str(other)} for one, other in zip(grades, worth, strict=True)]
        return self.conversion("table", rows=rows)

    def paper(self, code: str) -> Data:
        """Return a kind of paper that may run out."""
        months = {"valid_months": self.random.randint(1, 60)} if self.random.random() < 0.5 else {}
        return {"code": code, "title": code, **months, **self.said()}

    def checklist(self) -> Data:
        """Return a list of some papers, each at its place."""
        items = [
            {"code": f"item{place}", "order": place, "title": "Item", "document": self.random.choice(self.papers)}
            | ({"required_when": self.condition()} if self.random.random() < 0.3 else {})
            | {"confidence": "M"}
            for place in range(1, 1 + self.random.randint(1, self.size))
        ]
        head = {
            "title": "Papers",
            "version": "1",
            "mission": "DE/DHAKA",
            "authority": "official",
            "used_at": self.code("END"),
        }
        return {"id": self.named("papers"), **head, "items": items, **self.said()}

    def condition(self) -> Data:
        """Return a condition over some circumstances."""
        one: Data = {"circumstance": self.random.choice(CIRCUMSTANCES), "is": self.random.random() < 0.5}
        return self.random.choice([one, {"not": one}, {"any": [one, {"circumstance": "employed", "is": True}]}])

    def code(self, name: str | int) -> str:
        """Return the code of a step: that of another pack's step is another."""
        return f"{self.pack.upper()}_{name}"

    def pathway(self) -> Data:
        """Return a way in which each step waits for some before it, with a queue whose call opens a window.

        Its second step may be one that all pathways have in common.
        """
        codes = [self.code(at) for at in range(self.random.randint(1, 2 * self.size))]
        steps = [self.step(code, self.some(codes[:at])) for at, code in enumerate(codes)]
        for step in steps:
            step["scope"] = self.random.choice(["shared", "target", "once"])
            step.update({"only_if": self.condition()} if self.random.random() < 0.2 else {})
        if len(steps) > 1 and self.random.random() < 0.7:
            steps[1] |= {"common": "passport", "scope": "shared"}
        queue, window, end = self.code("QUEUE"), self.code("WINDOW"), self.code("END")
        steps += [self.step(queue, [], kind="queue"), self.window(window, [queue, *self.some(codes)])]
        steps.append(self.step(end, [*codes, queue, window]))
        ends = {"application_step": codes[0], "admission_step": codes[0], "decision_step": end, "arrival_step": end}
        leads = [{"step": codes[0], "fact": LEAD, "when": self.condition()}] if self.random.random() < 0.5 else []
        way = {"id": self.named("way"), "title": "Way", "country": self.country, "level": "master"}
        return {**way, **ends, "checklist": self.named("papers"), "steps": steps, "lead_times": leads}

    def window(self, code: str, after: list[str]) -> Data:
        """Return a window, in which nobody asks whether a day is open."""
        most = self.random.randint(1, 20)
        own = {"hard_days": most, "days": {"min": 0, "typical": most, "max": most}}
        return {**self.step(code, after, kind="window"), **own, "calendar": "", "counts": "calendar"}

    def step(self, code: str, after: list[str], kind: str = "") -> Data:
        """Return a step of some days, at a place that may keep a calendar."""
        least = self.random.randint(0, 20)
        typical = least + self.random.randint(0, 60)
        days = {"min": least, "typical": typical, "max": typical + self.random.randint(0, 90)}
        place = self.random.choice(["", "home", "target", "both"])
        return {
            "code": code,
            "title": f"Step {code}",
            "after": after,
            "scope": "shared",
            "kind": kind or self.random.choice(["task", "wait", "appointment"]),
            "owner": "student",
            "days": days,
            "calendar": place,
            "counts": self.random.choice(["working", "calendar"]) if place else "calendar",
            "documents_in": self.some(self.papers, 2),
            "documents_out": self.some(self.papers, 1),
            **self.said(),
        }

    def money(self, kind: str, **own: object) -> Data:
        """Return a money rule of the kind."""
        return {"id": self.named(kind), "kind": kind, "country": self.country, "proofs": self.some(self.papers)} | {
            **own,
            **self.said(),
        }

    def monthly(self) -> Data:
        """Return a rule of so much a month."""
        return self.money("monthly_rate", rate=RATE, months=self.random.randint(1, 24))

    def held(self) -> Data:
        """Return a rule of a sum that is held on so many days."""
        living = [{"fact": RATE}]
        months = self.random.randint(1, 12)
        return self.money("held_for_days", living=living, months=months, days=DAYS, within_days=WITHIN)

    def yearly(self) -> Data:
        """Return a rule of so much a year."""
        flags = {"minus_paid": self.random.random() < 0.5, "travel": self.random.random() < 0.5}
        return self.money("yearly_sum", living=[{"fact": YEAR}], **flags)

    def closure(self, number: int) -> Data:
        """Return a stop for some nationalities from a day on."""
        people = self.random.sample(["BD", "IN", "PK", "NG"], 2)
        begins = self.day()
        ends = {"valid_to": (begins + timedelta(days=200)).isoformat()} if self.random.random() < 0.5 else {}
        how = {"what": self.random.choice(["suspended", "closed"]), "valid_from": begins.isoformat(), **ends}
        return {"id": self.named(f"stop{number}"), "country": self.country, "nationality": people, **how, **self.said()}


SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(1, 4)
WRITERS = st.builds(lambda seed, size: PackWriter(Random(seed), size), SEEDS, SIZES)
DATA: st.SearchStrategy[Data] = WRITERS.map(lambda writer: writer.data())
PACKS: st.SearchStrategy[RulePack] = DATA.map(lambda data: read_pack(as_pack(data), "one.toml"))
RULEBOOKS: st.SearchStrategy[Rulebook] = PACKS.map(lambda pack: Rulebook((pack,)))


@st.composite
def layered(draw: st.DrawFn) -> tuple[RulePack, ...]:
    """Return a pack of the lowest layer, and others over it that replace some of its records and add their own."""
    base = draw(DATA)
    found = [base]
    for layer, name in (("base", "beside"), ("country", "land"), ("institution", "school")):
        if draw(st.booleans()):
            found.append(_over(base, PackWriter(Random(draw(SEEDS)), draw(SIZES), name), layer))
    return tuple(read_pack(as_pack(data), f"{data['pack']['id']}.toml") for data in found)


def _over(base: Data, writer: PackWriter, layer: str) -> Data:
    """Return a pack of papers and facts that are its own; in a higher layer also with other words for some below."""
    own = writer.data(layer)
    kept: Data = {name: own[name] for name in ("pack", "sources", "document_kinds")}
    kept["facts"] = [
        {**fact, "key": f"{writer.pack}.{fact['key']}"} for fact in own["facts"] if writer.random.random() < 0.5
    ]
    known = {fact["id"] for fact in kept["facts"]}
    kept["facts"] = [
        {key: value for key, value in fact.items() if key != "supersedes" or value in known} for fact in kept["facts"]
    ]
    if layer != "base":
        kept["facts"] += [
            {**fact, "value": writer.value(fact["key"])} for fact in base["facts"] if writer.random.random() < 0.3
        ]
        kept["document_kinds"] += [
            {**kind, "valid_months": 1} for kind in base["document_kinds"] if writer.random.random() < 0.3
        ]
    return kept
