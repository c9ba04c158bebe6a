"""Killed jobs and mutated inputs by the thousand: ``make torture``, and in short form among the tests."""
