#!/usr/bin/env bash
# Tests and times Crypson on this machine's devices; README.md has the options.
#
#   ./run.sh [--out DIR] [--device NAME] [--minutes N] [--parts LIST] [--quick]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -x "$here/app/crypson" ]; then
  echo "run.sh: there are no programs beside it; make them with publish.sh on a machine with the .NET SDK" >&2
  exit 2
fi

export DOTNET_ROOT="$here/dotnet" DOTNET_CLI_TELEMETRY_OPTOUT=1
exec "${PYTHON:-python3}" "$here/run.py" "$@"
