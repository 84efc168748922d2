"""The hostile corpus in the sandbox: nothing gets out, nothing gets in, and a score cannot be forged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grading.execution.sandbox import Sandbox, open_sandbox
from tests.hostile.corpus import Attack, attacks
from tests.hostile.world import LIMITS, World, attacked, not_contained, world

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    patch = pytest.MonkeyPatch()
    patch.setenv("JURYLAB_SECRET", "mot de passe")
    with world(tmp_path_factory.mktemp("hostile")) as made:
        yield made
    patch.undo()


@pytest.fixture(scope="module")
def sandbox(here: World) -> Sandbox:
    return open_sandbox(LIMITS, (here.data.parent,))


@pytest.mark.parametrize("attack", attacks(), ids=lambda one: one.name)
def test_contained(attack: Attack, sandbox: Sandbox, here: World) -> None:
    done = attacked(attack, sandbox, here)
    assert not_contained(attack, done, here) == [], done.outputs


def test_an_honest_work_passes(sandbox: Sandbox, here: World) -> None:
    honest = next(one for one in attacks() if one.group == "temoin")
    done = attacked(honest, sandbox, here)
    assert (done.stopped, done.outputs[2]) == ("", [])
