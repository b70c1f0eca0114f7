"""A school for the demo: a separate program that knows the platform by its documented interface alone."""
