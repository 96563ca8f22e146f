#!/bin/bash
# On-start script of a lifecycle configuration of SageMaker notebook instances: has cron write every
# few minutes whether the notebook is used, as item HEARTBEAT / notebook-instance/NAME of Weir's
# remediation table. The instance's role needs dynamodb:PutItem on that table for the leading key
# HEARTBEAT. docs/idle.md says how to install it, and what is made of what it writes.
#
# It never fails the notebook's start: where it cannot be installed the heartbeat is missing, which
# the idle sweep reports.
set -uo pipefail

WEIR_TABLE=${WEIR_TABLE:-@TABLE@}
WEIR_MINUTES=${WEIR_MINUTES:-5}
WEIR_JUPYTER=${WEIR_JUPYTER:-https://localhost:8443}
WEIR_METADATA=${WEIR_METADATA:-/opt/ml/metadata/resource-metadata.json}
WEIR_HOME=${WEIR_HOME:-/opt/weir}
WEIR_CRON=${WEIR_CRON:-/etc/cron.d}
WEIR_KEEP_DAYS=7

fail() {
  echo "weir-heartbeat: not installed: $*" >&2
  exit 0
}

python=
for each in ${WEIR_PYTHON:-/usr/bin/python3 /home/ec2-user/anaconda3/bin/python3 python3}; do
  if "$each" -c 'import boto3' 2>/dev/null; then
    python=$each
    break
  fi
done
[ -n "$python" ] || fail "no python3 with boto3"
mkdir -p "$WEIR_HOME" "$WEIR_CRON" || fail "cannot write $WEIR_HOME"

cat > "$WEIR_HOME/heartbeat.py" <<'PYTHON' || fail "cannot write $WEIR_HOME/heartbeat.py"
"""Writes one heartbeat. Fails, and writes none, where it cannot see all of it."""
import json
import ssl
import subprocess
import sys
import time
import urllib.request
from datetime import datetime, timezone

import boto3

table, jupyter, metadata, state, keep_days = sys.argv[1:]


def ask(path):
    # The certificate is the instance's own, and the address is its loopback.
    context = ssl._create_unverified_context()
    handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)]
    with urllib.request.build_opener(*handlers).open(jupyter + path, timeout=10) as reply:
        return json.load(reply)


def seconds(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def text(seconds_):
    return datetime.fromtimestamp(seconds_, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def cpu_times():
    with open("/proc/stat") as file:
        times = [int(value) for value in file.readline().split()[1:9]]
    return sum(times), times[3] + times[4]  # all, and those idle or waiting for a disk


def cpu_percent():
    """Since the last heartbeat; the first time, of one second."""
    try:
        with open(state) as file:
            before = json.load(file)
    except (OSError, ValueError):
        before = cpu_times()
        time.sleep(1)
    after = cpu_times()
    with open(state, "w") as file:
        json.dump(after, file)
    passed = after[0] - before[0]
    return 100 * (1 - (after[1] - before[1]) / passed) if passed > 0 else 0.0


def gpu_percent():
    """Of the busiest GPU; none where there is none."""
    command = ["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except FileNotFoundError:
        return None
    return max(float(line) for line in done.stdout.split())


kernels = ask("/api/kernels")
terminals = ask("/api/terminals")
with open(metadata) as file:
    name = json.load(file)["ResourceName"]
starting = [seconds(kernel["last_activity"]) for kernel in kernels
            if kernel["execution_state"] in ("starting", "restarting", "autorestarting")]
activity = [seconds(each["last_activity"]) for each in kernels + terminals]
now = int(time.time())
item = {
    "kernels": len(kernels),
    "busyKernels": sum(kernel["execution_state"] == "busy" for kernel in kernels),
    "terminals": len(terminals),
    "cpuPercent": round(cpu_percent(), 1),
    "ttl": now + int(keep_days) * 86400,
}
gpu = gpu_percent()
if gpu is not None:
    item["gpuPercent"] = gpu
times = {"at": now}
if activity:
    times["lastActivity"] = max(activity)
if starting:
    times["startingSince"] = min(starting)
item = {key: {"N": str(value)} for key, value in item.items()}
item.update({key: {"S": text(value)} for key, value in times.items()})
boto3.client("dynamodb").put_item(
    TableName=table,
    Item={"pk": {"S": "HEARTBEAT"}, "sk": {"S": "notebook-instance/" + name}, **item})
PYTHON

region=${AWS_REGION:-$("$python" - "$WEIR_METADATA" <<'PYTHON'
import json
import sys
print(json.load(open(sys.argv[1]))["ResourceArn"].split(":")[3])
PYTHON
)}
[ -n "$region" ] || fail "$WEIR_METADATA names no region"

cat > "$WEIR_HOME/heartbeat" <<COMMAND || fail "cannot write $WEIR_HOME/heartbeat"
#!/bin/bash
export AWS_DEFAULT_REGION=$region
exec timeout 60 $python $WEIR_HOME/heartbeat.py '$WEIR_TABLE' '$WEIR_JUPYTER' '$WEIR_METADATA' $WEIR_HOME/cpu.json $WEIR_KEEP_DAYS
COMMAND
chmod 755 "$WEIR_HOME/heartbeat" || fail "cannot make $WEIR_HOME/heartbeat executable"
echo "*/$WEIR_MINUTES * * * * root $WEIR_HOME/heartbeat 2>&1 | logger -t weir-heartbeat" \
  > "$WEIR_CRON/weir-heartbeat" || fail "cannot write $WEIR_CRON/weir-heartbeat"
echo "weir-heartbeat: every $WEIR_MINUTES minutes to $WEIR_TABLE"
