"""Reports in a world of tests."""

from datetime import timedelta

from worlds import World

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.memory.pictures import MemoryPictures
from higherstudy.adapters.memory.sheets import MemorySheets
from higherstudy.adapters.memory.typesetting import MemoryTypesetting
from higherstudy.domain.reports.report import Form
from higherstudy.domain.reports.use_cases.gathering import GatherList, GatherReadiness
from higherstudy.domain.reports.use_cases.making import MakeReport
from higherstudy.ports.rule_packs import RulePacks
from higherstudy.ports.typesetting import Typesetting


def make_report_in(world: World, typesetting: Typesetting | None = None, packs: RulePacks | None = None) -> MakeReport:
    """Return what makes reports in the world, as plain text unless another typesetter is given."""
    rules = packs or world.rule_packs
    return MakeReport(
        world.transactions,
        world.files,
        world.vault,
        Messages(rulebook=rules.rulebook),
        MemoryPictures(),
        typesetting or MemoryTypesetting(),
        {Form.CSV: MemorySheets(), Form.XLSX: MemorySheets()},
        GatherReadiness(world.transactions, rules, world.zones),
        GatherList(world.transactions, rules, world.zones),
        2**24,
        timedelta(days=1),
    )
