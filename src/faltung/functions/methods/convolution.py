"""A function convolved with itself, again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faltung.functions.checks import as_whole
from faltung.functions.methods.base import Methods
from faltung.functions.whole.powers import convolution_power

if TYPE_CHECKING:
    from typing import Self


class Convolution(Methods):
    """Powers of convolution."""

    def convolve_power(self, n: int) -> Self:
        """Return the function convolved with itself, n factors in all; Dirac's delta for n = 0.

        By squaring: log2(n) convolutions and as many products of them.

        Parameters
        ----------
        n
            A whole number, 0 or above.

        Examples
        --------
        >>> from faltung.functions import box
        >>> spline = box(-0.5, 0.5).convolve_power(4)
        >>> round(spline(0.0), 15), spline.domain
        (0.666666666666667, (-2.0, 2.0))
        """
        count = as_whole(n, "n")
        return self._from(convolution_power(self._whole, count))
