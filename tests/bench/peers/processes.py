# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands and takes what they cost."""
import os
import subprocess
import time


def start(command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run(command, text=None):
    """Wall and CPU seconds, peak memory in MB and output of a command."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if text:
        process.stdin.write(text)
    process.stdin.close()
    output = process.stdout.read()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"s": time.monotonic() - begin, "cpu": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1024, "out": output.strip(), "error": errors.strip(), "status": process.returncode}


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
