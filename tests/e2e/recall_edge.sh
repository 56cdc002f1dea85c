#!/bin/bash
# recall.sh on a root that no rule was tuned on: podman, crun, netavark, NetworkManager.
exec "$(dirname "$0")/recall.sh" edge
