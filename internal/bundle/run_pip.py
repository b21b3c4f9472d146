# Runs pip for the Python of another machine. By itself pip compares environment
# markers, such as sys_platform == "linux", and the Python that packages require, to
# this machine. Arguments: the markers as JSON, and the arguments of pip.
#
# Seen: pip 22.0 to 26.3.
import sys

# Modules of the working directory aren't meant.
sys.path[:] = [path for path in sys.path if path]

import json

target = json.loads(sys.argv[1])
try:
    from pip._internal.cli.main import main
    from pip._internal.cli.req_command import RequirementCommand
    from pip._vendor.packaging import markers

    own_markers = markers.default_environment
    make_resolver = RequirementCommand.make_resolver
except (ImportError, AttributeError) as error:
    sys.exit("cloudfurl: no usable pip: %s" % error)

if target:
    version = tuple(map(int, target["python_full_version"].split(".")))
    markers.default_environment = lambda: {**own_markers(), **target}
    RequirementCommand.make_resolver = classmethod(
        lambda cls, *args, **kwargs: make_resolver(*args, **{**kwargs, "py_version_info": version})
    )
sys.exit(main(sys.argv[2:]))
