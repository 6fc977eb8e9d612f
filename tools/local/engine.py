"""Starts the engine, whose program is the argument, with corrections where its IAM refuses what AWS allows.

The engine's version is pinned (requirements.txt); __tests__/e2e/enforcement.test.ts tries each correction, and fails
where a newer version has none of these names any more.
"""

import functools
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


iam_actions._lambda_action = _corrected_lambda_action
iam_evaluator._fnmatch_compile = _corrected_pattern

sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
