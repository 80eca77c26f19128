"""Measurements against what others send mail with; never part of an installation. See docs/benchmarks.md."""
