"""Lines of standard input, as Python's text streams and `str.splitlines` find them; MCP's own SDK reads a text stream."""

import io
import json
import sys

given = sys.stdin.buffer.read()
print(
    json.dumps(
        {
            "text stream": [line.rstrip("\n") for line in io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")],
            "splitlines": given.decode("utf-8").splitlines(),
            "bytes.splitlines": [line.decode("utf-8") for line in given.splitlines()],
        }
    )
)
