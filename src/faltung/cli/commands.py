"""The commands' common ground: help that begins with examples, errors in one line."""

from __future__ import annotations

import re
from typing import IO, Any, NoReturn

import click

from faltung.cli.messages import show_error
from faltung.errors import FaltungError, OptionError

__all__ = ["ExampleCommand", "ExampleGroup"]


class _Failure(click.ClickException):
    """An error of the library, shown as ``faltung: error: …``; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        show_error(self.message, file)


class ExampleCommand(click.Command):
    """A command whose help begins with examples, and whose arguments may be negative numbers."""

    def __init__(self, *args: Any, examples: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = examples

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples above the text."""
        _write_examples(formatter, self.examples)
        super().format_help_text(ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put a space before such arguments: the same number, but no longer an option."""
        shielded = [f" {entry}" if re.match(r"-\.?\d", entry) else entry for entry in args]
        try:
            return super().parse_args(ctx, shielded)
        except click.NoSuchOption as error:
            operands = any(isinstance(entry, click.Argument) for entry in self.params)
            if not operands or error.option_name.startswith("--"):
                raise
            hint = "If it is an operand that begins with a minus, write '--' before the operands."
            raise click.NoSuchOption(
                error.option_name, f"{error.message} {hint}", error.possibilities, error.ctx
            ) from error


class ExampleGroup(click.Group):
    """A group whose help begins with examples, and that reports the library's errors."""

    def __init__(self, *args: Any, examples: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = examples

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples above the text."""
        _write_examples(formatter, self.examples)
        super().format_help_text(ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error that is not the library's is a bug and keeps its traceback."""
        try:
            _check_instruction_set()
            return super().invoke(ctx)
        except FaltungError as error:
            _fail(str(error), error)
        except MemoryError as error:
            _fail(f"not enough memory: {error}", error)


def _check_instruction_set() -> None:
    """Raise OptionError if FALTUNG_ISA names one that this machine has not."""
    from faltung import _core

    try:
        _core.instruction_set()
    except ValueError as error:
        raise OptionError(f"FALTUNG_ISA in the environment: {error}") from None


def _write_examples(formatter: click.HelpFormatter, examples: str) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        for line in examples.strip().splitlines():
            formatter.write(f"{' ' * formatter.current_indent}$ {line.strip()}\n")


def _fail(message: str, error: BaseException) -> NoReturn:
    raise _Failure(_one_line(message)) from error


def _one_line(message: str) -> str:
    """Return a message in one line; a place marked by a caret below a text becomes that text."""
    lines = message.splitlines()
    if len(lines) > 2 and lines[-1].strip() == "^":
        lines[-2:] = [f"in {lines[-2].strip()!r}"]
    return " ".join(" ".join(lines).split())
