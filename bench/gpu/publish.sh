#!/usr/bin/env bash
# Puts what a GPU machine needs into one folder and one archive: the command line, the test executables, the .NET runtime,
# run.sh. That machine needs neither .NET nor a network.
#
#   bench/gpu/publish.sh [DIR]      artifacts/gpu unless given; DIR.tar.gz beside it, below 60 MiB or exit code 1
#
# All programs share one folder of assemblies and one runtime. linux-x64 only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
out=$(realpath -m "${1:-$root/artifacts/gpu}")
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ -e "$out" ] && [ ! -e "$out/run.sh" ]; then
  echo "publish.sh: $out is there and not from here; give another folder" >&2
  exit 2
fi

rm -rf "$out"
mkdir -p "$out/app"
cd "$root"
programs=(Crypson.Cli)
for tests in Tensor Tensor.Generator Nn Models Messaging Benchmarks Cli; do
  programs+=("tests/Crypson.$tests.Tests")
done

for program in "${programs[@]}"; do
  dotnet publish "$program" -c Release -o "$out/app" -p:SatelliteResourceLanguages=en -p:DebugType=none -p:GenerateDocumentationFile=false -v quiet
done

# What only test platforms, debuggers and editors read.
find "$out/app" \( -name '*.pdb' -o -name '*.xml' -o -name 'Microsoft.TestPlatform.*' -o -name 'Microsoft.VisualStudio.*' -o -name 'testhost*' \
  -o -name 'xunit.runner.visualstudio.*' \) -delete
rm -rf "$out/app/Microsoft.CodeCoverage"

# The runtime.
dotnet=$(dirname "$(realpath "$(command -v dotnet)")")
version=$(dotnet --list-runtimes | sed -n 's/^Microsoft\.NETCore\.App \(10\.[0-9.]*\) .*/\1/p' | tail -n 1)
mkdir -p "$out/dotnet/shared/Microsoft.NETCore.App" "$out/dotnet/host/fxr"
cp -r "$dotnet/shared/Microsoft.NETCore.App/$version" "$out/dotnet/shared/Microsoft.NETCore.App/"
cp -r "$dotnet/host/fxr/$version" "$out/dotnet/host/fxr/"

# Parts of it for debuggers, and some that nothing here refers to.
for unused in libmscordaccore.so libmscordbi.so libcoreclrtraceptprovider.so Microsoft.VisualBasic.Core.dll System.Data.Common.dll \
  System.Private.DataContractSerialization.dll System.Linq.AsyncEnumerable.dll; do
  rm -f "$out/dotnet/shared/Microsoft.NETCore.App/$version/$unused"
done

cp "$dotnet/LICENSE.txt" "$dotnet/ThirdPartyNotices.txt" "$out/dotnet/"

cp "$here/run.sh" "$here/run.py" "$here/torch_steps.py" "$here/README.md" "$out/"
git -C "$root" rev-parse HEAD > "$out/commit" 2> /dev/null || echo unknown > "$out/commit"
tar -C "$(dirname "$out")" -cf - "$(basename "$out")" | gzip -9 > "$out.tar.gz"
bytes=$(stat -c %s "$out.tar.gz")
if [ "$bytes" -ge $((60 << 20)) ]; then
  echo "publish.sh: $out.tar.gz has $bytes bytes, not less than 60 MiB ($((60 << 20)))" >&2
  exit 1
fi

echo "$out: $(du -sh "$out" | cut -f 1); $out.tar.gz: $(du -h "$out.tar.gz" | cut -f 1)"
