"""Call operations with the models that datamodel-code-generator made: bodies and responses are instances of them.

Arguments: a file with the calls, and the base URL. The models are in the package ``models``.
"""

import json
import sys
from importlib import import_module
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen


def model(reference):
    """The class for a reference to a schema, whose dots are modules."""
    module, _, name = reference.rpartition("/")[2].rpartition(".")
    return getattr(import_module(f"models.{module}"), name)


def main(path, url):
    with open(path) as file:
        calls = json.load(file)
    for call in calls:
        target = call["path"]
        for name, value in call["in_path"].items():
            target = target.replace(f"{{{name}}}", quote(str(value), safe=""))
        query = {k: str(v).lower() if isinstance(v, bool) else v for k, v in call["in_query"].items()}
        data = None
        if call["body"] is not None:
            body = model(call["takes"]).model_validate(call["body"]) if call["takes"] else None
            text = body.model_dump_json(exclude_unset=True, by_alias=True) if body else json.dumps(call["body"])
            data = text.encode()
        address = f"{url}{target}?{urlencode(query, doseq=True, quote_via=quote)}".rstrip("?")
        request = Request(address, data, {"Content-Type": "application/json"}, method=call["verb"].upper())
        with urlopen(request, timeout=30) as response:
            model(call["gives"]).model_validate_json(response.read())


main(*sys.argv[1:])
