"""``faltung convolve``: arrays, pictures and sound, file in and file out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from faltung.cli import transparency
from faltung.cli.commands import ExampleCommand
from faltung.cli.messages import picture_size, say, warn
from faltung.cli.options import OptionName, echo_json, json_option, quiet_option
from faltung.errors import OptionError
from faltung.options import Boundary, Method, Mode, as_boundary, as_method, as_mode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from faltung.cli.kernel_argument import Kernel
    from faltung.files import Content, Report

__all__ = ["convolve"]

_EXAMPLES = """
faltung convolve photo.png gaussian:3 -o soft.png
faltung convolve photo.jpg sharpen:0.5 -o crisp.jpg
faltung convolve photo.png sobel:1 -o edges.png --normalize
faltung convolve photo.png "1 2 1; 2 4 2; 1 2 1" -o sums.npy
faltung convolve dry.wav hall.wav -o wet.wav --normalize
faltung convolve counts.csv "1/3 1/3 1/3" -o smooth.csv --mode same --boundary mirror
cat in.npy | faltung convolve - box:5 -o - > out.npy
"""
_MOST_SHOWN = 4096  # entries of a kernel printed in full


@dataclass(frozen=True)
class _Settings:
    """How the convolution is done; what was not given depends on the kind of the input."""

    mode: str
    boundary: str
    fill_value: float
    method: str
    threads: int | None


@click.command(
    cls=ExampleCommand,
    examples=_EXAMPLES,
    short_help="Convolve an array, a picture or a sound, on files.",
)
@click.argument("source", metavar="IN")
@click.argument("kernel", metavar="KERNEL")
@click.option("-o", "--output", metavar="OUT", help="The file to write; '-' is npy on stdout.")
@click.option(
    "--mode",
    type=OptionName(Mode, as_mode),
    help="Which part of the result. Default: same for pictures, full otherwise.",
)
@click.option(
    "--boundary",
    type=OptionName(Boundary, as_boundary),
    help="What lies outside the input, with --mode same: zero (0|abcd|0), constant "
    "(v|abcd|v), edge (aaa|abcd|ddd), mirror (dcb|abcd|cba), symmetric (cba|abcd|dcb), wrap "
    "(bcd|abcd|abc). Default: symmetric for pictures, where it leaves no dark rim and keeps a "
    "blur's brightness; zero otherwise.",
)
@click.option("--fill-value", type=float, metavar="V", help="The value v of --boundary constant.")
@click.option("--method", type=OptionName(Method, as_method), default="auto", show_default=True)
@click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help="At most N threads.")
@click.option(
    "--normalize",
    is_flag=True,
    help="Scale the result to fill the range: a sound's peak becomes full scale, a picture's "
    "darkest and lightest value black and white.",
)
@click.option("--show-kernel", is_flag=True, help="Print the kernel that is used.")
@json_option
@quiet_option
def convolve(
    source: str,
    kernel: str,
    output: str | None,
    normalize: bool,
    show_kernel: bool,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Convolve the file IN with KERNEL and write the result to OUT in kind.

    KERNEL is a name with its numbers (gaussian:SIGMA, binomial:SIZE, box:SIZE, disk:RADIUS,
    motion:LENGTH,ANGLE, sobel:AXIS, scharr:AXIS, prewitt:AXIS, laplacian, log:SIGMA,
    dog:SIGMA,WIDER, gabor:WAVELENGTH,ANGLE,SIGMA, sharpen:AMOUNT, emboss, identity; axis 0 runs
    down the rows, 1 along them), or the numbers themselves, rows ended by ';', or a file. A
    picture as kernel is scaled to sum 1.

    A file keeps what it is: dtype, bits for each channel, alpha, colour profile, sample rate.
    Pictures are computed in float64 on the stored values, then rounded; what leaves the range is
    set to its end and counted. Alpha stays as it is; where it varies, colours count in proportion
    to it, so that transparent pixels leave no fringe (kernels with negative weights excepted).
    Sound is convolved along time. Read and written are npy csv tsv
    txt, png jpg tif bmp (extra 'images'; jpg with quality 95), wav, flac and ogg (extra 'audio').
    """
    from faltung import files
    from faltung.cli.kernel_argument import resolve

    _check_usage(output, show_kernel=show_kernel, as_json=as_json)
    content = files.read(source)
    used = resolve(kernel, content)
    settings = _settings(content, used, **options)
    outcome: dict[str, Any] = {"kernel": _describe_kernel(used, in_full=show_kernel)}
    if output is not None:
        started = time.perf_counter()
        with files.target(output, content, normalize=normalize) as target:
            result, method = _convolve(content, used, settings)
            report = target.write(result)
        outcome |= _describe(source, output, content, settings, report) | {"method": method}
        outcome["seconds"] = round(time.perf_counter() - started, 4)
        _report(outcome, content, used, report, normalize=normalize, quiet=quiet)
    if as_json:
        echo_json(outcome)
    elif show_kernel:
        click.echo(_write_kernel(used))


def _check_usage(output: str | None, *, show_kernel: bool, as_json: bool) -> None:
    if output is None and not show_kernel:
        raise click.UsageError("Missing option '-o' / '--output': name the file to write.")
    if output == "-" and (as_json or show_kernel):
        raise click.UsageError(
            "'-o -' puts the array on standard output, where --json and --show-kernel print: "
            "name a file."
        )


def _settings(
    content: Content,
    kernel: Kernel,
    *,
    mode: str | None,
    boundary: str | None,
    fill_value: float | None,
    method: str,
    threads: int | None,
) -> _Settings:
    picture = content.kind == "picture"
    mode = mode or ("same" if picture else "full")
    boundary = boundary or ("symmetric" if picture and mode == "same" else "zero")
    if fill_value is not None and boundary != "constant":
        raise click.UsageError(f"--fill-value goes with --boundary constant, not {boundary}.")
    sizes = [(content.data.shape[axis], kernel.values.shape[axis]) for axis in kernel.axes]
    if mode == "valid" and content.kind != "array" and any(k > n for n, k in sizes):
        raise OptionError(
            f"kernel {kernel.name} of shape {kernel.values.shape} is larger than {content.name} "
            f"of shape {content.data.shape}: nowhere does it lie within; write mode='same'"
        )
    return _Settings(mode, boundary, fill_value or 0.0, method, threads)


def _convolve(content: Content, kernel: Kernel, settings: _Settings) -> tuple[NDArray[Any], str]:
    """Return the result, and the method that ``auto`` chose."""
    from faltung.arrays import convolve as convolve_arrays
    from faltung.arrays import plan

    data, values = content.data, kernel.values
    if content.kind == "sound" and data.ndim + values.ndim > 2:
        # Channels side by side: one response serves all of them, or each has its own.
        data, values = (array.reshape(len(array), -1) for array in (data, values))
    options: dict[str, Any] = {
        "mode": settings.mode, "boundary": settings.boundary, "axes": kernel.axes,
        "method": settings.method, "threads": settings.threads,
    }  # fmt: skip

    def apply(array: NDArray[Any], fill_value: float) -> NDArray[Any]:
        return convolve_arrays(array, values, fill_value=fill_value, **options)

    if transparency.is_weighted(content, values):
        result = _weighted(content, values, apply, settings, options)
    else:
        result = apply(data, settings.fill_value)
    return result, plan(values, data.shape, dtype=data.dtype, **options).method


def _weighted(
    content: Content,
    values: NDArray[Any],
    apply: Callable[[NDArray[Any], float], NDArray[Any]],
    settings: _Settings,
    options: dict[str, Any],
) -> NDArray[Any]:
    import numpy as np

    from faltung.arrays import plan

    alpha = np.asarray(content.alpha, np.float64)
    factor = plan(values, alpha.shape, **options).error_factor
    return transparency.weighted(
        content,
        apply,
        fill_value=settings.fill_value,
        total=float(values.sum()),
        error_bound=factor * float(np.linalg.norm(values)) * float(np.linalg.norm(alpha)),
    )


def _describe_kernel(kernel: Kernel, *, in_full: bool) -> dict[str, Any]:
    values = kernel.values
    described = {"name": kernel.name, "shape": values.shape, "sum": float(values.sum())}
    return described | ({"values": values} if in_full else {})


def _describe(
    source: str, output: str, content: Content, settings: _Settings, report: Report
) -> dict[str, Any]:
    return {
        "input": source,
        "output": output,
        "kind": str(content.kind),
        "shape": report.shape,
        "dtype": str(report.dtype),
        "encoding": content.encoding,
        "sample_rate": content.sample_rate,
        "mode": settings.mode,
        "boundary": settings.boundary,
        "peak": report.peak,
        "saturated": {"below": report.below, "above": report.above},
        "scale": report.scale,
        "offset": report.offset,
        "notes": report.notes,
    }


def _report(
    outcome: dict[str, Any],
    content: Content,
    kernel: Kernel,
    report: Report,
    *,
    normalize: bool,
    quiet: bool,
) -> None:
    size = _size(content, report)
    rate = f", {content.sample_rate} Hz" if content.sample_rate else ""
    width = " x ".join(map(str, kernel.values.shape))
    say(
        f"{outcome['output']}: {content.kind} {size} {report.dtype}{rate}; kernel {kernel.name} "
        f"({width}, sum {outcome['kernel']['sum']:g}), {outcome['mode']}, {outcome['boundary']}",
        quiet=quiet,
    )
    hidden = transparency.note(content, kernel.values)
    for note in (*kernel.notes, *report.notes, *_nan_note(content), *hidden):
        warn(note, quiet=quiet)
    if report.below or report.above:
        warn(_saturation(content, report, normalize=normalize), quiet=quiet)


def _size(content: Content, report: Report) -> str:
    if content.kind != "picture":
        return " x ".join(map(str, report.shape))
    height, width, *channels = report.shape
    count = channels[0] if channels else 1
    return f"{picture_size(width, height)}, {count} channel{'' if count == 1 else 's'},"


def _nan_note(content: Content) -> tuple[str, ...]:
    import numpy as np

    if content.data.dtype.kind != "f" or np.isfinite(content.data).all():
        return ()
    count = int(np.count_nonzero(~np.isfinite(content.data)))
    return (f"{content.name} holds {count} NaN or infinite values; so is every output they touch",)


def _saturation(content: Content, report: Report, *, normalize: bool) -> str:
    count = report.below + report.above
    total = 1
    for length in report.shape:
        total *= length
    way_out = "" if normalize else "; --normalize scales the result into it"
    if content.kind == "sound":
        return (
            f"the peak is {report.peak:.4g} of full scale: {count} of {total} samples were "
            f"clipped{way_out}"
        )
    return (
        f"{count} of {total} values lay outside the range of {report.dtype} ({report.below} below, "
        f"{report.above} above) and were set to its ends{way_out}"
    )


def _write_kernel(kernel: Kernel) -> str:
    """Return the kernel in the notation that KERNEL takes, with shape and sum above."""
    values = kernel.values
    head = f"# {kernel.name}: shape {values.shape}, sum {float(values.sum()):g}"
    if values.ndim > 2 or values.size > _MOST_SHOWN:
        return f"{head}\n{values}"
    rows = values.reshape(1, -1) if values.ndim == 1 else values
    return "\n".join([head, *(" ".join(f"{float(w)!r}" for w in row) + ";" for row in rows)])
