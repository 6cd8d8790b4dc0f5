"""What the methods of a function stand on: its content, and how another one is made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faltung.functions import contents
from faltung.functions.contents import Content

if TYPE_CHECKING:
    from typing import Self


class Methods:
    """A holder of a content, which is never changed: every method makes a new holder."""

    _content: Content
    _operands: tuple[Self, Self] | None

    @classmethod
    def _from(cls, made: Content, operands: tuple[Self, Self] | None = None) -> Self:
        function = cls.__new__(cls)
        function._content = made
        function._operands = operands
        return function

    @property
    def domain(self) -> tuple[float, float]:
        """The interval outside of which the function is zero."""
        return contents.domain(self._content)
