"""Serves moto's AWS, and runs commands of the AWS CLI against it, in one process.

Prints the names of account.py and the port for commands as JSON, and serves until
standard input ends. A command is its number of arguments, the working directory and the
arguments, each with a NUL at its end; the response is the exit code in a line, and
what the command printed. A process for each command would take a second.
"""

import contextlib
import functools
import io
import json
import logging
import os
import socketserver
import sys
import threading
import traceback

import botocore.session
from awscli.clidriver import create_clidriver
from moto.server import ThreadedMotoServer

import account


# Or each command would read the models of AWS's services again.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)


class Command(socketserver.StreamRequestHandler):
    def argument(self):
        text = b""
        while not text.endswith(b"\0"):
            text += self.rfile.read(1)
        return text[:-1].decode()

    def handle(self):
        number = int(self.argument())
        os.chdir(self.argument())
        arguments = [self.argument() for _ in range(number)]
        printed, code = io.StringIO(), 1
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                code = create_clidriver().main(arguments)
            except SystemExit as exit:
                code = exit.code
            except Exception:
                traceback.print_exc()
        self.wfile.write(f"{code}\n{printed.getvalue()}".encode())


def main():
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_DEFAULT_REGION": "ap-south-1", "AWS_MAX_ATTEMPTS": "1", "AWS_PAGER": "",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    commands = socketserver.TCPServer(("127.0.0.1", 0), Command)
    threading.Thread(target=commands.serve_forever, daemon=True).start()
    print(json.dumps({"names": account.fill(), "port": commands.server_address[1]}), flush=True)
    sys.stdin.read()
    os._exit(0)


main()
