#!/bin/bash
# merge.sh GRAPH [FILES]...: what merging evidence of many nodes costs. For each number of files
# (default: 100 200 400; each has 5,000 paths of the graph, in part its own choice) a copy of
# GRAPH is filled: time and CPU time a file, peak memory, growth of the graph. TARE is the program.
set -euo pipefail
graph=$1
shift
[ $# -gt 0 ] || set -- 100 200 400
folder=$(mktemp -d "${TMPDIR:-/tmp}/tare-merge.XXXXXX")
trap 'rm -rf "$folder"' EXIT
sqlite3 -readonly "$graph" "SELECT path FROM file WHERE type = 'regular' AND typeof(path) = 'text'" > "$folder/paths"
python3 - "$folder" "$(printf '%s\n' "$@" | sort -n | tail -1)" <<'PY'
import json, random, sys
folder, count = sys.argv[1], int(sys.argv[2])
lines = [json.dumps({"path": path, "use": "opened", "scope": "host"}, separators=(",", ":")) + "\n"
         for path in sorted(open(folder + "/paths").read().splitlines())]
random.seed(1)
for n in range(count):
    with open("%s/node-%05d.jsonl" % (folder, n), "w") as f:
        f.write(json.dumps({"schema": "tare-evidence/1", "source": "observe", "node": "n%d" % n,
            "begin": 1700000000, "end": 1700086400, "complete": True, "coverage": "node",
            "lost": 0}, separators=(",", ":")) + "\n")
        chosen = sorted(random.sample(range(len(lines)), min(5000, len(lines))))
        f.writelines([lines[i] for i in chosen])
        f.write('{"records":%d}\n' % len(chosen))
PY
for count; do
	cp "$graph" "$folder/merged.db"
	mapfile -t files < <(find "$folder" -name 'node-*.jsonl' | sort | head -n "$count")
	/usr/bin/time -f '%e %U %S %M' -o "$folder/time" "$TARE" usage merge -q "$folder/merged.db" "${files[@]}"
	read -r seconds user system memory < "$folder/time"
	awk -v n="$count" -v s="$seconds" -v m="$memory" -v cpu="$user" -v kernel="$system" \
		-v b="$(($(stat -c %s "$folder/merged.db") - $(stat -c %s "$graph")))" \
		'BEGIN { printf "%6d files  %7.2f s  %6.1f ms a file (CPU %5.2f)  %6.1f MiB peak  %8.1f KiB a file in the graph\n", n, s, s * 1000 / n, (cpu + kernel) * 1000 / n, m / 1024, b / 1024 / n }'
done
