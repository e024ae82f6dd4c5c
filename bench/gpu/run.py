#!/usr/bin/env python3
"""Tests and times Crypson on this machine's devices. Started by run.sh, which sets where .NET is; see README.md."""
import argparse
import glob
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
APP = os.path.join(HERE, 'app')
CRYPSON = os.path.join(APP, 'crypson')
SUITES = ['Tensor.Generator', 'Tensor', 'Nn', 'Models', 'Messaging', 'Benchmarks', 'Cli']
PARTS = ['devices', 'tests', 'memory', 'sanitizer', 'bench', 'torch']
TEST_SHARE = 0.35
SANITIZER_SHARE = 0.15
BENCH_SHARE = 0.30

# Suites whose kernels go through compute-sanitizer, and tests that would take minutes there or ask for absurd memory.
SANITIZED = ['Tensor.Generator', 'Tensor']
NOT_SANITIZED = re.compile(r'thousand|Memory_that_is_not_there|learn')

THOUSAND = re.compile(r'thousand', re.IGNORECASE)

# What torch_steps.py ends with when there is no PyTorch for the device.
NOT_AVAILABLE = 77

# How a line of the test executables' JSON reporter begins.
MESSAGE = '{"$type":'


class Run:
    def __init__(self, arguments):
        self.arguments = arguments
        self.start = time.monotonic()
        self.limit = 60 * arguments.minutes
        self.report = {}
        os.makedirs(arguments.out, exist_ok=True)
        self.environment = dict(os.environ)
        # A cache of its own, so that this run compiles every kernel.
        self.environment['CRYPSON_CACHE'] = os.path.join(arguments.out, 'kernels')

    def left(self):
        return self.limit - (time.monotonic() - self.start)

    def call(self, name, command, seconds, environment=None):
        """Runs a program, its output in NAME.log; (exit code, output). 124 if it took longer than it may."""
        seconds = min(seconds, self.left())
        if seconds <= 1:
            return 124, ''
        log = os.path.join(self.arguments.out, re.sub(r'[^\w.-]+', '-', name) + '.log')
        start = time.monotonic()
        with open(log, 'w', encoding='utf-8', errors='replace') as errors:
            try:
                done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, timeout=seconds, cwd=self.arguments.out,
                                      env={**self.environment, **(environment or {})}, stdin=subprocess.DEVNULL, check=False)
                code, output = done.returncode, done.stdout
            except subprocess.TimeoutExpired as late:
                code, output = 124, late.stdout or b''
            except OSError as error:
                code, output = 127, str(error).encode()
        text = output.decode('utf-8', 'replace')
        with open(log, 'a', encoding='utf-8') as file:
            file.writelines(line for line in text.splitlines(keepends=True) if not line.startswith(MESSAGE))
        words = {0: 'ok', NOT_AVAILABLE: 'not available', 124: 'out of time'}
        print(f'  {name}: {words.get(code, f"exit code {code}")}, {time.monotonic() - start:.0f} s', file=sys.stderr, flush=True)
        return code, text

    def save(self):
        self.report['seconds'] = round(time.monotonic() - self.start)
        path = os.path.join(self.arguments.out, 'report.json')
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(self.report, file, indent=1)
            file.write('\n')
        with open(os.path.join(self.arguments.out, 'report.md'), 'w', encoding='utf-8') as file:
            file.write(text_of(self.report))


def first_json(text):
    """The first JSON value in a program's output."""
    at = min((text.find(mark) for mark in '[{' if mark in text), default=-1)
    return json.JSONDecoder().raw_decode(text[at:])[0] if at >= 0 else None


def nvrtc_of_torch():
    """The compiler that this Python's PyTorch brings along, or None."""
    spec = importlib.util.find_spec('torch')
    packages = os.path.dirname(os.path.dirname(spec.origin)) if spec and spec.origin else None
    found = packages and sorted(glob.glob(os.path.join(packages, 'nvidia', '*', 'lib', 'libnvrtc.so.*')) + glob.glob(os.path.join(packages, 'torch', 'lib', 'libnvrtc*.so*')))
    return next((path for path in reversed(found or []) if 'builtins' not in path and '.alt.' not in path), None)


def devices(run):
    code, text = run.call('devices', [CRYPSON, 'devices', '--json'], 60)
    found = first_json(text) if code == 0 else None
    if found is None:
        sys.exit(f'run.py: crypson devices failed with exit code {code}; see {run.arguments.out}/devices.log')
    if 'CRYPSON_NVRTC' not in run.environment and any('NVRTC' in (device['reason'] or '') for device in found) and (compiler := nvrtc_of_torch()):
        run.environment['CRYPSON_NVRTC'] = compiler
        found = first_json(run.call('devices', [CRYPSON, 'devices', '--json'], 60)[1]) or found
    present = [device['name'] for device in found if device['available']]
    if wanted := run.arguments.device:
        chosen = next((name for name in present if name == wanted or name.startswith(f'{wanted}:')), None)
        if chosen is None:
            reason = next((device['reason'] for device in found if device['reason'] and device['name'].split(':')[0] == wanted.split(':')[0]), 'there is no such device')
            sys.exit(f'run.py: {wanted} is not available: {reason}')
    else:
        others = [name for name in present if name != 'cpu']
        chosen = next((name for name in others if name.startswith('cuda')), others[0] if others else 'cpu')
    run.report['devices'], run.report['device'] = found, chosen
    smi = shutil.which('nvidia-smi')
    if smi:
        run.report['nvidia_smi'] = run.call('nvidia-smi', [smi, '--query-gpu=name,driver_version,memory.total,power.limit', '--format=csv,noheader'], 20)[1].strip()


def cases(run, suite):
    """The test cases of an executable that name the device."""
    code, text = run.call(f'list-{suite}', [os.path.join(APP, f'Crypson.{suite}.Tests'), '-preEnumerateTheories', '-list', 'full/json'], 60)
    listed = first_json(text) if code == 0 else None
    mark = re.compile(r'["\[]' + re.escape(run.report['device']) + r'["\]]')
    return None if listed is None else [case for case in listed if mark.search(case['DisplayName']) and not case.get('Skip')]


def run_cases(run, name, suite, chosen, seconds, before=()):
    """Runs test cases; counts and failures, of those that ended if the time is up before."""
    command = [*before, os.path.join(APP, f'Crypson.{suite}.Tests'), '-preEnumerateTheories', '-noLogo', '-noColor', '-noAutoReporters', '-reporter', 'json']
    for case in chosen:
        command += ['-id', case['ID']]
    if before:
        command += ['-parallel', 'none']
    code, text = run.call(name, command, seconds)
    result = {'suite': suite, 'cases': len(chosen), 'exit_code': code, 'passed': 0, 'failed': 0, 'skipped': 0, 'failures': []}
    names = {}
    for message in messages(text):
        kind = message['$type'].removeprefix('test-')
        if kind == 'starting':
            names[message['TestUniqueID']] = message['TestDisplayName']
        elif kind in ('passed', 'failed', 'skipped'):
            result[kind] += 1
            if kind == 'failed':
                first = (message['Messages'] or [''])[0] or ''
                result['failures'].append({'test': names[message['TestUniqueID']], 'message': first.strip().split('\n')[0][:300]})
    ended = result['passed'] + result['failed'] + result['skipped']
    if code == 124:
        result['error'] = f'out of time after {ended} of {len(chosen)}'
    elif ended < len(chosen) or (code != 0 and result['failed'] == 0):
        lines = [line for line in text.strip().split('\n') if not line.startswith(MESSAGE)]
        result['error'] = f'{ended} of {len(chosen)} ended; exit code {code}; {lines[-1][:300] if lines else ""}'
    return result


def messages(text):
    """What a test executable reports while it runs, one JSON object a line; the last line may be cut off."""
    for line in text.split('\n'):
        if line.startswith(MESSAGE):
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                pass


def tests(run):
    end = run.left() - TEST_SHARE * run.limit
    results = []
    for suite in SUITES[:1] if run.arguments.quick else SUITES:
        chosen = cases(run, suite)
        error = why_not(run, suite, chosen)
        if error:
            results.append({'suite': suite, 'error': error})
        chosen = [case for case in chosen or [] if not THOUSAND.search(case['DisplayName'])]
        if chosen:
            results.append(run_cases(run, f'tests-{suite}', suite, chosen, run.left() - end))
        run.report['tests'] = results


def why_not(run, suite, chosen):
    """What is wrong with the choice of cases, or None."""
    if chosen is None:
        return f'the test cases cannot be listed; see list-{suite}.log'
    if not chosen:
        # Some suites compare the other devices with the CPU, so that none of their cases names it.
        return None if run.report['device'] == 'cpu' else f'no test case names {run.report["device"]}'
    if suite == 'Models' and not any('Golden' in case.get('Traits', {}).get('Category', []) for case in chosen):
        return f'no golden case names {run.report["device"]}'
    return None


def memory(run):
    """The tests that run a thousand times and look at the memory, alone."""
    results = []
    for suite in SUITES:
        chosen = [case for case in cases(run, suite) or [] if THOUSAND.search(case['DisplayName'])]
        if chosen:
            results.append(run_cases(run, f'memory-{suite}', suite, chosen, 90))
    run.report['memory'] = results or [{'suite': 'all', 'error': f'no such test case names {run.report["device"]}'}]


def sanitizer(run):
    program = shutil.which('compute-sanitizer') or next(
        (path for path in ('/usr/local/cuda/bin/compute-sanitizer', '/usr/local/cuda/compute-sanitizer/compute-sanitizer') if os.path.exists(path)), None)
    if program is None or not run.report['device'].startswith('cuda'):
        run.report['sanitizer'] = {'available': False, 'reason': 'there is no compute-sanitizer' if program is None else f'{run.report["device"]} is not a CUDA device'}
        return
    results = []
    end = run.left() - SANITIZER_SHARE * run.limit
    for suite in SANITIZED:
        chosen = [case for case in cases(run, suite) or [] if not NOT_SANITIZED.search(case['DisplayName'])]
        for tool in ('memcheck', 'racecheck'):
            if not chosen:
                continue
            before = [program, '--tool', tool, '--error-exitcode', '9', '--target-processes', 'all']
            result = run_cases(run, f'{tool}-{suite}', suite, chosen, max(5, run.left() - end), before)
            with open(os.path.join(run.arguments.out, f'{tool}-{suite}.log'), encoding='utf-8', errors='replace') as file:
                lines = [line.strip() for line in file if line.startswith('=========')]
            result.update(tool=tool, summary=lines[-1] if lines else '', reports=[line for line in lines if re.search(r'Invalid|hazard|Error:|Race', line)][:10])
            results.append(result)
    run.report['sanitizer'] = {'available': True, 'results': results}


def bench(run):
    """Groups one by one, so that what is done is kept when the time is up; the longest come last, and none takes more than its share of what is left."""
    end = run.left() - BENCH_SHARE * run.limit
    groups = ['gemm/512x512x512', 'op/copy'] if run.arguments.quick else [
        'step/cgan', 'step/vae', 'step/classifier', 'gemm/4096', 'infer', 'pipeline', 'op/Adam,op/copy', 'op/G', 'gemm', 'op/V', 'op/BatchNorm2d,op/Linear',
        'step1024/classifier', 'step1024/vae', 'step1024/cgan']
    rows, errors = [], []
    for i, group in enumerate(groups):
        share = max(1 / 3, 1 / (len(groups) - i))
        code, text = run.call(f'bench-{group.replace("/", "-")}', [CRYPSON, 'bench', '--json', '--quiet', '--device', run.report['device'], '--only', group, '--seconds', str(run.arguments.seconds)],
                              share * (run.left() - end))
        part = first_json(text)
        if part is None:
            errors.append(f'{group}: {"out of time" if code == 124 else f"exit code {code}"}')
            continue
        rows += [row for row in part.pop('results') if row['name'] not in {known['name'] for known in rows}]
        run.report['bench'] = {**part, 'results': rows, 'errors': errors}
    run.report['bench'] = {**run.report.get('bench', {}), 'results': rows, 'errors': errors}


def torch(run):
    out = os.path.join(run.arguments.out, 'torch.json')
    device = 'cuda' if run.report['device'].startswith('cuda') else 'cpu'
    seconds = run.left() - 10
    if run.arguments.quick:
        seconds = min(seconds, 60)
    batches = '128' if device == 'cpu' else '128,1024'
    code, _ = run.call('torch', [sys.executable, os.path.join(HERE, 'torch_steps.py'), '--out', out, '--device', device, '--batches', batches,
                                 '--minutes', f'{max(0.1, seconds / 60 - 0.5):.2f}', '--seconds', str(run.arguments.seconds)], seconds)
    if os.path.exists(out):
        with open(out, encoding='utf-8') as file:
            run.report['torch'] = json.load(file)
    else:
        reason = 'out of time' if code == 124 else last_line(os.path.join(run.arguments.out, 'torch.log'))
        run.report['torch'] = {'available': False, 'reason': reason} if code == NOT_AVAILABLE else {'error': reason}


def last_line(path):
    with open(path, encoding='utf-8', errors='replace') as file:
        return file.read().strip().split('\n')[-1][:300]


def cell(value, digits=3):
    return '' if value is None else f'{value:.{digits}g}' if isinstance(value, float) else str(value)


def megabytes(value):
    return '' if not value else f'{value / 2**20:.0f} MiB'


def text_of(report):
    lines = ['# Crypson on this machine', '', f'Commit {report.get("commit", "unknown")}; device {report.get("device", "none")}; {report.get("seconds", 0)} s in all.', '']
    lines += ['## Devices', '']
    for device in report.get('devices', []):
        lines.append(f'- {device["name"]}: ' + (', '.join(str(device.get(key, '')) for key in ('model', 'software')) + ('' if device['kernels'] else f'; kernels fail: {device["reason"]}')
                                                if device['available'] else f'not available: {device["reason"]}'))
    if 'nvidia_smi' in report:
        lines.append(f'- nvidia-smi: {report["nvidia_smi"]}')
    for part, title in (('tests', 'Tests'), ('memory', 'A thousand steps')):
        if part in report:
            lines += ['', f'## {title}', '', '| suite | cases | passed | failed | skipped | |', '|---|---|---|---|---|---|']
            lines += [f'| {row["suite"]} | {row.get("cases", "")} | {row.get("passed", "")} | {row.get("failed", "")} | {row.get("skipped", "")} | {row.get("error", "")} |' for row in report[part]]
            lines += [''] + [f'- FAILED {failure["test"]}: {failure["message"]}' for row in report[part] for failure in row.get('failures', [])]
    if 'sanitizer' in report:
        lines += ['', '## compute-sanitizer', '']
        part = report['sanitizer']
        if not part['available']:
            lines.append(f'Not run: {part["reason"]}.')
        for row in part.get('results', []):
            lines.append(f'- {row["tool"]}, {row["suite"]}: {row["passed"]} passed, {row["failed"]} failed, exit code {row["exit_code"]}{" (out of time)" if row["exit_code"] == 124 else ""}; {row["summary"]}')
            lines += [f'  - {line}' for line in row['reports']]
    lines += times(report)
    return '\n'.join(lines) + '\n'


def times(report):
    """Our rows beside PyTorch's."""
    ours = {row['name']: row for row in report.get('bench', {}).get('results', [])}
    part = report.get('torch', {})
    theirs = {}
    for row in part.get('results', []):
        theirs.setdefault(row['name'], []).append(row)
    lines = []
    if 'bench' in report or 'torch' in report:
        lines += ['', '## Times', '', 'Medians in ms. Ratio = PyTorch eager / Crypson, float32 without TF32: above 1 Crypson is faster.', '']
        absent = f'not available: {part["reason"]}' if 'reason' in part else part.get('error', 'not run')
        lines += [f'- PyTorch {part["torch"]}, CUDA {part["cuda"]}, {part["device"]}' if 'torch' in part else f'- PyTorch: {absent}', '']
        lines += ['| row | Crypson | GFLOP/s | memory | eager | ratio | other modes of PyTorch | |', '|---|---|---|---|---|---|---|---|']
        for name in [*ours, *(name for name in theirs if name not in ours)]:
            row, peers = ours.get(name, {}), theirs.get(name, [])
            eager = next((peer for peer in peers if peer['mode'] == 'eager' and not peer['tf32']), {})
            ratio = eager['ms'] / row['ms'] if row.get('ms') and eager.get('ms') else None
            others = ', '.join(f'{peer["mode"]}{" TF32" if peer["tf32"] else ""} ' + (cell(peer['ms']) if 'ms' in peer else 'failed') for peer in peers if peer is not eager)
            peer_memory = f' ({megabytes(eager.get("memory_bytes"))})' if eager.get('memory_bytes') else ''
            lines.append(f'| {name} | {cell(row.get("ms"))} | {cell(row.get("gflops"))} | {megabytes(row.get("memory_bytes"))} | {cell(eager.get("ms"))}{peer_memory} | {cell(ratio)} | {others} | {row.get("error") or ""} |')
        lines += [''] + [f'- not timed: {error}' for error in report.get('bench', {}).get('errors', [])]
        lines += [f'- PyTorch, {row["name"]} {row["mode"]}{" TF32" if row["tf32"] else ""}: {row["error"]}' for row in part.get('results', []) if 'error' in row]
    return lines


def main():
    parser = argparse.ArgumentParser(prog='run.sh', description='Tests and times Crypson on this machine.')
    parser.add_argument('--out', default='results', help='folder for report.json, report.md and logs')
    parser.add_argument('--device', help='cpu, opencl[:i] or cuda[:i]; the first CUDA device, else the first of OpenCL, if left out')
    parser.add_argument('--minutes', type=float, default=9.5, help='time for all of it')
    parser.add_argument('--parts', default=','.join(PARTS), help='parts to run')
    parser.add_argument('--seconds', type=float, default=0.4, help='seconds of samples per row')
    parser.add_argument('--quick', action='store_true', help='kernel tests and two rows only: whether everything works at all')
    arguments = parser.parse_args()
    arguments.out = os.path.abspath(arguments.out)
    parts = arguments.parts.split(',')
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f'there is no part {unknown[0]}; there are {", ".join(PARTS)}')
    with tempfile.TemporaryDirectory() as scratch:
        run = Run(arguments)
        run.environment['TMPDIR'] = scratch
        if os.path.exists(os.path.join(HERE, 'commit')):
            with open(os.path.join(HERE, 'commit'), encoding='utf-8') as file:
                run.report['commit'] = file.read().strip()
        for part in PARTS:
            if part == 'devices' or part in parts:
                print(f'{part} ({run.left():.0f} s left)', file=sys.stderr, flush=True)
                globals()[part](run)
                run.save()
    failed = sum(row.get('failed', 0) + ('error' in row) for part in ('tests', 'memory') for row in run.report.get(part, []))
    failed += sum(row['exit_code'] not in (0, 124) for row in run.report.get('sanitizer', {}).get('results', []))
    print(f'{arguments.out}/report.md; {failed} failures', file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
