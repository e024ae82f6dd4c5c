#!/usr/bin/env python3
"""Times training steps and matrix products with AVX-512, with AVX2 and with neither, in turn, A B C A B C.

The settings are DOTNET_EnableAVX512=0 (since .NET 10; DOTNET_EnableAVX512F, as it was called before, does nothing) and
DOTNET_EnableAVX2=0, which turns AVX-512 off as well.

    dotnet build -c Release
    bench/instruction-sets.py --rounds 3

--only LIST    rows, as in crypson bench (training steps and three products unless given)
--rounds N     A B C rounds (2 unless given)
--seconds S    seconds of samples per row (0.5 unless given)

Prints, for each row, the medians in milliseconds and how many times longer it takes than with all instructions (least
and most of the rounds). Without AVX-512 it may take twice, without AVX2 six times as long; ends with 1 where the median
of the rounds is above. Where a processor has no AVX-512, the first two are the same.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CRYPSON = os.path.join(ROOT, 'Crypson.Cli', 'bin', 'Release', 'net10.0', 'crypson')
SETTINGS = [('all', {}, 1), ('no AVX-512', {'DOTNET_EnableAVX512': '0'}, 2), ('no AVX2', {'DOTNET_EnableAVX2': '0'}, 6)]


def measure(arguments, environment):
    command = [CRYPSON, 'bench', '--json', '--quiet', '--device', 'cpu', '--only', arguments.only, '--seconds', str(arguments.seconds)]
    result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, **environment}).stdout)
    return {row['name']: row['ms'] for row in result['results']}, result['machine']


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', default='step,gemm/512x512x512,gemm/1024x1024x1024,gemm/1009x1013x1019')
    parser.add_argument('--rounds', type=int, default=2)
    parser.add_argument('--seconds', type=float, default=0.5)
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error('--rounds must be 1 or more')
    if not os.path.exists(CRYPSON):
        sys.exit('crypson is not built\n  hint: dotnet build -c Release')

    rounds, machines = [], {}
    for index in range(arguments.rounds):
        print(f'round {index + 1} of {arguments.rounds}', file=sys.stderr, flush=True)
        measured = {}
        for name, environment, _ in SETTINGS:
            measured[name], machines[name] = measure(arguments, environment)
        rounds.append(measured)

    for name, machine in machines.items():
        print(f'{name}: {machine}')
    if len(set(machines.values())) < len(SETTINGS):
        print('some settings change nothing here', file=sys.stderr)
    print(f'{"row":<26}' + ''.join(f'{name + " ms":>16}' + (f'{"times (limit " + str(limit) + ")":>24}' if limit > 1 else '') for name, _, limit in SETTINGS))
    above = 0
    for row in rounds[0]['all']:
        line = f'{row:<26}'
        for name, _, limit in SETTINGS:
            line += f'{statistics.median(r[name][row] for r in rounds):>16.2f}'
            if limit > 1:
                times = [r[name][row] / r['all'][row] for r in rounds]
                above += statistics.median(times) > limit
                line += f'{f"{statistics.median(times):.2f} ({min(times):.2f} to {max(times):.2f})":>24}'
        print(line)
    print(f'above the limit: {above}')
    sys.exit(1 if above else 0)


if __name__ == '__main__':
    main()
