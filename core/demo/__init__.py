"""Invented people and cases for demonstrations. Refused outside DEMO and tests (see seed_demo)."""

from core.demo.cases import ACCOUNTS, FATES, PASSWORD, seed_demo

__all__ = ["ACCOUNTS", "FATES", "PASSWORD", "seed_demo"]
