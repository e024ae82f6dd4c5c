#!/usr/bin/env python3
"""Runs the PyTorch peer and Crypson in turn, A B A B, on this machine, and prints the ratio of their times.

    dotnet build -c Release
    bench/peer/compare.py --peer ../shared/peer --rounds 2 --write

--peer DIR    the folder with tuned.sh and torch_bench.py
--only LIST   parts to run: steps,infer,op,gemm (all unless given)
--rounds N    A B rounds (2 unless given)
--budget S    seconds of samples per row (1.5 unless given)
--write       also write bench/RESULTS.md, each part's last two runs kept in bench/peer/results.json
Needs Debian's python3-torch, libopenblas0-openmp and libtcmalloc-minimal4. Without them it says so and ends with 1.

The peer runs its variants of the fastest configuration known (hybrid_ct, onednn_ct; base for what only that has), with
the kernels that OpenBLAS chooses for the processor whatever OPENBLAS_CORETYPE says; a round's peer time of a row is the
best of their medians. The ratio is peer / Crypson: above 1 Crypson is faster. One thread over all is measured by two
runs of the step one after the other. A requirement is met if the median of the rounds' ratios meets it, in both runs
where two are kept.
"""
import argparse
import datetime
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CRYPSON = os.path.join(ROOT, 'Crypson.Cli', 'bin', 'Release', 'net10.0', 'crypson')
RESULTS = os.path.join(ROOT, 'bench', 'RESULTS.md')
SAVED = os.path.join(HERE, 'results.json')

# Part: (our --only, the peer's --groups, its --variants)
PARTS = {
    'steps': ('step', 'steps', 'hybrid_ct,onednn_ct'),
    'infer': ('infer,pipeline', 'infer', 'hybrid_ct,onednn_ct'),
    'op': ('op', 'micro', 'base,onednn_ct'),
    'gemm': ('gemm', 'gemm', 'base'),
}

# The least ratio that is agreed on: first pattern that fits.
REQUIRED = [
    (r'step/cgan$', 1.15), (r'step/(vae|classifier)$', 1.5),
    (r'infer/generator', 1.1), (r'infer/encoder', 1.2), (r'infer/classifier', 2.0),
    (r'pipeline/encrypt/b256', 1.2), (r'pipeline/decrypt/b256', 2.0),
    (r'op/.*conv.*/fwd\+bwd$', 1.0), (r'gemm/', 0.97), (r'op/Adam', 1.0),
]


def required(name):
    return next((ratio for pattern, ratio in REQUIRED if re.match(pattern, name)), None)


def peer_environment():
    """The caller's OpenBLAS settings may hold it back (a core type without AVX-512, say): it finds the fastest by itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith('OPENBLAS_')}


def run_peer(arguments, groups, variants):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, 'peer.json')
        subprocess.run(
            ['bash', os.path.join(arguments.peer, 'tuned.sh'), '--variants', variants, '--groups', groups, '--rounds', '1',
             '--budget', str(arguments.budget), '--wait', '60', '--out', out],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, env=peer_environment())
        with open(out, encoding='utf-8') as file:
            peer = json.load(file)
    best = {}
    for name, result in peer['results'].items():
        name = re.sub(r'@[\w+]+', '', name)
        best[name] = min(best.get(name, float('inf')), result['ms'])
    return best, {'torch': peer['torch'], 'cpu': peer['cpu']}


def run_ours(arguments, only, threads=None):
    command = [CRYPSON, 'bench', '--json', '--quiet', '--device', 'cpu', '--only', only, '--seconds', str(arguments.budget)]
    if threads:
        command += ['--threads', str(threads)]
    result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    rows = {row['name']: row['ms'] for row in result['results']}
    return rows, {key: result[key] for key in ('machine', 'version', 'fma_gflops', 'copy_gbytes_s')}


def measure(arguments, part, saved):
    """One run of a part; the one before stays beside it."""
    only, groups, variants = PARTS[part]
    rounds = []
    for index in range(arguments.rounds):
        print(f'{part}: round {index + 1} of {arguments.rounds}', file=sys.stderr, flush=True)
        peer, saved['peer'] = run_peer(arguments, groups, variants)
        ours, saved['crypson'] = run_ours(arguments, only)
        rounds.append({'peer': peer, 'crypson': ours})
        if part == 'steps':
            for name, threads in (('one_thread', 1), ('all_threads', None)):
                rounds[-1][name] = run_ours(arguments, 'step/cgan', threads)[0]['step/cgan']
    run = {'date': datetime.date.today().isoformat(), 'rounds': rounds}
    saved['parts'][part] = [*saved['parts'].get(part, [])[-1:], run]


def spread(values):
    return f'{statistics.median(values):.3g}' + (f' ({min(values):.3g} to {max(values):.3g})' if len(values) > 1 else '')


def table(saved):
    lines = ['| row | PyTorch ms | Crypson ms | ratio | ratio, run before | required | |', '|---|---|---|---|---|---|---|']
    counts = {'lost': 0, 'total': 0}

    def row(name, peer, ours, ratios, need):
        short = need is not None and any(statistics.median(run) < need for run in ratios)
        counts['total'] += need is not None
        counts['lost'] += short
        mark = 'below' if short else ('slower' if all(max(run) < 1 for run in ratios) else '')
        before = spread(ratios[-2]) if len(ratios) > 1 else ''
        lines.append(f'| {name} | {peer} | {ours} | {spread(ratios[-1])} | {before} | {need or ""} | {mark} |')

    for part in PARTS:
        runs = [run['rounds'] for run in saved['parts'].get(part, [])]
        for name in (runs[-1][0]['crypson'] if runs else {}):
            if any(name not in r['peer'] or name not in r['crypson'] for run in runs for r in run):
                continue
            ratios = [[r['peer'][name] / r['crypson'][name] for r in run] for run in runs]
            row(name, *(spread([r[side][name] for r in runs[-1]]) for side in ('peer', 'crypson')), ratios, required(name))
        if runs and part == 'steps':
            scaling = [[r['one_thread'] / r['all_threads'] for r in run] for run in runs]
            row('step/cgan, 1 thread over all', '', '', scaling, 1.85)
    return lines, counts['lost'], counts['total']


def write(saved, lines, lost, total):
    dates = sorted({run['date'] for runs in saved['parts'].values() for run in runs})
    counts = ', '.join(f'{name} {" and ".join(str(len(run["rounds"])) for run in runs)}' for name, runs in saved['parts'].items())
    text = '\n'.join([
        '# Crypson beside PyTorch', '',
        'Made by `bench/peer/compare.py --write`: PyTorch in its fastest known configuration and Crypson in turn on one',
        'machine, medians in milliseconds, over the rounds of the last run as median (least to most). Ratio = PyTorch /',
        'Crypson of the same round; above 1 Crypson is faster. A requirement is met if the median of the rounds meets it in',
        'both runs: *below* marks those that are not, *slower* rows that PyTorch wins in every round.', '',
        f'- Machine: {saved["crypson"]["machine"]}, {os.cpu_count()} cores, {platform.system()}; fused multiply-adds'
        f' {saved["crypson"]["fma_gflops"]:.0f} GFLOP/s, copy {saved["crypson"]["copy_gbytes_s"]:.1f} GB/s.',
        f'- Crypson {saved["crypson"]["version"]}, PyTorch {saved["peer"]["torch"]}; measured {dates[0]}'
        + (f' to {dates[-1]}' if dates[-1] != dates[0] else '') + f'; rounds: {counts}.',
        f'- Requirements met: {total - lost} of {total}.', '', *lines, ''])
    with open(RESULTS + '.tmp', 'w', encoding='utf-8') as file:
        file.write(text)
    os.replace(RESULTS + '.tmp', RESULTS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--peer', default=os.path.join(ROOT, '..', 'shared', 'peer'))
    parser.add_argument('--only', default=','.join(PARTS))
    parser.add_argument('--rounds', type=int, default=2)
    parser.add_argument('--budget', type=float, default=1.5)
    parser.add_argument('--write', action='store_true')
    arguments = parser.parse_args()
    parts = arguments.only.split(',')
    unknown = [part for part in parts if part not in PARTS]
    if unknown or arguments.rounds < 1:
        parser.error(f'no part is called {unknown[0]}; there are {", ".join(PARTS)}' if unknown else '--rounds must be 1 or more')
    if not os.path.exists(CRYPSON):
        sys.exit('crypson is not built\n  hint: dotnet build -c Release')
    if not os.path.exists(os.path.join(arguments.peer, 'tuned.sh')):
        sys.exit(f'{arguments.peer} has no tuned.sh\n  hint: give the peer\'s folder with --peer')
    if subprocess.run(['/usr/bin/python3', '-c', 'import torch'], stderr=subprocess.DEVNULL).returncode != 0:
        sys.exit('PyTorch is not installed\n  hint: apt-get install python3-torch python3-numpy libopenblas0-openmp libtcmalloc-minimal4')

    saved = {'parts': {}}
    if arguments.write and os.path.exists(SAVED):
        with open(SAVED, encoding='utf-8') as file:
            saved = json.load(file)
    for part in parts:
        measure(arguments, part, saved)
    lines, lost, total = table(saved)
    print('\n'.join(lines))
    print(f'requirements met: {total - lost} of {total}')
    if arguments.write:
        with open(SAVED + '.tmp', 'w', encoding='utf-8') as file:
            json.dump(saved, file, indent=1)
            file.write('\n')
        os.replace(SAVED + '.tmp', SAVED)
        write(saved, lines, lost, total)


if __name__ == '__main__':
    main()
