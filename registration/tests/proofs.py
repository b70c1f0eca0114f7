"""Proofs of work in tests: challenges of the site, solved as a browser solves them."""

import altcha
from django.urls import reverse


def solve(made):
    """The payload a browser posts for a challenge as the site gave it."""
    challenge = altcha.Challenge.from_dict(made)
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


def proof_for(client, **extra):
    """A new proof of work for this client's session."""
    return solve(client.get(reverse("registration:proof"), **extra).json())
