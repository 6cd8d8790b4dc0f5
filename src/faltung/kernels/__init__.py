"""Named kernels as float64 arrays.

Every kernel has two axes, as a picture has, unless ``dimensions=`` says otherwise; a sequence of
sizes has one entry for each axis. Axis 0 runs down the rows, axis 1 along them. The kernels are
written for convolution: entry ``k[0]`` meets the sample *after* the centre, because the kernel is
reversed. All widths are odd where the kernel has a centre, so ``mode="same"`` shifts nothing.

=============================  =============  ==================================================
kernel                         sum            what it does
=============================  =============  ==================================================
`gaussian(sigma)`              1              blurs with a bell of the given standard deviation
`binomial(size)`               1              blurs with a row of Pascal's triangle
`box(size)`                    1              takes the mean over a block
`disk(radius)`                 1              takes the mean over a disk
`motion(length, angle)`        1              takes the mean along a streak
`sobel(axis)`                  0              differentiates along one axis, smooths the others
`scharr(axis)`                 0              the same, its direction truer
`prewitt(axis)`                0              the same, with plain sums
`laplacian()`                  0              sums the second differences of all axes
`log(sigma)`                   0              the same of a blurred array
`dog(sigma, wider)`            0              a narrow bell less a wide one
`gabor(wavelength, angle)`     nearly 0       answers to stripes of one width and direction
`sharpen(amount)`              1              subtracts the Laplacian
`emboss()`                     1              lights a relief from the upper left corner
`identity()`                   1              changes nothing
=============================  =============  ==================================================
"""

from __future__ import annotations

from faltung.kernels.bands import dog, gabor, log
from faltung.kernels.edges import emboss, laplacian, prewitt, scharr, sharpen, sobel
from faltung.kernels.shapes import disk, motion
from faltung.kernels.smoothing import binomial, box, gaussian, identity

__all__ = [
    "binomial",
    "box",
    "disk",
    "dog",
    "emboss",
    "gabor",
    "gaussian",
    "identity",
    "laplacian",
    "log",
    "motion",
    "prewitt",
    "scharr",
    "sharpen",
    "sobel",
]


def __dir__() -> list[str]:
    return sorted(__all__)
