"""Starts the engine, whose program is the argument, with corrections where its IAM refuses what AWS allows.

The engine's version is pinned (requirements.txt); __tests__/e2e/enforcement.test.ts tries each correction, and fails
where a newer version has none of these names any more.
"""

import base64
import functools
import json
import re
import runpy
import sys

from ministack.core import iam_actions, iam_evaluator


def _corrected_lambda_action(method, path, original=iam_actions._lambda_action):
    """Reading a function's reserved concurrency is an action of its own, and so is deleting it.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    """
    action = original(method, path)
    if action == "PutFunctionConcurrency":
        return {"GET": "GetFunctionConcurrency", "DELETE": "DeleteFunctionConcurrency"}.get(method, action)
    return action


@functools.lru_cache(maxsize=4096)
def _corrected_pattern(pattern, ignore_case, original=iam_evaluator._fnmatch_compile):
    """A `*` or `?` in a policy matches line breaks too, which keys of objects may hold.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    compiled = original(pattern, ignore_case)
    return re.compile(compiled.pattern, compiled.flags | re.DOTALL)


def _corrected_action(service, *others, original=iam_actions.extract_iam_action):
    """A batch of SQS needs the permission for one message.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    """
    action = original(service, *others)
    return action.removesuffix("Batch") if action and action.startswith("sqs:") else action


def _stream_of(body):
    """The ARN of a DynamoDB stream, which a request names itself or by its shard iterator."""
    request = json.loads(body)
    if "ShardIterator" in request:
        return json.loads(base64.urlsafe_b64decode(request["ShardIterator"])).get("arn", "*")
    return request.get("StreamArn", "*")


def _corrected_resource(service, method, path, headers, body, *others, original=iam_actions.extract_resource_arn):
    """AWS lists log groups by all of them, and names the rules of the default bus without the bus.
    Requests to a DynamoDB stream are about that stream.

    https://github.com/hashicorp/terraform-provider-aws/issues/8804
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    arn = original(service, method, path, headers, body, *others)
    target = headers.get("x-amz-target", "")
    if target.startswith("DynamoDBStreams_"):
        return _stream_of(body)
    if service == "logs" and target.endswith(".DescribeLogGroups"):
        region, account = others[-2:]
        return f"arn:aws:logs:{region}:{account}:log-group::log-stream:"
    return arn.replace(":rule/default/", ":rule/", 1) if service == "events" else arn


iam_actions._lambda_action = _corrected_lambda_action
iam_actions.extract_iam_action = _corrected_action
iam_actions.extract_resource_arn = _corrected_resource
iam_evaluator._fnmatch_compile = _corrected_pattern

sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
