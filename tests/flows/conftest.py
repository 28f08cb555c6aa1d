"""One Prefect server for all flow tests: it takes about ten seconds to start."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

FLOWS = Path(__file__).parents[2] / "flows"


@pytest.fixture(scope="session")
def extract_flow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """`flows/extract.py` as a module, with a server of its own under it."""
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    spec = importlib.util.spec_from_file_location("extract_flow", FLOWS / "extract.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)

    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield module
