"""Call operations with the client that openapi-generator made, in the package ``client``.

Arguments: a file with the calls, and the base URL. Parameters are found by their names, less what is not a letter.
"""

import inspect
import json
import re
import sys

import client


def plain(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def main(path, url):
    with open(path) as file:
        calls = json.load(file)
    apis = [cls for name, cls in vars(client).items() if name.endswith("Api")]
    with client.ApiClient(client.Configuration(host=url)) as connection:
        for call in calls:
            method = next(
                getattr(api(connection), name) for api in apis for name in dir(api) if plain(name) == plain(call["id"])
            )
            given = {plain(k): v for k, v in (call["in_path"] | call["in_query"]).items()}
            arguments = {}
            for name in inspect.signature(method).parameters:
                if plain(name) in given:
                    arguments[name] = given.pop(plain(name))
                elif call["body"] is not None and not name.startswith("_") and name not in arguments:
                    arguments.setdefault(name, None)
            body = next((name for name in reversed(arguments) if arguments[name] is None), None)
            assert not given, given
            if body is not None:
                arguments[body] = call["body"]
            method(**{name: value for name, value in arguments.items() if value is not None})


main(*sys.argv[1:])
