# SPDX-License-Identifier: LGPL-2.1-or-later
"""JSON Schemas that sriovctl is installed with, for tests, and YAML as editors read it."""

import functools
import json
import os
import pathlib
import re

import jsonschema
import yaml


class Yaml12(yaml.SafeLoader):
    """The core schema of YAML 1.2: to it "yes" is a text, and so is an address."""

    yaml_implicit_resolvers = {}


def resolver(tag, pattern, first):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"),
                                 list(first) + [""] * (tag == "null"))


def read_integer(loader, node):
    text = node.value
    return int(text, 16 if text.startswith("0x") else 10) if text[:2] != "0o" else int(text[2:], 8)


resolver("bool", "true|True|TRUE|false|False|FALSE", "tTfF")
resolver("null", "~|null|Null|NULL|", "~nN")
resolver("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789")
resolver("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789")
Yaml12.add_constructor("tag:yaml.org,2002:int", read_integer)


def read_yaml(data):
    return yaml.load(data, Yaml12)


@functools.cache
def load(name):
    folder = os.environ.get("SCHEMAS") or os.path.dirname(os.environ["SRIOVCTL"])
    path = pathlib.Path(folder) / f"{name}.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


@functools.cache
def validator(name, part=None):
    """Of a schema, or of a part of its definitions."""
    schema = load(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    if part:
        schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{part}"}
    return jsonschema.Draft202012Validator(schema)


def causes(error):
    """The error itself, or what is wrong with the alternative that is the nearest."""
    cause = jsonschema.exceptions.best_match(error.context) if error.context else None
    return [error, cause] if cause else [error]


def complaints(document, name, part=None):
    """What is wrong with a document by a schema, a line each."""
    return [f"{each.json_path}: {each.message[:300]}"
            for error in validator(name, part).iter_errors(document) for each in causes(error)]
