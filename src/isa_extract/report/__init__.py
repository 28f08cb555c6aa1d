"""What people look at: the run as one self-contained page."""

from isa_extract.report.page import render_report, write_report

__all__ = ["render_report", "write_report"]
