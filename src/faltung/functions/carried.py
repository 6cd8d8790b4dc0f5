"""What is copied and pickled of an object that keeps another one in the core."""

from __future__ import annotations

from typing import Any


class Carried:
    """What has a cached property `core`: copies and pickles leave it out, and make it anew."""

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "core"}
