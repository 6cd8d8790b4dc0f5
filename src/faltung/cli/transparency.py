"""Pictures with an alpha channel: what a colour that nobody sees may weigh."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from faltung.files import Content

    Array: TypeAlias = NDArray[Any]

__all__ = ["is_weighted", "note", "weighted"]

# Opacity is trusted where it is this many times the bound on its error: colours are then right
# to 2e-6 of the range, far below half a step of 8 or 16 bits.
_TRUSTED = 1e6


def is_weighted(content: Content, kernel: Array) -> bool:
    """Return whether colours are weighted by alpha: it varies, and no weight is negative."""
    return _varies(content) and bool((kernel >= 0).all())


def note(content: Content, kernel: Array) -> tuple[str, ...]:
    """Return the warning that a kernel with negative weights sees the transparent pixels."""
    if not _varies(content) or is_weighted(content, kernel):
        return ()
    message = (
        f"the alpha of {content.name} varies, and a kernel with negative weights cannot weight "
        "colours by it: the hidden colours of transparent pixels act as if they were seen"
    )
    return (message,)


def _varies(content: Content) -> bool:
    alpha = content.alpha
    return alpha is not None and bool(alpha.min() >= 0) and bool(alpha.min() < alpha.max())


def weighted(
    content: Content,
    convolve: Callable[[Array, float], Array],
    *,
    fill_value: float,
    total: float,
    error_bound: float,
) -> Array:
    """Return the colours convolved in proportion to their opacity.

    With kernel k, colours c, alpha a and opaque ones 1, inside the picture that is
    (k * ac) / (k * a) (k * 1): for constant alpha, k * c. What lies outside keeps its full weight.
    This is Porter and Duff, "Compositing digital images" (1984): average premultiplied colours.
    Where all that the kernel sees is transparent, the hidden colours are convolved as they are.

    Parameters
    ----------
    content
        The picture.
    convolve
        Convolves an array with the kernel, given the value outside the picture.
    fill_value
        The colour outside the picture, where the boundary has one.
    total
        The sum of the kernel.
    error_bound
        Of the convolved alpha.
    """
    import numpy as np

    assert content.alpha is not None
    alpha = content.alpha.astype(np.float64)
    opacity = convolve(alpha, 0.0)
    inside = convolve(np.ones_like(alpha), 0.0)
    colours, deep = content.data, content.data.ndim == 3
    if deep:
        alpha, opacity, inside = (array[..., None] for array in (alpha, opacity, inside))
    seen = opacity > _TRUSTED * error_bound
    means = convolve(alpha * colours, 0.0) / np.where(seen, opacity, 1.0)
    visible = means * inside + fill_value * (total - inside)
    return np.where(seen, visible, convolve(colours, fill_value))
