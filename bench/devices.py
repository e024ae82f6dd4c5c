#!/usr/bin/env python3
"""Times a matrix product and a training step on the CPU and on OpenCL devices that are CPUs (PoCL), in turn.

    dotnet build -c Release
    bench/devices.py --rounds 3

--rounds N     rounds (3 unless given)
--seconds S    seconds of samples per row and device (0.5 unless given)

Prints, for each row and device, the speed as a share of the CPU kernels' in the same round (median, least and most).
The product must reach 0.6 of it and the cGAN's step 0.35; ends with 1 where the median of the rounds is below. Devices
that are GPUs are shown, not judged. Without an OpenCL device there is nothing to compare: ends with 0 and says so.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CRYPSON = os.path.join(ROOT, 'Crypson.Cli', 'bin', 'Release', 'net10.0', 'crypson')
LEAST = {'gemm/1024x1024x1024': 0.6, 'step/cgan': 0.35}


def crypson(*arguments):
    return json.loads(subprocess.run([CRYPSON, *arguments, '--json'], stdout=subprocess.PIPE, check=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--seconds', type=float, default=0.5)
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error('--rounds must be 1 or more')
    if not os.path.exists(CRYPSON):
        sys.exit('crypson is not built\n  hint: dotnet build -c Release')
    kinds = {device['name']: device['kind'] for device in crypson('devices') if device['available'] and device['name'].startswith('opencl')}
    if not kinds:
        print('no OpenCL device: nothing to compare')
        return

    shares = {(row, device): [] for row in LEAST for device in kinds}
    for index in range(arguments.rounds):
        print(f'round {index + 1} of {arguments.rounds}', file=sys.stderr, flush=True)
        result = crypson('bench', '--quiet', '--device', 'all', '--only', ','.join(LEAST), '--seconds', str(arguments.seconds))
        times = {(row['name'], row['device']): row['ms'] for row in result['results']}
        for row, device in shares:
            shares[row, device].append(times[row, 'cpu'] / times[row, device])

    print(f'{"row":<22}{"device":<12}{"share of the speed of cpu":>32}{"must":>8}')
    below = 0
    for (row, device), values in shares.items():
        is_judged = kinds[device] == 'CPU'
        below += is_judged and statistics.median(values) < LEAST[row]
        share = f'{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})'
        print(f'{row:<22}{device:<12}{share:>32}{LEAST[row] if is_judged else "-":>8}')
    print(f'below what must be: {below}')
    sys.exit(1 if below else 0)


if __name__ == '__main__':
    main()
