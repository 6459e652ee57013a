"""Benchmarks: each of ours beside its limit, measured in one run, so that the ratio means something on any machine."""
