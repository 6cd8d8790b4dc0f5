"""What the methods of a function stand on: all that it is, and how another one is made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faltung.functions.contents import Content
from faltung.functions.whole.whole import Whole, only_real

if TYPE_CHECKING:
    from typing import Self


class Methods:
    """A holder of a whole function, which is never changed: every method makes a new holder."""

    _whole: Whole
    _operands: tuple[Self, Self] | None = None

    @classmethod
    def _from(cls, made: Whole, operands: tuple[Self, Self] | None = None) -> Self:
        function = cls.__new__(cls)
        function._whole = made
        function._operands = operands
        return function

    @classmethod
    def _of(cls, content: Content) -> Self:
        return cls._from(Whole(content))

    @property
    def _content(self) -> Content:
        """The one real content of a function that has nothing beside it."""
        return only_real(self._whole, "this")

    @property
    def domain(self) -> tuple[float, float]:
        """The smallest interval outside of which the function is zero; one period, if it has one."""
        return self._whole.domain
