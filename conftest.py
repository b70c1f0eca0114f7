"""Loads the fixtures that all apps share."""

pytest_plugins = ["accounting_platform.testing"]
