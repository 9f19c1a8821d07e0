"""The report: an outcome of the chain as one page that opens offline."""

from ironworks.report.page import render, write_report

__all__ = ["render", "write_report"]
