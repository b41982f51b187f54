"""A real ipykernel for extension.js: code comes in as lines of JSON, messages go out as such.

    python kernel.py FOLDER

The kernel runs in FOLDER, as Jupyter would run it, and ends with this program, when nothing more
can come. A request ends with a message of the type "done".
"""

import json
import signal
import sys
from pathlib import Path

from jupyter_client import KernelManager

SHOWN = {
    "clear_output",
    "display_data",
    "error",
    "execute_result",
    "stream",
    "update_display_data",
}


def say(kind: str, content: object = None) -> None:
    """Send one message."""
    print(json.dumps({"type": kind, "content": content}), flush=True)


def main(folder: Path) -> None:
    """Run what is asked for, one request after the other."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder))
    signal.signal(signal.SIGINT, lambda *_: manager.interrupt_kernel())
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        for line in sys.stdin:
            asked = client.execute(json.loads(line), stop_on_error=False)
            while True:
                message = client.get_iopub_msg()
                if message["parent_header"].get("msg_id") != asked:
                    continue
                kind, content = message["msg_type"], message["content"]
                if kind in SHOWN:
                    say(kind, content)
                elif kind == "status" and content["execution_state"] == "idle":
                    break
            say("done")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
