from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

import faltung as ft
from faltung.errors import DataError, FileError
from faltung.tour import run
from faltung.tour.chapters import likeness, network_drawings, recognition, verdicts, what_it_does
from faltung.tour.page import page
from faltung.tour.settings import Settings, Story

from .html_check import PageReader


@pytest.fixture(scope="module")
def told():
    """The chapter on the digits with two networks that learn briefly."""
    story = Story()
    chapter = what_it_does.tell(Settings(seeds=2, epochs=12), story)
    return chapter, story.numbers["what_it_does"]


def test_the_digits_are_told_apart(told):
    numbers = told[1]
    assert numbers["pictures"] == 1797
    assert numbers["seeds"] == [0, 1]
    assert numbers["accuracy"]["mean"] >= 0.985
    assert len(numbers["accuracy"]["each"]) == 2
    assert 0 <= numbers["accuracy"]["spread"] < 0.02


def test_nearest_neighbours_stand_beside_it(told):
    nearest = told[1]["nearest_neighbour_accuracy"]
    assert len(nearest["each"]) == 2
    assert 0.97 < nearest["mean"] < 0.995


def test_shuffled_labels_teach_nothing(told):
    numbers = told[1]
    assert numbers["chance"] == pytest.approx(0.1, abs=0.005)
    assert numbers["shuffled_labels_accuracy"]["mean"] < 0.3
    assert numbers["shuffled_at_chance"] is True
    assert numbers["shuffled_labels_accuracy"]["epochs"] == 3


@pytest.mark.parametrize(
    ("accuracies", "expected"),
    [([0.1, 0.13, 0.08], True), ([0.3, 0.31, 0.29], False), ([0.25], True), ([0.6], False)],
)
def test_whether_shuffled_labels_are_at_chance(accuracies, expected):
    shuffled = recognition.Shuffled(accuracies, 3)
    assert what_it_does._at_chance(recognition.digits(), shuffled) is expected


def test_the_confusion_matrix_counts_every_answer(told):
    numbers = told[1]
    counts = np.array(numbers["confusion"])
    assert counts.sum() == 2 * numbers["held_out"]
    assert counts.sum() - np.trace(counts) == len(numbers["mistakes"])
    right = np.trace(counts) / counts.sum()
    assert right == pytest.approx(numbers["accuracy"]["mean"])


def test_every_mistake_is_one_and_is_shown(told):
    chapter, numbers = told
    for mistake in numbers["mistakes"]:
        assert mistake["shows"] != mistake["taken_for"]
        assert 0.1 <= mistake["probability"] <= 1
        labels = recognition.digits().labels
        assert str(labels[mistake["picture"]]) == mistake["shows"]
    assert numbers["verdict"]["above_chance"] is True
    assert "With " not in chapter.body.split("commonest name")[1].split("</p>")[0]
    assert "a machine that reads" in chapter.body
    assert "kernels of nine numbers" in chapter.body
    assert chapter.body.count(', taken for <b class="product">') == len(numbers["mistakes"])
    unsure = sum(mistake["probability"] < 0.5 for mistake in numbers["mistakes"])
    assert (f"less than half sure of {unsure} of them" in chapter.body) == (unsure > 0)
    assert "no better than guessing" in chapter.body
    assert f"Do that {12 * 22} times." in chapter.body  # passes, and batches of 1437 pictures


def test_the_chapter_is_well_formed(told):
    reader = PageReader(page([told[0]], {"hero": "", "colophon": ""}))
    assert reader.faults == []
    assert "$" not in reader.text
    assert [figure["captions"] for figure in reader.figures] == [1] * 5
    assert [figure["commands"] for figure in reader.figures] == [1] * 5
    assert all(figure["pictures"] for figure in reader.figures)
    assert max(len(line) for code in reader.codes for line in code.splitlines()) <= 57
    json.dumps(told[1])


def test_its_python_lines_run(told):
    digits = recognition.digits()
    images, labels = digits.images[:60], digits.labels[:60]
    space = {"images": images, "labels": labels, "new_images": images[:5], "new_labels": labels[:5]}
    space["image"] = images[0]
    for code in PageReader(told[0].body).codes:
        if not code.startswith("faltung "):
            exec(code, space)


def test_its_commands_run(told, tmp_path, monkeypatch):
    import shlex
    from pathlib import Path

    from click.testing import CliRunner

    from faltung.cli.main import main

    monkeypatch.chdir(tmp_path)
    _bars(tmp_path / "photos", 8)
    (tmp_path / "new").mkdir()
    Image.fromarray(np.eye(12, dtype=np.uint8) * 250).save("new/one.jpg")
    commands = [code for code in PageReader(told[0].body).codes if code.startswith("faltung ")]
    assert len(commands) == 2
    for command in commands:
        words = []
        for word in shlex.split(command):  # as a shell does
            words += [str(path) for path in Path().glob(word)] if "*" in word else [word]
        done = CliRunner().invoke(main, words[1:])
        assert done.exit_code == 0, (command, done.output)


# Splits


def test_a_fifth_of_each_class_is_held_out():
    labels = np.repeat([0, 1, 2], [50, 20, 3])
    learned, held_out = recognition.split(labels, seed=4)
    assert np.bincount(labels[held_out]).tolist() == [10, 4, 1]
    assert np.array_equal(np.sort(np.concatenate([learned, held_out])), np.arange(73))


def test_splits_differ_by_seed_and_repeat_with_it():
    labels = np.repeat([0, 1], 50)
    first, again, other = (recognition.split(labels, seed)[1] for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_many_pictures_mean_fewer_networks():
    few = recognition.digits()
    large = np.zeros((4000, 32, 32, 3), np.float32)
    many = recognition.PictureSet("many", large, np.arange(4000) % 2, ["a", "b"], [])
    assert recognition.trial_count(few, Settings()) == 5
    assert recognition.trial_count(many, Settings()) == 1
    assert recognition.trial_count(many, Settings(seeds=3)) == 3


def test_kernels_alike_to_known_ones_are_counted():
    kernels = np.stack(
        [ft.kernels.sobel(0), -ft.kernels.sobel(1), ft.kernels.laplacian(), np.eye(3)]
    )
    assert likeness.alike(kernels[:, None]) == (2, 1)


def test_random_kernels_are_said_to_be_no_more_than_chance():
    kernels = np.random.default_rng(11).standard_normal((32, 1, 3, 3))
    found = likeness.likeness(kernels, seed=0)
    counts = [
        likeness.alike(np.random.default_rng(seed).standard_normal((32, 3, 3, 3)))
        for seed in range(200)
    ]
    means = np.mean(counts, axis=0)
    assert found.random_edge_like == pytest.approx(means[0], rel=0.15)
    assert found.random_spot_like == pytest.approx(means[1], rel=0.3)
    assert found.report()["edges_above_chance"] is False
    assert "look like random ones" in found.text()
    assert "together" in found.text()


def test_many_edges_are_said_to_be_more_than_chance():
    random = np.random.default_rng(0)
    kernels = np.stack([ft.kernels.sobel(i % 2) for i in range(32)])[:, None]
    found = likeness.likeness(kernels + 0.2 * random.standard_normal(kernels.shape), seed=0)
    assert found.edge_like == 32
    assert found.edge_share == 0
    assert found.report()["edges_above_chance"] is True
    assert "32 look like an edge detector" in found.text()
    assert "no look like a detector of spots" not in found.text()


def test_the_kernels_of_a_network_are_weighed_against_chance(told):
    chapter, numbers = told
    alike = numbers["kernels_alike"]
    assert alike["kernels"] == 32
    assert 3 < alike["random_edge_like"] < 5
    assert f"{alike['random_edge_like']:.1f} on average" in chapter.body


# Drawings


@pytest.mark.parametrize("percents", [[50.0], [52, 48], [58.3], [45], [70, 60], [99], [10]])
@pytest.mark.parametrize("chance", [50, 10, 33.3, 55.6])
def test_the_line_of_chance_runs_through_no_name(percents, chance):
    name = "the networks"
    x, side = network_drawings._beside(np.array(percents), name, chance)
    low, high = (x, x + 1.7 * len(name)) if side == "left" else (x - 1.7 * len(name), x)
    assert not low < chance < high
    assert low >= 0
    assert high <= 100
    assert high < min(percents) or low > max(percents)


def test_errors_look_weaker_than_right_answers():
    shares = np.linspace(0, 1, 11)
    wrong = [network_drawings._strength(share, right=False) for share in shares]
    right = [network_drawings._strength(share, right=True) for share in shares]
    assert max(wrong) < min(right)


def test_long_names_end_in_dots():
    made = network_drawings.votes(np.array([0.6, 0.4]), ["short", "a very long name of a class"])
    assert "a very long name …" in made
    assert "short" in made


# One's own folder


def _bars(folder, count, *, size=12):
    """Write pictures of lying and standing bars in two class folders."""
    random = np.random.default_rng(1)
    for name in ("lying <b>", "standing"):
        (folder / name).mkdir(parents=True)
        for i in range(count):
            pixels = random.integers(0, 60, (size, size)).astype(np.uint8)
            pixels[random.integers(2, size - 2)] = 250
            turned = pixels if name.startswith("lying") else pixels.T
            coloured = np.repeat(turned[..., None], 3, axis=2) if i % 2 else turned
            Image.fromarray(np.ascontiguousarray(coloured)).save(folder / name / f"{i}.png")
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    folder = _bars(tmp_path_factory.mktemp("own") / "my bars", 20)
    (folder / "standing" / "broken.jpg").write_bytes(b"no picture at all")
    story = Story()
    chapter = what_it_does.tell(Settings(pictures=folder, seeds=1, epochs=8), story)
    return chapter, story.numbers["what_it_does"]


def test_a_folder_of_ones_own(own):
    numbers = own[1]
    assert numbers["pictures"] == 40
    assert numbers["picture_shape"] == [12, 12, 3]
    assert numbers["classes"] == ["lying <b>", "standing"]
    assert numbers["accuracy"]["spread"] is None
    assert "kernels of 27 numbers" in own[0].body
    assert "light adds" in own[0].body


def test_the_words_for_a_folder_of_ones_own(own):
    chapter, numbers = own
    assert "a machine that reads" not in chapter.body
    above = numbers["verdict"]["above_chance"]
    assert f"a machine that {'tells pictures apart' if above else 'learns from'}" in chapter.body
    shuffled, chance = numbers["shuffled_labels_accuracy"]["mean"], numbers["chance"]
    assert ("no better than guessing" in chapter.body) == (shuffled <= chance)
    assert "hesitated" not in chapter.body
    assert "eight\u00a0passes over" in chapter.body
    assert numbers["verdict"]["pictures_asked"] == 8
    low, high = numbers["verdict"]["interval_95_percent"]
    assert low < numbers["accuracy"]["mean"] <= high
    assert "With 8 pictures to ask about" in chapter.body
    assert "at most 32 pixels on the longer side, the command with up to 64" in chapter.body


@pytest.mark.parametrize(
    ("p_value", "nearest", "asked", "said", "unsaid"),
    [
        (0.3, 0.6, 50, ["better than guessing", "worse than the plain", "coarse"], []),
        (1e-9, 0.6, 500, ["worse than the plain"], ["guessing", "coarse"]),
        (1e-9, 0.4, 500, [], ["guessing", "worse", "coarse"]),
    ],
)
def test_the_words_follow_the_figures(p_value, nearest, asked, said, unsaid):
    found = verdicts.Verdict(asked, 0.55, nearest, 0.5, p_value, 0.41, 0.68).text("networks")
    assert all(words in found for words in said)
    assert not any(words in found for words in unsaid)


@pytest.mark.parametrize(
    ("mean", "agrees", "text"),
    [
        (0.4, True, "no better than guessing"),
        (0.4, False, "no better than guessing"),
        (0.6, True, "not clearly better than guessing"),
        (0.6, False, "more than guessing explains"),
    ],
)
def test_shuffled_names_are_told_by_their_figures(mean, agrees, text):
    assert verdicts.shuffled_verdict(mean, 0.5, agrees) == text


@pytest.mark.parametrize(
    ("p_value", "reads", "text"),
    [
        (1e-9, True, "reads"),
        (1e-9, False, "tells pictures apart"),
        (0.3, True, "learns from pictures"),
    ],
)
def test_the_last_sentence_says_what_the_machine_does(p_value, reads, text):
    found = verdicts.Verdict(50, 0.55, 0.4, 0.5, p_value, 0.41, 0.68)
    assert verdicts.closing(found, reads=reads) == text


@pytest.mark.parametrize(
    ("chances", "words"),
    [
        ([], "none to look at: all 40 answers were right"),
        ([0.4], "the only one in 40 answers over all splits. It was less than half sure of it."),
        ([0.8], "the only one in 40 answers over all splits."),
        ([0.8, 0.4, 0.3], "It was less than half sure of 2 of them."),
        ([0.8, 0.7], "Of each it was at least half sure."),
        ([0.6] * 500, "here are the 400 of which the machine was surest."),
    ],
)
def test_the_mistakes_are_told_by_their_figures(chances, words):
    found = [{"probability": chance} for chance in chances]
    assert words in what_it_does._mistake_text(found, 40)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "less than a second"), (1.1, "about one\u00a0second"), (12.4, "about 12\u00a0seconds")],
)
def test_seconds_are_told_in_words(seconds, text):
    assert what_it_does._duration(seconds) == text


def test_an_unreadable_picture_is_named(own):
    chapter, numbers = own
    assert len(numbers["skipped"]) == 1
    assert numbers["skipped"][0].startswith("broken.jpg: ")
    assert "broken.jpg" in chapter.body


def test_names_of_classes_are_escaped(own):
    assert PageReader(page([own[0]], {"hero": "", "colophon": ""})).faults == []
    assert "<b>'" not in own[0].body
    assert "lying &lt;b&gt;" in own[0].body


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda folder: folder.mkdir(), FileError, "holds no folders"),
        (lambda folder: (folder / "only").mkdir(parents=True), DataError, "in none of its folders"),
    ],
)
def test_a_folder_without_pictures(make, error, text, tmp_path):
    make(tmp_path / "pictures")
    with pytest.raises(error, match=text):
        run(pictures=tmp_path / "pictures", out=tmp_path / "tour.html")
    assert not (tmp_path / "tour.html").exists()


def test_one_class_or_one_picture_is_too_few(tmp_path):
    folder = _bars(tmp_path / "pictures", 3)
    for file in list((folder / "standing").iterdir())[1:]:
        file.unlink()
    with pytest.raises(DataError, match="'standing' holds one picture"):
        recognition.folder(folder)
    next((folder / "standing").iterdir()).unlink()
    (folder / "standing").rmdir()
    with pytest.raises(DataError, match="one class only"):
        recognition.folder(folder)
