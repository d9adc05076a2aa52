"""Has the libraries do the steps that standard input lists, and prints what came of each: JSON in, JSON out."""

import json
import sys

import requests

from token_clients import TOKEN_CLIENTS, introspect, revoke
from verifiers import VERIFIERS

given = json.load(sys.stdin)
metadata = requests.get(f"{given['issuer']}/.well-known/oauth-authorization-server", timeout=10).json()


def take(step):
    match step["do"]:
        case "get":
            return TOKEN_CLIENTS[step["library"]](metadata, step)
        case "verify":
            return VERIFIERS[step["library"]](metadata, step)
        case "introspect":
            return introspect(metadata, step)
        case "revoke":
            return revoke(metadata, step)


def outcome(step):
    try:
        return take(step)
    except Exception as error:
        return {"error": describe(error.__cause__ or error)}


def describe(error):
    return getattr(error, "error", "") or f"{type(error).__name__}: {error}"


json.dump({name: outcome(step) for name, step in given["steps"].items()}, sys.stdout)
