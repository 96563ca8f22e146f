"""Reads template.yaml as CloudFormation would: transformed, and with its conditions decided."""

import logging
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NO_VALUE = {"Ref": "AWS::NoValue"}

# Every guard on: what the template can do at its strictest.
STRICT = {
    "KmsKeyArn": "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000",
    "PointInTimeRecovery": "on",
    "DeletionProtection": "on",
    "Tracing": "on",
    "WebAcl": "on",
    "Guardrail": "on",
    "PayloadCapture": "on",
    "RequestLogs": "on",
    "KnowledgeBaseId": "ABCDE12345",
    "ChatReservedConcurrency": "100",
    "AlarmEmail": "alarms@example.com",
    "NoticeEmail": "budgets@example.com",
    "DriftBucket": "drift-data",
    "TrainingRoleArn": "arn:aws:iam::111111111111:role/training",
    "SageMakerRoleArn": "arn:aws:iam::111111111111:role/sagemaker",
    "RemediationEmail": "remediation@example.com",
    "OnCallEmail": "on-call@example.com",
    "WatchedEndpoint": "weir-llm",
    "WatchedGpus": "1",
    "WatchedMinInstances": "2",
    "WatchedMaxInstances": "4",
    "LatencyCritical": "on",
    "WatchedModel": "llm",
    "WatchedBedrockModel": "amazon.nova-lite-v1:0",
}


def enter(name):
    """Goes on in the virtual environment NAME."""
    path = subprocess.run(
        [ROOT / ".ci/venv", name], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    if sys.prefix != path:
        os.execv(f"{path}/bin/python", [f"{path}/bin/python", *sys.argv])
    os.environ.update(SAM_CLI_TELEMETRY="0", AWS_DEFAULT_REGION="us-east-1")
    os.environ["PATH"] = f"{path}/bin:" + os.environ["PATH"]


class Findings:
    """Collects what is wrong; ends the check with it."""

    def __init__(self, name):
        self.name = name
        self.found = []

    def expect(self, condition, message):
        if not condition:
            self.found.append(message)

    def end(self, summary):
        for message in self.found:
            print(f"{self.name}: {message}", file=sys.stderr)
        if self.found:
            sys.exit(f"{self.name}: {len(self.found)} finding(s)")
        print(f"{self.name}: {summary}")


def source():
    from samtranslator.yaml_helper import yaml_parse

    return yaml_parse((ROOT / "template.yaml").read_text())


def transformed(parameters):
    """What the SAM transform makes of the template."""
    from samtranslator.parser.parser import Parser  # noqa: F401 (breaks an import cycle)
    from samtranslator.translator.transform import transform

    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    template = source()
    for resource in template["Resources"].values():
        for key in ("CodeUri", "ContentUri", "DefinitionUri"):
            if key in resource.get("Properties", {}):
                resource["Properties"][key] = "s3://bucket/" + resource["Properties"][key]

    class NoManagedPolicies:
        def load(self):
            return {}

    return transform(template, dict(parameters), NoManagedPolicies())


def resolved(parameters):
    """The transformed template with parameters and conditions put in, and no resource left out
    by a false condition."""
    template = transformed(parameters)
    values = {
        name: str(parameters.get(name, declared.get("Default", "")))
        for name, declared in template["Parameters"].items()
    }
    values |= {name: text for name, text in parameters.items() if name.startswith("AWS::")}
    conditions = template.get("Conditions", {})

    def holds(expression):
        ((function, argument),) = expression.items()
        match function:
            case "Condition":
                return holds(conditions[argument])
            case "Fn::Equals":
                left, right = (str(value(item)) for item in argument)
                return left == right
            case "Fn::Not":
                return not holds(argument[0])
            case "Fn::And":
                return all(holds(item) for item in argument)
            case "Fn::Or":
                return any(holds(item) for item in argument)
        raise ValueError(function)

    def value(node):
        if isinstance(node, list):
            return [item for item in map(value, node) if item != NO_VALUE]
        if not isinstance(node, dict):
            return node
        if set(node) == {"Ref"} and node["Ref"] in values:
            return values[node["Ref"]]
        if set(node) == {"Fn::Sub"}:
            body, more = node["Fn::Sub"] if isinstance(node["Fn::Sub"], list) else (node["Fn::Sub"], {})
            return substitute(body, {name: value(item) for name, item in more.items()})
        if set(node) == {"Fn::If"}:
            name, then, otherwise = node["Fn::If"]
            return value(then if holds(conditions[name]) else otherwise)
        if set(node) == {"Fn::FindInMap"}:
            name, first, second = map(value, node["Fn::FindInMap"])
            return template["Mappings"][name][first][second]
        pairs = {key: value(item) for key, item in node.items()}
        return {key: item for key, item in pairs.items() if item != NO_VALUE}

    def substitute(body, more):
        """Puts in what is known; what is left stays a Fn::Sub."""
        known = values | {name: item for name, item in more.items() if isinstance(item, str)}
        body = re.sub(r"\$\{([\w:]+)\}", lambda m: known.get(m[1], m[0]), body)
        left = {name: item for name, item in more.items() if not isinstance(item, str)}
        if left:
            return {"Fn::Sub": [body, left]}
        return {"Fn::Sub": body} if "${" in body else body

    resources = {
        name: value(resource)
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or holds(conditions[resource["Condition"]])
    }
    for resource in resources.values():
        resource.pop("Condition", None)
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def text(node):
    """A value as one string, with the names of what it refers to in braces."""
    if not isinstance(node, dict):
        return str(node)
    ((function, argument),) = node.items()
    match function:
        case "Ref":
            return "{" + argument + "}"
        case "Fn::GetAtt":
            return "{" + (argument if isinstance(argument, str) else ".".join(argument)) + "}"
        case "Fn::Sub" if isinstance(argument, str):
            return argument.replace("${", "{")
        case "Fn::Sub":
            result = argument[0].replace("${", "{")
            for name, item in argument[1].items():
                result = result.replace("{" + name + "}", text(item))
            return result
    return str(node)
