"""What check prints, held against the formats' own rules."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from nnflip.convert.diagnostics import CODES, Diagnostic
from nnflip.convert.report.lint import FORMATS, STATISTICS
from nnflip.convert.report.paint import Paint

FINDINGS = [
    ("net.py", Diagnostic("NF301", 3, 4, 'dropout "on" & <left>', "F.dropout(x)", "Net")),
    ("net.py", Diagnostic("NF307", 9, 0, "no dim \x1b[31m", "F.softmax(x)")),
    ("sub dir/ü.py", Diagnostic("NF301", 1, 0, "line\nbreak")),
    ("/abs/net.py", Diagnostic("NF203", 2, 0, "kept", "F.conv2d(x)", "Net")),
]


def printed(name: str, findings: list[tuple[str, Diagnostic]]) -> str:
    return "".join(FORMATS[name](findings, Paint(False)))


def sarif_problems(document: Any) -> list[str]:
    """Every breach of the parts of SARIF 2.1.0 (OASIS, 3.13 to 3.59) that a document of ours uses."""
    problems: list[str] = []

    def require(holds: object, said: str) -> None:
        if not holds:
            problems.append(said)

    require(set(document) == {"$schema", "version", "runs"}, "3.13 properties of the log")
    require(document["version"] == "2.1.0", "3.13.2 version")
    require(re.fullmatch(r"https://.*sarif.*2\.1\.0.*\.json", document["$schema"]), "3.13.3 $schema")
    for run in document["runs"]:
        require(set(run) <= {"tool", "results", "columnKind", "invocations", "artifacts"}, "3.14 properties of a run")
        require(run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}, "3.14.17 columnKind")
        driver = run["tool"]["driver"]
        require(isinstance(driver["name"], str) and driver["name"], "3.19.8 name")
        ids = [rule["id"] for rule in driver["rules"]]
        require(len(ids) == len(set(ids)), "3.19.23 rules are unique")
        for rule in driver["rules"]:
            known = {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration", "helpUri"}
            require(set(rule) <= known, "3.49 properties of a rule")
            texts = (rule["shortDescription"], rule["fullDescription"], rule["help"])
            require(all(set(text) == {"text"} and text["text"] for text in texts), "3.12 message strings")
            require(rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}, "3.50.3 level")
        for result in run["results"]:
            require(set(result) <= {"ruleId", "ruleIndex", "level", "message", "locations"}, "3.27 properties")
            require(ids[result["ruleIndex"]] == result["ruleId"], "3.27.6 ruleIndex")
            require(result["level"] in {"none", "note", "warning", "error"}, "3.27.10 level")
            require(isinstance(result["message"]["text"], str), "3.11.8 text")
            for location in result["locations"]:
                place = location["physicalLocation"]
                uri, region = place["artifactLocation"]["uri"], place["region"]
                require(re.fullmatch(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", uri), "3.4.3 a valid URI")
                require(region["startLine"] >= 1 and region["startColumn"] >= 1, "3.30 region")
    return problems


@pytest.mark.parametrize("findings", [[], FINDINGS], ids=["none", "some"])
def test_sarif_keeps_to_the_standard(findings: list[tuple[str, Diagnostic]]) -> None:
    document = json.loads(printed("sarif", findings))
    assert sarif_problems(document) == []
    assert len(document["runs"][0]["results"]) == len(findings)


def test_the_sarif_referee_sees_breaches() -> None:
    document = json.loads(printed("sarif", FINDINGS))
    document["runs"][0]["results"][0]["level"] = "bad"
    document["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "a b.py"
    document["version"] = "2.0"
    assert sarif_problems(document) == ["3.13.2 version", "3.27.10 level", "3.4.3 a valid URI"]


def test_junit_has_a_suite_per_file_and_a_failure_per_finding() -> None:
    root = ElementTree.fromstring(printed("junit", FINDINGS).encode())
    assert (root.tag, root.attrib["tests"], root.attrib["failures"]) == ("testsuites", "4", "4")
    assert [(suite.attrib["name"], suite.attrib["failures"]) for suite in root] == [
        ("net.py", "2"),
        ("sub dir/ü.py", "1"),
        ("/abs/net.py", "1"),
    ]
    case = root[0][0]
    assert case.attrib == {
        "name": "NF301 dropout-always-on",
        "classname": "net.py",
        "file": "net.py",
        "line": "3",
    }
    assert case[0].attrib == {"message": 'dropout "on" & <left>', "type": "NF301"}
    assert case[0].text == f'net.py:3:5 dropout "on" & <left>\ncure: {CODES["NF301"].cure}'


def test_junit_without_findings_has_a_case_that_passes() -> None:
    root = ElementTree.fromstring(printed("junit", []).encode())
    assert root.attrib["failures"] == "0"
    assert [len(case) for case in root.iter("testcase")] == [0]


def test_statistics_count_the_most_frequent_first() -> None:
    assert "".join(STATISTICS["text"](FINDINGS, Paint(False))) == (
        f"2  NF301 dropout-always-on\n1  NF203 {CODES['NF203'].slug}\n1  NF307 softmax-without-dim\n"
    )
    counted = json.loads("".join(STATISTICS["json"](FINDINGS, Paint(False))))["statistics"]
    assert counted[0] == {"code": "NF301", "slug": "dropout-always-on", "count": 2}
