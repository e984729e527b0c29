"""Invented people and cases for demonstrations. Refused outside DEMO and tests (see seed_demo)."""

from core.demo.cases import ACCOUNTS, FATES, PASSWORD, SECOND_CLERK, seed_demo

__all__ = ["ACCOUNTS", "FATES", "PASSWORD", "SECOND_CLERK", "seed_demo"]
