#!/usr/bin/env bash
# Servers in Python that the proxy is tested with, in a virtual environment below target/. Does nothing where they are.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=target/python-servers
# mcp is what all of them are made with, the one in tests' own folder too.
packages=(mcp==2.3.0 mcp-server-git==2026.10.19 mcp-server-time==2026.10.19)

if [ "$(cat "$folder/stamp" 2>/dev/null)" = "${packages[*]}" ]; then
  exit 0
fi
python3 -m venv --clear "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
echo "${packages[*]}" >"$folder/stamp"
