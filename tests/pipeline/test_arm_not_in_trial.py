"""A regimen that the study does not have keeps its name and earns a flag."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

TEXT = (
    "III期随机研究IKEMA(NCT03275285)比较了Isa-Kd与Kd治疗RRMM的疗效，共纳入302例。"
    "Isa-Kd组和Kd组的ORR分别为87%和83%，中位PFS分别为35.7个月和19.2个月。"
    "在老年患者亚组中，Isa-Pd组的CR率为38.5%。\n"
)


def test_a_slip_of_the_paper_is_flagged(tmp_path: Path) -> None:
    (tmp_path / "slip.txt").write_text(TEXT, encoding="utf-8")
    command = Path(sys.executable).with_name("isa-extract")
    subprocess.run([command, "extract", tmp_path / "slip.txt", "--out", tmp_path / "out"], check=True)
    with (tmp_path / "out" / "evidence.csv").open(encoding="utf-8", newline="") as table:
        flags = {(row["arm"], row["value"]): row["flags"] for row in csv.DictReader(table)}
    assert flags == {
        ("Isa-Kd", "87"): "",
        ("Kd", "83"): "",
        ("Isa-Kd", "35.7"): "",
        ("Kd", "19.2"): "",
        ("Isa-Pd", "38.5"): "arm-not-in-trial",
    }
