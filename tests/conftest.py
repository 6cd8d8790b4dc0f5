from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from faltung import _core

settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    # The instruction set stays the same through all examples of one test.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("default")


@pytest.fixture(params=_core.available_instruction_sets())
def instruction_set(request):
    """Runs the test once on every instruction set that this machine has."""
    before = _core.instruction_set()
    _core.set_instruction_set(request.param)
    yield request.param
    _core.set_instruction_set(before)
