# Emulates the Python runtime of Lambda: fetches events from the Runtime API, runs
# the handler, responds. Limits: one event at a time; responses are buffered, as
# on Lambda; boto3 isn't bundled; named tuples become arrays, not objects, and decimal
# fractions lose their zeros. Arguments: the directories of layers.
# See: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
# See: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
# Seen: awslambdaric 4.2.2, AWS's client.
import importlib
import json
import logging
import os
import site
import socket
import sys
import time
import traceback
from decimal import Decimal

API = "/2018-06-01/runtime"


class Connection:
    """One connection to the Runtime API, one exchange at a time."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.address = address
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = self.socket.makefile("rb")

    def request(self, method, target, body="", error_type=None):
        body, content_type = (body, "unknown") if isinstance(body, bytes) else (body.encode(), "json")
        version = ".".join(str(part) for part in sys.version_info[:3])
        lines = [
            f"{method} {API}{target} HTTP/1.1",
            f"Host: {self.address}",
            f"User-Agent: cloudfurl-python/{version}",
            f"Content-Type: application/{content_type}",
            f"Content-Length: {len(body)}",
        ]
        if error_type:
            lines.append(f"Lambda-Runtime-Function-Error-Type: {error_type}")
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        status = self.reader.readline().split(b" ")
        if len(status) < 2:
            sys.exit(1)
        headers = {}
        while (line := self.reader.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return int(status[1]), headers, self.reader.read(int(headers.get("content-length", 0)))


class Fault(Exception):
    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.trace = list(trace)


class Identity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class Context:
    def __init__(self, headers):
        env = os.environ
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
        self.function_name = env["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = env["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = env["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = env["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = Identity()
        self.client_context = self.tenant_id = None
        self._deadline = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))


class RequestIdFilter(logging.Filter):
    request_id = ""

    def filter(self, record):
        record.aws_request_id = RequestIdFilter.request_id
        return True


def set_up_logging():
    # The root logger has a handler on Lambda, so basicConfig changes nothing there.
    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)


def load_handler(name):
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}'")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", trace)
    if not hasattr(module, function_name):
        raise Fault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return getattr(module, function_name)


def to_json(value):
    def default(item):
        if isinstance(item, Decimal):
            return int(item) if str(item).lstrip("-").isdigit() else float(item)
        raise TypeError(f"Object of type {item.__class__.__name__} is not JSON serializable")

    return json.dumps(value, ensure_ascii=False, default=default)


def error_document(error, request_id=""):
    if isinstance(error, Fault):
        error_type, trace = error.error_type, error.trace
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if frame.filename != __file__]
        error_type, trace = type(error).__name__, traceback.format_list(own)
    document = {"errorMessage": str(error), "errorType": error_type, "requestId": request_id, "stackTrace": trace}
    lines = [f"[ERROR] {error_type}: {error}", "Traceback (most recent call last):", *trace]
    print("\n".join(line.rstrip("\n") for line in lines), flush=True)
    return document


def respond(connection, handler, headers, body):
    request_id = headers["lambda-runtime-aws-request-id"]
    target = f"/invocation/{request_id}"
    try:
        result = handler(json.loads(body), Context(headers))
        try:
            payload = result if isinstance(result, bytes) else to_json(result)
        except Exception as error:
            raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}")
    except Exception as error:
        document = error_document(error, request_id)
        connection.request("POST", target + "/error", to_json(document), document["errorType"])
        return
    connection.request("POST", target + "/response", payload)


def main():
    connection = Connection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    for layer in sys.argv[1:]:
        site.addsitedir(layer)
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]  # in place of the directory of this file
    set_up_logging()
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        document = error_document(error)
        connection.request("POST", "/init/error", to_json(document), document["errorType"])
        sys.exit(1)
    while True:
        status, headers, body = connection.request("GET", "/invocation/next")
        if status != 200:
            sys.exit(1)
        RequestIdFilter.request_id = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
        respond(connection, handler, headers, body)


main()
