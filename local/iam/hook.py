"""The check around botocore inside a worker: what AWS would deny is denied before it is sent."""

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from botocore.exceptions import ClientError

from local.iam.operations import bucket_arn, needs, search_request
from local.iam.policy import Principal, Request, parse
from local.iam.usage import UsageLog

ANONYMOUS = "User: anonymous is not authorized: the request has no signature"
_JSON_SERVICES = frozenset({"secretsmanager", "ssm", "kms", "dynamodb"})
_HIDES_MISSING = frozenset({"CopyObject", "GetObject", "HeadObject"})


class Guard:
    """Checks calls against one function's role and notes the grants that were used."""

    def __init__(self, principal: Principal, usage: UsageLog) -> None:
        self.principal = principal
        self.usage = usage

    def check(self, service: str, operation: str, params: dict[str, Any]) -> None:
        for request in needs(service, operation, params, self.principal):
            if message := self.principal.refusal(request):
                raise denied(service, operation, message)
            self.usage.record(self.principal, request)

    def hide_missing(self, operation: str, params: dict[str, Any], error: ClientError) -> None:
        """S3 answers 403 for an object that is not there to who may not list the bucket."""
        if error.response["ResponseMetadata"].get("HTTPStatusCode") != 404:
            return
        request = Request("s3:ListBucket", bucket_arn(params))
        if message := self.principal.refusal(request):
            raise denied("s3", operation, message) from error
        self.usage.record(self.principal, request)


def denied(service: str, operation: str, message: str) -> ClientError:
    code = "AccessDeniedException" if service in _JSON_SERVICES else "AccessDenied"
    error = {"Code": code, "Message": message}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 403}}, operation)  # type: ignore[typeddict-item]


def install(module: ModuleType) -> None:
    """Patches a module of botocore or of OpenSearch's client as it is imported."""
    policy = Path(os.environ["DJAMMS_LOCAL_POLICY"]).read_text()
    guard = Guard(parse(policy), UsageLog(Path(os.environ["DJAMMS_LOCAL_USAGE"])))
    _PATCHES[module.__name__](module, guard)


def guard_calls(module: ModuleType, guard: Guard) -> None:
    call = module.BaseClient._make_api_call

    def make_api_call(self: Any, operation: str, params: dict[str, Any]) -> Any:
        service = self.meta.service_model.service_name
        guard.check(service, operation, params)
        try:
            return call(self, operation, params)
        except ClientError as error:
            if service == "s3" and operation in _HIDES_MISSING:
                guard.hide_missing(operation, params, error)
            raise

    module.BaseClient._make_api_call = make_api_call


def guard_signing(module: ModuleType, guard: Guard) -> None:
    """A signed URL carries the signer's rights, so they are checked when it is signed."""
    sign_url, sign_post = module.generate_presigned_url, module.generate_presigned_post

    # The parameter names are botocore's: callers pass them by name.
    def presigned_url(self: Any, ClientMethod: str, Params: Any = None, **kwargs: Any) -> Any:  # noqa: N803
        operation = self._PY_TO_OP_NAME[ClientMethod]
        guard.check(self.meta.service_model.service_name, operation, Params or {})
        return sign_url(self, ClientMethod, Params, **kwargs)

    def presigned_post(self: Any, Bucket: str, Key: str, *args: Any, **kwargs: Any) -> Any:  # noqa: N803
        guard.check("s3", "PutObject", {"Bucket": Bucket, "Key": Key})
        return sign_post(self, Bucket, Key, *args, **kwargs)

    vars(module).update(
        generate_presigned_url=presigned_url, generate_presigned_post=presigned_post
    )


def guard_search(module: ModuleType, guard: Guard) -> None:
    """OpenSearch's client signs by itself. What has no signature comes from nobody, on AWS."""
    domain = os.environ.get("DJAMMS_LOCAL_SEARCH", "")
    connection = module.Urllib3HttpConnection
    perform = connection.perform_request

    def perform_request(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        request = search_request(method, f"{self.url_prefix}{url}", domain)
        message = guard.principal.refusal(request) if callable(self.http_auth) else ANONYMOUS
        if message:
            from opensearchpy.exceptions import AuthorizationException  # there, as it is patched

            raise AuthorizationException(403, message, {"Message": message})
        guard.usage.record(guard.principal, request)
        return perform(self, method, url, *args, **kwargs)

    connection.perform_request = perform_request


_PATCHES: dict[str, Callable[[ModuleType, Guard], None]] = {
    "botocore.client": guard_calls,
    "botocore.signers": guard_signing,
    "opensearchpy.connection.http_urllib3": guard_search,
}
