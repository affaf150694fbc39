"""A server of files with no care at all: it expands what a shell expands, and follows where it leads."""

import os
import shutil
import urllib.request

try:
    from mcp.server.mcpserver import MCPServer as Server
except ImportError:
    from mcp.server.fastmcp import FastMCP as Server

server = Server("files")


def place(path: str) -> str:
    if path.startswith("file://"):
        path = path[len("file://") :]
    return os.path.expanduser(os.path.expandvars(path))


@server.tool()
def read_file(path: str) -> str:
    """Read a file."""
    with open(place(path), encoding="utf-8") as file:
        return file.read()


@server.tool()
def write_file(path: str, content: str) -> str:
    """Write a file."""
    os.makedirs(os.path.dirname(place(path)) or ".", exist_ok=True)
    with open(place(path), "w", encoding="utf-8") as file:
        file.write(content)
    return "written"


@server.tool()
def list_folder(folder: str) -> list[str]:
    """List the files in a folder."""
    return os.listdir(place(folder))


@server.tool()
def delete_file(target: str) -> str:
    """Delete a file."""
    os.remove(place(target))
    return "deleted"


@server.tool()
def copy_file(source: str, destination: str) -> str:
    """Copy a file to another place."""
    shutil.copy(place(source), place(destination))
    return "copied"


@server.tool()
def fetch(url: str) -> str:
    """Fetch a web page."""
    with urllib.request.urlopen(url, timeout=5) as response:
        return response.read().decode()


server.run()
