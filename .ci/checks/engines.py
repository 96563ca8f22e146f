"""The state machines on two engines: what ministack records of a scenario against what the
project's own runner did (statemachines/target/histories, written by its tests).

A scenario (statemachines/scenarios) is the world's condition, the rows of the table and what sets
it off: an alarm, an event, a call or a machine that is started. Here an alarm's metric trips it, the
event meets the deployed rule, and the rule starts the deployed machine. Compared are all executions that follow from it, state by state: the order, what
each was entered with and left with, the end. What has no fixed value (times, ids, the account) is
replaced; of a loop only the last round counts, and of a state that hands its input on only that it
does. What differs stands in DIFFERENCES, with a reason.
"""

import concurrent.futures
import datetime
import json
import pathlib
import re
import threading
import time
import urllib.request

import boto3
import botocore.config

DIFFERENCES = [
    (r": guard: ReadConfig\.Responses\.", "there one table serves all scenarios"),
    (r": guard: Fleet(Endpoints|Alarms)\.", "there all scenarios' endpoints and alarms are one fleet"),
    (r": reconcile: Read\w+\.", "there one table and one fleet serve all scenarios"),
    (r": act-budget-guard: (ListEndpoints\.Endpoints|JudgeEndpoints)\b",
     "there the endpoints of those before it are listed too"),
    (r": (Probe|Warm)\.Payload\.(?!ok:)", "there the deployed function probes, and tells more"),
    (r": FindAlarms\.", "there the whole stack's alarms are found"),
    (r"sweep-stops-notebook: sweep: (ListNotebooks\.|Judge\b|(Result|output)\.running\b)",
     "there another scenario's notebook instance runs too"),
    (r"park-endpoint-and-keep: act-park-endpoint: way.* ministack's .*Look > ReadTags > Unseen > ",
     "there the endpoint may be gone when its tags are read"),
    (r": ReadRequests\.MetricDataResults\[0\]\.(Values|Timestamps)\b",
     "a bake takes minutes here, seconds there"),
    (r": Beat: ours \{\}, ministack's null", "what a transaction answers is empty"),
    (r"unheard: .*(Cause|Error): ",
     "a lost reply is States.Timeout here, a connection closed there: the service knows both"),
    (r"cause\.(Cause|Error): .*(Could not find endpoint configuration|SageMakerException)",
     "what a detour met stays the cause of record"),
]
"""Pairs of a pattern of findings and the reason why they are none."""

DETOURS = [
    (["Update", "Trouble", "Backoff", "Phase", "Beat", "Look", "Seen", "ActOn"],
     "a new configuration may not be seen at once"),
    (["Create", "Trouble", "Backoff", "Phase", "Beat", "Look", "Unseen", "Seen"],
     "a new configuration may not be seen at once"),
    (["Enter", "EnterAgain", "ReadConfig", "ModeGate", "GateRules"],
     "there other scenarios are at the gate"),
    (["ActWait", "ActPoll", "ActEnd", "ActBeat"], "how often the guard looks depends on the clock"),
]
"""Ways back to where they began that either engine may take once more, and why."""

TOPICS = {"OnCallTopic": "arn:aws:sns:us-east-1:123456789012:on-call",
          "RemediationTopic": "arn:aws:sns:us-east-1:123456789012:remediation"}
"""The topics that people listen to, and what they are called on our side."""

ACCOUNT = "000000000000"

SCENARIO_SECONDS = 60

AT_ONCE = 6
"""More would shut each other out at the gate, which gives up after a few tries."""

NO_FIXED_VALUE = [
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)"), "<time>"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\b20\d\d-\d\d\b(?!-)"), "<month>"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b"), "<date>"),
    (re.compile(r"\b[0-9a-f]{32}([0-9a-f]{32})?\b"), "<hash>"),
    (re.compile(r"\b1[5-9]\d{8}(\d{3})?\b"), "<time>"),
    (re.compile(r":\d{12}:"), ":<account>:"),
    (re.compile(r"^\d{12}\.dkr\."), "<account>.dkr."),
    (re.compile(r"-([rd])[0-9a-f]{8}\b"), r"-\1<hash>"),
    (re.compile(r"-[0-9a-f]{12}-(\d+-[oe])\b"), r"-<hash>-\1"),
    (re.compile(r"^Threshold Crossed: .*"), "<reason>"),
    (re.compile(r"^(message-|oi-)[0-9a-f]+$"), "<id>"),
    # What the SDK for Java adds to a refusal.
    (re.compile(r" \(Service: .*\)$"), ""),
]


NOT_COMPARED = {
    "id": "drawn by each: events, metrics",
    "account": "the engines have one each",
    "recentDatapoints": "the values of one window here, of all windows looked at there",
    "StateReasonData": "ministack says it in the event only",
    "StateTransitionedTimestamp": "ministack has none",
    "AlarmDescription": "ministack returns what was not given as empty",
    "AlarmActions": "ministack returns what was not given as empty",
    "OkActions": "ministack returns what was not given as empty",
    "InsufficientDataActions": "ministack returns what was not given as empty",
    "Label": "ministack calls a metric by its id",
    "Count": "ours leaves out how many items a query found",
    "ScannedCount": "ours leaves out how many items a query found",
    "UnprocessedKeys": "ours leaves out what is empty",
    "InputDetails": "ours does not cut payloads off, and so does not say that it has not",
    "OutputDetails": "ours does not cut payloads off, and so does not say that it has not",
    "ExecutedVersion": "ministack leaves it out of lambda:invoke",
    "TrainingTimeInSeconds": "there the world is a hundred times as fast",
    "BillableTimeInSeconds": "there the world is a hundred times as fast",
}
"""Members of results, each with the reason why it is left out of the comparison."""


SPELT = {"Rolearn": "RoleARN", "ScalableTargetarn": "ScalableTargetARN", "VolumeSizeIngb": "VolumeSizeInGB",
         "SupportedResponsemimeTypes": "SupportedResponseMIMETypes"}
"""Members that ministack spells in its own way."""


def plain(value):
    """A payload without what has no fixed value; JSON in strings is read."""
    if isinstance(value, dict):
        return {SPELT.get(name, plain(name)): plain(item) for name, item in value.items()
                if name not in NOT_COMPARED}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        if value[:1] in ("{", "["):
            try:
                return plain(json.loads(value))
            except ValueError:
                pass
        for pattern, instead in NO_FIXED_VALUE:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "<time>" if 1.5e9 <= value < 2e9 or 1.5e12 <= value < 2e12 else value
    return value


def without_rounds(steps):
    """The steps with one round of each loop, the last, and without detours."""
    names = [step["state"] for step in steps]
    for detour, _ in DETOURS:
        size = len(detour)
        for at in range(len(steps) - size - 1, -1, -1):
            if names[at:at + size + 1] == [*detour, detour[0]]:
                del steps[at:at + size], names[at:at + size]
    at = 0
    while at < len(steps):
        for size in range(1, (len(steps) - at) // 2 + 1):
            if names[at:at + size] == names[at + size:at + 2 * size]:
                del steps[at:at + size], names[at:at + size]
                at = max(0, at - size)
                break
        else:
            at += 1
    return steps


def differences(path, ours, theirs):
    """Where two values differ, each as one line."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            yield from differences(f"{path}.{name}", ours.get(name), theirs.get(name))
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs)):
            yield from differences(f"{path}[{index}]", *pair)
    elif ours != theirs:
        yield f"{path}: ours {json.dumps(ours)[:300]}, ministack's {json.dumps(theirs)[:300]}"


def compared(name, ours, theirs):
    """What differs between a scenario's executions on the two engines."""
    path = f"{name}: machines"
    machines = [[each["machine"] for each in side] for side in (ours, theirs)]
    if machines[0] != machines[1]:
        yield from differences(path, *machines)
        for each in theirs:
            yield f"{path}: ministack's {each['machine']} ended {json.dumps(each.get('output'))[:900]}"
        return
    for mine, other in zip(ours, theirs):
        path = f"{name}: {mine['machine']}"
        steps = [without_rounds(list(each["steps"])) for each in (mine, other)]
        ways = [[step["state"] for step in side] for side in steps]
        yield from differences(f"{path}: way", [" > ".join(ways[0])], [" > ".join(ways[1])])
        if ways[0] == ways[1]:
            first = [side[0]["input"] for side in steps]
            yield from differences(f"{path}: input", *map(plain, first))
            for pair in zip(*steps):
                # What a state only hands on has been compared where it was made.
                made = [plain(None if step.get("output") == step["input"] else step.get("output"))
                        for step in pair]
                yield from differences(f"{path}: {pair[0]['state']}", *made)
        for what in ("status", "output", "error"):
            yield from differences(f"{path}: {what}", plain(mine.get(what)), plain(other.get(what)))


class Theirs:
    """Scenarios on the deployed stack."""

    def __init__(self, stack, table, names, world, approve):
        self.stack = stack
        self.table = table
        self.names = names
        self.world = world
        self.approve = approve
        self.over = threading.Event()
        self.states = boto3.client("stepfunctions")
        self.machines = {
            machine["name"].removeprefix(stack + "-"): machine["stateMachineArn"]
            for page in self.states.get_paginator("list_state_machines").paginate()
            for machine in page["stateMachines"]}

    @staticmethod
    def image_and_role():
        """What the models of scenarios need beyond SageMaker."""
        registry = boto3.client("ecr")
        registry.create_repository(repositoryName="model")
        registry.put_image(repositoryName="model", imageTag="1", imageManifest='{"layers": []}')
        boto3.client("iam").create_role(
            RoleName="models-run-as-this", AssumeRolePolicyDocument='{"Statement": []}')

    def set_up(self, scenario):
        for step in scenario.get("world", []):
            self.prepare(step)

    def run(self, name, scenario):
        """The executions that follow from what sets the scenario off, the first first."""
        first = self.set_off(scenario)
        if "start" in scenario and "starts" not in scenario:
            return [each for arn in first for each in self.executions(name, arn)]
        guard = self.wait(lambda: self.started(scenario), f"{name} started nothing")[0]
        alarm = scenario.get("alarm", {})
        if alarm.get("recovers"):
            self.wait(lambda: "StartAct" in self.way(guard), f"{name}: nothing is done")
            self.measure(alarm, 0)
        if target := scenario.get("approve"):
            self.wait(lambda: self.approve(target), f"{name}: nobody is asked")
        return [each for arn in [*first, self.free(name, scenario)]
                for each in self.executions(name, arn)]

    def put(self, items):
        for item in timed(items):
            boto3.client("dynamodb").put_item(TableName=self.table, Item=item)

    def set_off(self, scenario):
        """Answers the executions that begin with it, before the guard's."""
        if "alarm" in scenario:
            self.alarm(scenario["alarm"], 5)
        elif "event" in scenario:
            event = timed(scenario["event"])
            boto3.client("events").put_events(Entries=[{
                "Source": event["source"], "DetailType": event["type"],
                "Detail": json.dumps(event["detail"])}])
        elif "call" in scenario:
            self.prepare(scenario["call"])
        else:
            start = scenario["start"]
            return [self.states.start_execution(
                stateMachineArn=self.machines[start["machine"]],
                input=json.dumps(timed(start["with"])))["executionArn"]]
        return []

    def prepare(self, step):
        """One step: a call of an API, perhaps again until it answers so, a word to the world's own
        control, an alarm that is quiet, or a pause."""
        step = timed(step)
        if "call" in step:
            def call():
                answer = json.loads(self.post("/", step["with"], {
                    "x-amz-target": step["call"],
                    "content-type": "application/x-amz-json-1.1"}) or b"{}")
                return answer.items() >= step.get("until", {}).items()

            self.wait(call, f"{step} does not come about")
        elif "control" in step:
            self.post("/_local/sagemaker/" + step["control"], step["with"], {})
            if requests := step["with"].get("load", {}).get("invocationsPerMinute"):
                endpoint = step["control"].removeprefix("endpoints/")
                threading.Thread(target=self.serve, args=(endpoint, requests), daemon=True).start()
        elif "alarm" in step:
            self.alarm(step["alarm"], 0)
        else:
            time.sleep(step["pause"] / 100 + 0.5)

    def serve(self, endpoint, requests):
        """Counts an endpoint's requests where machines look; the world counts them for itself."""
        described = json.loads(self.post("/", {"EndpointName": endpoint}, {
            "x-amz-target": "SageMaker.DescribeEndpoint", "content-type": "application/x-amz-json-1.1"}))
        cloudwatch = boto3.client("cloudwatch")
        while not self.over.wait(1):
            cloudwatch.put_metric_data(Namespace="AWS/SageMaker", MetricData=[
                {"MetricName": "Invocations", "Value": requests / 60, "Dimensions": [
                    {"Name": "EndpointName", "Value": endpoint},
                    {"Name": "VariantName", "Value": variant["VariantName"]}]}
                for variant in described["ProductionVariants"]])

    def post(self, path, body, headers):
        request = urllib.request.Request(
            self.world + path, method="POST", data=json.dumps(body).encode(), headers=headers)
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.read()

    def alarm(self, alarm, value):
        """Makes an alarm on a metric of its own, which has this value."""
        boto3.client("cloudwatch").put_metric_alarm(
            AlarmName=f"{self.stack}-rem-{alarm['name']}", Namespace="Weir/Drill",
            **self.metric(alarm), Statistic="Minimum", Period=60, EvaluationPeriods=1, Threshold=1,
            TreatMissingData="ignore", ComparisonOperator="GreaterThanOrEqualToThreshold")
        self.measure(alarm, value)

    def measure(self, alarm, value):
        boto3.client("cloudwatch").put_metric_data(
            Namespace="Weir/Drill", MetricData=[{**self.metric(alarm), "Value": value}])

    @staticmethod
    def metric(alarm):
        return {"MetricName": alarm["name"], "Dimensions": [
            {"Name": key, "Value": value} for key, value in alarm["dimensions"].items()]}

    def executions(self, name, guard):
        """The guard's execution and all that follow from it."""
        found, waiting = [], [guard]
        while waiting:
            arn = waiting.pop(0)
            ended = self.wait(lambda: self.ended(arn), f"{name}: {arn} does not end")
            events = self.history(arn)
            waiting += [each for each in children(events) if each not in waiting]
            found.append(self.recorded(ended, events))
        return found

    def recorded(self, ended, events):
        """As the project's runner writes it down, and with its names of what is deployed."""
        text = json.dumps(recorded(self.stack, ended, events))
        for deployed, ours in self.names.items():
            text = text.replace(deployed, ours)
        return json.loads(text)

    def way(self, arn):
        return [event["stateEnteredEventDetails"]["name"] for event in self.history(arn)
                if "stateEnteredEventDetails" in event]

    def free(self, name, scenario):
        """The guard's execution that found the resource free: the world sends an event twice at times."""
        for arn in self.started(scenario):
            ended = self.wait(lambda: self.ended(arn), f"{name}: {arn} does not end")
            if json.loads(ended.get("output", "{}")).get("reason") != "BUSY":
                break
        return arn

    def started(self, scenario):
        """The guard's executions, known by what the event says, the first first."""
        told = ({"alarmName": f"{self.stack}-rem-{scenario['alarm']['name']}"}
                if "alarm" in scenario else scenario["starts"])
        page = self.states.list_executions(stateMachineArn=self.machines["guard"], maxResults=200)
        found = []
        for execution in sorted(page["executions"], key=lambda each: each["startDate"]):
            described = self.states.describe_execution(executionArn=execution["executionArn"])
            detail = json.loads(described["input"]).get("event", {}).get("detail", {})
            if detail.items() >= told.items():
                found.append(execution["executionArn"])
        return found

    def ended(self, arn):
        described = self.states.describe_execution(executionArn=arn)
        return None if described["status"] == "RUNNING" else described

    def history(self, arn):
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    @staticmethod
    def wait(ask, otherwise):
        end = time.monotonic() + SCENARIO_SECONDS
        while time.monotonic() < end:
            if answer := ask():
                return answer
            time.sleep(0.2)
        raise TimeoutError(otherwise)


def timed(value):
    """With ${now}, ${now-90m} and the like as times, and ${account}."""
    def moment(match):
        minutes = int(match.group(1) or 0)
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")

    text = json.dumps(value).replace("${account}", ACCOUNT)
    return json.loads(re.sub(r"\$\{now(?:([+-]\d+)m)?}", moment, text))


def children(events):
    """The executions that an execution started."""
    for event in events:
        details = event.get("taskSucceededEventDetails", {})
        if "startExecution" in details.get("resource", ""):
            yield json.loads(details["output"])["ExecutionArn"]


def recorded(stack, ended, events):
    """An execution as the project's runner writes it down."""
    steps = []
    for event in events:
        if "stateEnteredEventDetails" in event:
            details = event["stateEnteredEventDetails"]
            steps.append({"state": details["name"], "input": json.loads(details["input"])})
        elif "stateExitedEventDetails" in event:
            steps[-1]["output"] = json.loads(event["stateExitedEventDetails"]["output"])
    machine = ended["stateMachineArn"].rsplit(":", 1)[-1].removeprefix(stack + "-")
    end = {"machine": machine, "status": ended["status"], "steps": steps}
    if ended["status"] == "SUCCEEDED":
        end["output"] = json.loads(ended["output"])
    elif "error" in ended:
        end["error"] = ended["error"]
    return end


def test_states(path, machines):
    """What is different when TestState is asked of a machine's fixtures, each as one line, and how
    many there were. ministack's tells status and next state only, and they are what is compared."""
    # The client would put "sync-" before the address.
    states = boto3.client("stepfunctions", config=botocore.config.Config(inject_host_prefix=False))
    definition = states.describe_state_machine(
        stateMachineArn=machines[path.stem.removeprefix("weir-")])["definition"]
    fixtures, found = json.loads(path.read_text()), []
    for fixture in fixtures:
        mock = fixture["mock"]
        if "result" in mock:
            mock["result"] = json.dumps(mock["result"])
        reply = states.test_state(
            definition=definition, stateName=fixture["stateName"], mock=mock,
            input=json.dumps(fixture["input"]), variables=json.dumps(fixture["variables"]),
            stateConfiguration=fixture.get("stateConfiguration", {}))
        got = {name: reply.get(name) for name in ("status", "nextState")}
        expected = {name: fixture["expect"][name] for name in got}
        if got != expected:
            found.append(f"{path.stem}: {fixture['stateName']} of {fixture['scenario']}:"
                         f" expected {expected}, TestState says {got}")
    return found, len(fixtures)


def play(scenarios, theirs):
    """Every scenario's executions, or why there are none: first those that look at the whole account,
    each alone and at its place, then those of one configuration at a time."""
    theirs.image_and_role()
    alone = dict(sorted(
        ((name, scenario) for name, scenario in scenarios.items() if "alone" in scenario),
        key=lambda each: each[1]["alone"]))
    played = {}
    for name, scenario in alone.items():
        played |= together({name: scenario}, theirs)
    return played | together(
        {name: scenario for name, scenario in scenarios.items() if name not in alone}, theirs)


def together(scenarios, theirs):
    played = {}
    threads = concurrent.futures.ThreadPoolExecutor
    with threads(len(scenarios)) as pool, threads(AT_ONCE) as few:
        list(pool.map(theirs.set_up, scenarios.values()))
        groups = {}
        for name, scenario in scenarios.items():
            configuration = [row for row in scenario["items"] if row["pk"]["S"] == "CONFIG"]
            groups.setdefault(json.dumps(configuration), []).append(name)
        for names in groups.values():
            for name in names:
                theirs.put(scenarios[name]["items"])
            running = [few.submit(theirs.run, name, scenarios[name]) for name in names]
            for name, future in zip(names, running):
                try:
                    played[name] = future.result()
                except TimeoutError as error:
                    played[name] = str(error)
    return played


def missing(root):
    """Scenarios that our side has not played: its tests write what is compared."""
    return sorted(path.stem for path in (root / "statemachines/scenarios").glob("*.json")
                  if not (root / f"statemachines/target/histories/{path.name}").is_file())


def check(findings, root, theirs, told, say):
    """Plays every scenario and compares; TOLD are the subjects of the messages people got by then."""
    scenarios = {path.stem: json.loads(path.read_text())
                 for path in sorted((root / "statemachines/scenarios").glob("*.json"))}
    titles, played = [], set()
    try:
        ended = play(scenarios, theirs)
    finally:
        theirs.over.set()
    for name, executions in ended.items():
        recording = root / f"statemachines/target/histories/{name}.json"
        if isinstance(executions, str):
            findings.expect(False, executions)
            continue
        played |= {each["machine"] for each in executions}
        titles += [each["output"]["title"] for each in executions if each["machine"] == "escalate"]
        found = list(compared(name, json.loads(recording.read_text()), executions))
        for line in found:
            findings.expect(any(re.search(known, line) for known, _ in DIFFERENCES), line)
        states = sum(len(each["steps"]) for each in executions)
        say(f"{name}: {len(executions)} executions, {states} states, {len(found)} differences")
    for machine in sorted(theirs.machines.keys() - played):
        findings.expect(False, f"{machine}: no scenario plays it")
    say(f"{len(played)} machines played")
    tested = 0
    for path in sorted((root / "statemachines/target/fixtures").glob("*.json")):
        found, count = test_states(path, theirs.machines)
        tested += count
        for line in found:
            findings.expect(False, line)
    say(f"{tested} ways out of a task tested one by one")
    subjects = told()
    for title in titles:
        findings.expect(subjects.count(title) == 1,
                        f"people were told {subjects.count(title)} times: {title}")
