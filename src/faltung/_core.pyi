"""
The compiled core: exact types in, no coercion, the GIL released while it works.
"""

from collections.abc import Sequence
import enum
from typing import Annotated, Any, overload

import numpy
import numpy.typing
from numpy.typing import NDArray


version: str = '0.1.0.dev0'

def compiler() -> str:
    """Name and version of the compiler that built the core."""

def available_instruction_sets() -> list[str]:
    """Instruction sets this machine can run, the best one last."""

def instruction_set() -> str:
    """The instruction set in use."""

def set_instruction_set(name: str) -> None:
    """Force one of available_instruction_sets(); ValueError for any other."""

def available_processors() -> int:
    """Processors this process may use."""

def default_threads() -> int:
    """Threads used where a call does not say."""

def set_default_threads(threads: int) -> None:
    """Set default_threads(); at least 1."""

class Boundary(enum.Enum):
    """What lies outside the ends of an axis."""

    fill = 0

    edge = 1

    mirror = 2

    symmetric = 3

    wrap = 4

def source_index(boundary: Boundary, position: int, size: int) -> int:
    """The index that a position reads, -1 where the fill value is."""

@overload
def correlate_directly(input: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float32], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> None: ...

@overload
def correlate_directly(input: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float64], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> None: ...

@overload
def correlate_directly(input: Annotated[NDArray[numpy.uint64], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.uint64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.uint64], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: int, threads: int) -> None:
    """
    output[i] = sum over k of taps[k] * input[first + i * steps[0] + k * steps[1]] on the last len(first) axes.
    """

def direct_nanoseconds(dtype: str, input: Sequence[int], taps: Sequence[int], output: Sequence[int], first: Sequence[int], steps: Sequence[tuple[int, int]], batch: int) -> float:
    """
    The predicted time of a direct sum of these sizes on one thread, repeated `batch` times.
    """

def costs() -> dict[str, float]:
    """
    What the parts of each method are taken to cost, in nanoseconds on one thread.
    """

def cost(name: str) -> float:
    """One of costs()."""

def predicted_seconds(nanoseconds: float) -> float:
    """The time of a call of the general way that takes so long in the core."""

def shipped_costs() -> dict[str, float]:
    """The costs that the library comes with."""

def set_costs(changed: dict[str, float]) -> None:
    """
    Put a table of costs in use: the shipped one, but for what is named; ValueError for an unknown name and for a cost that is not above zero and finite.
    """

@overload
def correlate_by_transform(input: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float32], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> bool: ...

@overload
def correlate_by_transform(input: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float64], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> bool: ...

@overload
def correlate_by_transform(input: Annotated[NDArray[numpy.complex64], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.complex64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.complex64], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: complex, threads: int) -> bool: ...

@overload
def correlate_by_transform(input: Annotated[NDArray[numpy.complex128], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.complex128], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.complex128], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: complex, threads: int) -> bool:
    """
    As correlate_directly; False, and the output half written, when an operand is not finite.
    """

class KeptTransformFloat32:
    """Taps that are transformed once for many inputs."""

    def __init__(self, input: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float32], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> None:
        """
        Of a problem of these sizes; of its numbers none but the taps are read.
        """

    def correlate(self, input: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float32], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> bool:
        """
        As correlate_by_transform, of the taps that are kept and the sizes they are kept for.
        """

    def repeat(self, input: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float32], dict(device='cpu')], threads: int) -> bool:
        """
        The same for arrays laid out as those it was made for; False for others too.
        """

class KeptTransformFloat64:
    """Taps that are transformed once for many inputs."""

    def __init__(self, input: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float64], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> None:
        """
        Of a problem of these sizes; of its numbers none but the taps are read.
        """

    def correlate(self, input: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float64], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> bool:
        """
        As correlate_by_transform, of the taps that are kept and the sizes they are kept for.
        """

    def repeat(self, input: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.float64], dict(device='cpu')], threads: int) -> bool:
        """
        The same for arrays laid out as those it was made for; False for others too.
        """

class KeptTransformComplex64:
    """Taps that are transformed once for many inputs."""

    def __init__(self, input: Annotated[NDArray[numpy.complex64], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.complex64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.complex64], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: complex, threads: int) -> None:
        """
        Of a problem of these sizes; of its numbers none but the taps are read.
        """

    def correlate(self, input: Annotated[NDArray[numpy.complex64], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.complex64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.complex64], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: complex, threads: int) -> bool:
        """
        As correlate_by_transform, of the taps that are kept and the sizes they are kept for.
        """

    def repeat(self, input: Annotated[NDArray[numpy.complex64], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.complex64], dict(device='cpu')], threads: int) -> bool:
        """
        The same for arrays laid out as those it was made for; False for others too.
        """

class KeptTransformComplex128:
    """Taps that are transformed once for many inputs."""

    def __init__(self, input: Annotated[NDArray[numpy.complex128], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.complex128], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.complex128], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: complex, threads: int) -> None:
        """
        Of a problem of these sizes; of its numbers none but the taps are read.
        """

    def correlate(self, input: Annotated[NDArray[numpy.complex128], dict(device='cpu', writable=False)], taps: Annotated[NDArray[numpy.complex128], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.complex128], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: complex, threads: int) -> bool:
        """
        As correlate_by_transform, of the taps that are kept and the sizes they are kept for.
        """

    def repeat(self, input: Annotated[NDArray[numpy.complex128], dict(device='cpu', writable=False)], output: Annotated[NDArray[numpy.complex128], dict(device='cpu')], threads: int) -> bool:
        """
        The same for arrays laid out as those it was made for; False for others too.
        """

class TransformSize:
    """What transforms are like."""

    @property
    def radices(self) -> list[int]: ...

    @property
    def leaf(self) -> int: ...

    @property
    def roundings(self) -> float: ...

    @property
    def bytes(self) -> int: ...

    @property
    def nanoseconds(self) -> float: ...

def transform_size(dtype: str, input: Sequence[int], taps: Sequence[int], output: Sequence[int], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], batch: tuple[int, bool], fill_is_zero: bool) -> TransformSize:
    """
    The transforms of a problem of these sizes; `batch` is how often it is repeated and whether each repetition has its own taps.
    """

@overload
def convolve2d(input: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], weights: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], bias: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, output: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu')], stride: tuple[int, int], padding: tuple[int, int], threads: int) -> None: ...

@overload
def convolve2d(input: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], weights: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], bias: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, output: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu')], stride: tuple[int, int], padding: tuple[int, int], threads: int) -> None:
    """
    The layer's output: the correlation of the pictures with the weights, plus the bias.
    """

@overload
def convolve2d_input_gradient(output_gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], weights: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], input_gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu')], stride: tuple[int, int], padding: tuple[int, int], threads: int) -> None: ...

@overload
def convolve2d_input_gradient(output_gradient: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], weights: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], input_gradient: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu')], stride: tuple[int, int], padding: tuple[int, int], threads: int) -> None:
    """The adjoint of convolve2d as a map of its input."""

@overload
def convolve2d_weight_gradient(input: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], output_gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], weight_gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu')], stride: tuple[int, int], padding: tuple[int, int], threads: int) -> None: ...

@overload
def convolve2d_weight_gradient(input: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], output_gradient: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], weight_gradient: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu')], stride: tuple[int, int], padding: tuple[int, int], threads: int) -> None:
    """The adjoint of convolve2d as a map of its weights."""

@overload
def multiply_matrices(a: Annotated[NDArray[numpy.float32], dict(shape=(None, None), device='cpu', writable=False)], b: Annotated[NDArray[numpy.float32], dict(shape=(None, None), device='cpu', writable=False)], initial: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, product: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu')], threads: int) -> None: ...

@overload
def multiply_matrices(a: Annotated[NDArray[numpy.float64], dict(shape=(None, None), device='cpu', writable=False)], b: Annotated[NDArray[numpy.float64], dict(shape=(None, None), device='cpu', writable=False)], initial: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, product: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')], threads: int) -> None:
    """product[i, j] = initial[j] + sum of a[i, k] b[k, j]."""

@overload
def pool_maximum(input: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], output: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu')], places: Annotated[NDArray[numpy.int32], dict(shape=(None, None, None, None), order='C', device='cpu')], window: tuple[int, int], threads: int) -> None: ...

@overload
def pool_maximum(input: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], output: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu')], places: Annotated[NDArray[numpy.int32], dict(shape=(None, None, None, None), order='C', device='cpu')], window: tuple[int, int], threads: int) -> None:
    """The largest entry of each window and its place in the plane."""

@overload
def pool_maximum_gradient(output_gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], places: Annotated[NDArray[numpy.int32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], input_gradient: Annotated[NDArray[numpy.float32], dict(shape=(None, None, None, None), order='C', device='cpu')], window: tuple[int, int], threads: int) -> None: ...

@overload
def pool_maximum_gradient(output_gradient: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], places: Annotated[NDArray[numpy.int32], dict(shape=(None, None, None, None), order='C', device='cpu', writable=False)], input_gradient: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None, None), order='C', device='cpu')], window: tuple[int, int], threads: int) -> None:
    """Each output's gradient at the place of its maximum."""

class Chain:
    """Pieces of a function, each a weight times a polynomial."""

    def __init__(self, forms: Annotated[NDArray[numpy.uint8], dict(shape=(None,), order='C', device='cpu', writable=False)], numbers: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], coefficients: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], lengths: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> None:
        """
        numbers: anchor, side, near, far, tilt, reference, deviation, expected, low, high.
        """

    def evaluate(self, base: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], offset: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)] | None, values: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu')], errors: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu')] | None, threads: int) -> None:
        """
        Values at base + offset, the sum not rounded, and bounds on their errors.
        """

def convolve_at(f: Chain, g: Chain, places: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], results: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')], threads: int) -> None:
    """
    For each place its value, magnitude, and the bound and the estimate of its error.
    """

def scaled_convolve(a_high: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], a_low: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], a_exponents: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], b_high: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], b_low: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], b_exponents: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], precise: bool, threads: int) -> tuple[tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]], float, float]:
    """
    The convolution of two vectors of scaled numbers, its relative bound and estimate; in double-double if it shall be precise.
    """

def scaled_power(high: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], low: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], exponents: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], n: int, threads: int) -> tuple[tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]], float, float]:
    """The convolution of n copies, its relative bound and estimate."""

def scaled_product(high: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], low: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], exponents: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], offsets: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], threads: int) -> tuple[tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]], float, float]:
    """
    The convolution of all vectors of a list, its relative bound and estimate.
    """

def scaled_multiply(high: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], low: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], exponents: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], factor_high: float, factor_low: float, factor_exponent: int) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]]:
    """Each number times one factor."""

def scaled_prefix_sums(high: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], low: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], exponents: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], backwards: bool) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]]:
    """The sums of the first 0, 1, … numbers, or of the last ones."""

def scaled_products(a: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]], b: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]]) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]]:
    """Entry i of each by entry i of the other."""

def scaled_outer_products(a: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]], b: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]]) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]]:
    """Each number of one by each of the other, row by row."""

def scaled_sums(a: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]], b: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]]) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]]:
    """Entry i of each, added."""

def scaled_groups(numbers: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]], groups: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], count: int) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]]:
    """The sums of all numbers with the same group."""

def scaled_random_sum(fixed: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]], rising: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]] | None, first: tuple[float, float, int], length: int) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]]:
    """
    g[s] = sum over j of (fixed[j] + (s - j) rising[j]) g[s - j] / s, after the first.
    """

def scaled_order_statistic(law: tuple[tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]], tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]], tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]]], r: int, n: int, first: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]], later: tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)]], threads: int) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]]:
    """
    The probabilities of the r-th smallest of n copies, from those at, below and above.
    """

def scaled_exponentials(logarithms: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> tuple[Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.float64], dict(shape=(None,))], Annotated[NDArray[numpy.int64], dict(shape=(None,))]]:
    """exp of each number as scaled ones."""

def sum_rows(coefficients: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], values: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')], threads: int) -> None:
    """
    Each row of points in [-1, 1] becomes the values of the Chebyshev series of that row.
    """

def weigh_rows(rows: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], weights: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sums: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu')], roots: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu')]) -> None:
    """
    The weighted sum of sizes of each row, and the root of the weighted sum of squares.
    """

def convolve_cells(f: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], g: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], table: Annotated[NDArray[numpy.float64], dict(shape=(None, None, None), order='C', device='cpu', writable=False)], results: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')], threads: int) -> float:
    """
    The convolution of pieces of one width, over half a width; how many roundings the transforms amount to.
    """

class Interpolation:
    """The matrix from values to coefficients, in two parts."""

    def __init__(self, whole: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], leading: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], rest: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> None:
        """For the instruction set in use."""

    def coefficients(self, values: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], results: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')], threads: int) -> None:
        """Rows of values become rows of coefficients."""

def add_runs(coefficients: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], start: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], stop: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], breaks: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], nodes: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], sums: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')], values: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')], threads: int) -> None:
    """
    Adds series over runs of intervals: coefficients over one interval, values at its nodes over several.
    """

def add_numbers(numbers: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], start: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], stop: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], sums: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """Adds the numbers of each run to those of every interval it covers."""

def integrate_middles(weighted: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], i: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], coefficients: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], j: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], ratios: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], points: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], nodes: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], values: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')], threads: int) -> None:
    """
    Sums over the points z of weighted[i] times series j at (1 - ratio) y - ratio z.
    """

@overload
def is_near_product(taps: Annotated[NDArray[numpy.float32], dict(order='C', device='cpu', writable=False)]) -> bool: ...

@overload
def is_near_product(taps: Annotated[NDArray[numpy.float64], dict(order='C', device='cpu', writable=False)]) -> bool:
    """Whether a kernel is nearly a product of one line for each axis."""

@overload
def product_lines(taps: Annotated[NDArray[numpy.float32], dict(order='C', device='cpu', writable=False)], carrier: int) -> tuple[list[list[float]], float] | None: ...

@overload
def product_lines(taps: Annotated[NDArray[numpy.float64], dict(order='C', device='cpu', writable=False)], carrier: int) -> tuple[list[list[float]], float] | None:
    """
    Lines whose product the taps are, the one of `carrier` with their size, and what a product is off by, relative to its tap; None if there are none.
    """

def lines_nanoseconds(bytes_of_number: int, taps: Sequence[int], output: Sequence[int], steps: Sequence[tuple[int, int]]) -> float:
    """
    The predicted time of one term of lines of these lengths on one thread.
    """

def separation_nanoseconds(taps: int) -> float:
    """The predicted time of finding lines among so many taps."""

most_product_taps: int = 1048576

@overload
def correlate_by_lines(input: Annotated[NDArray[numpy.float32], dict(device='cpu', writable=False)], lines: Sequence[Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]], output: Annotated[NDArray[numpy.float32], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, add: bool, whole: bool, threads: int) -> bool: ...

@overload
def correlate_by_lines(input: Annotated[NDArray[numpy.float64], dict(device='cpu', writable=False)], lines: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], output: Annotated[NDArray[numpy.float64], dict(device='cpu')], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, add: bool, whole: bool, threads: int) -> bool:
    """
    output[i] = sum over k of lines[0][k_0] lines[1][k_1] … * input[first + i * steps[0] + k * steps[1]], added to the output or not; whether all sums are finite.
    """

def correlate_whole(input: numpy.typing.NDArray[Any], taps: numpy.typing.NDArray[Any], output: numpy.typing.NDArray[Any], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> bool:
    """
    As correlate_directly, for whole numbers of any types: exact, saturated in 8 and 16 bits. False, and nothing written, if it is not proved that no sum reaches 2**53.
    """

def magnitude_bound(input: numpy.typing.NDArray[Any]) -> float:
    """
    At least every magnitude of whole numbers, and less than twice the largest and 2 more.
    """

def correlate_rounded(input: numpy.typing.NDArray[Any], taps: numpy.typing.NDArray[Any], output: numpy.typing.NDArray[Any], first: Sequence[int], boundaries: Sequence[Boundary], steps: Sequence[tuple[int, int]], fill_value: float, threads: int) -> bool:
    """
    As correlate_directly in the type of the taps, rounded to the nearest whole number, ties to even, and saturated; taps are finite and no sum overflows. False, and nothing written, where outputs or taps lie so far apart that another way is better.
    """

def convolve_small(a: object, v: object, options: dict[str, Any]) -> Any:
    """
    The convolution of two arrays of one float or complex type, or of whole numbers, with the options that it knows; None for everything else.
    """

def direct_is_best(products: float, taps: int) -> bool:
    """
    Whether a direct sum of so many products needs no comparison with a transform.
    """

class TiltedSum:
    """Tails of a sum of independent lattice terms."""

    def __init__(self, terms: list[object]) -> None:
        """Terms: places from 0, mantissas high + low, exponents of 2, count."""

    @property
    def mean(self) -> float: ...

    @property
    def deviation(self) -> float: ...

    @property
    def first(self) -> int: ...

    @property
    def last(self) -> int: ...

    def evaluate(self, points: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], kind: str, results: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu')]) -> None:
        """
        The logarithm of P(S = x), P(S >= x) or E max(S - x, 0) for each point, as kind says: high, low and a bound on the error.
        """

def run_recurrence(shifts: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], constants: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], slopes: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], divisor: int, rows: Annotated[NDArray[numpy.uint64], dict(shape=(None, None), order='C', device='cpu')]) -> None:
    """
    divisor k q[k] = sum of (constant + slope k) q[k - shift]; rows of 64-bit digits.
    """
