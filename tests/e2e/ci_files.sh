#!/bin/bash
# The ready pipelines are valid, and the command lines in them work and leave what they name.
. "$(dirname "$0")/../lib.sh"
need python3 npm rpmbuild

ci=$TARE_SOURCE/packaging/ci
tools=$(npm_tools)/node_modules/.bin
root=$(tiny_root rich)
cd "$T"
for name in github-actions azure-pipelines gitlab-ci; do
	check "$name.yml is YAML" python3 -c 'import sys, yaml
assert isinstance(yaml.safe_load(open(sys.argv[1])), dict)' "$ci/$name.yml"
done
mkdir -p .github/workflows
cp "$ci/github-actions.yml" .github/workflows/footprint.yml
check "GitHub's schema" "$tools/action-validator" .github/workflows/footprint.yml
sed -i 's/^jobs:/job:/' .github/workflows/footprint.yml
expect_exit 1 "$tools/action-validator" .github/workflows/footprint.yml

# Keys that the other two know; their servers have the schemas.
cat > keys.py <<'EOT'
import sys, yaml
def within(what, known):
    assert set(what) <= set(known), set(what) - set(known)
azure = yaml.safe_load(open(sys.argv[1] + "/azure-pipelines.yml"))
within(azure, ["trigger", "pr", "pool", "variables", "steps"])
for step in azure["steps"]:
    within(step, ["checkout", "bash", "task", "inputs", "displayName", "condition"])
    assert sum(key in step for key in ("checkout", "bash", "task")) == 1
gitlab = yaml.safe_load(open(sys.argv[1] + "/gitlab-ci.yml"))
job = gitlab.pop("footprint")
within(gitlab, ["stages"])
within(job, ["stage", "variables", "script", "artifacts"])
assert job["stage"] in gitlab["stages"]
within(job["artifacts"], ["when", "expire_in", "paths", "reports"])
within(job["artifacts"]["reports"], ["junit", "codequality"])
EOT
check "keys of Azure Pipelines and GitLab" python3 keys.py "$ci"

# The command lines of each, run here: the one that analyses, and the one that checks.
cat > commands.py <<'EOT'
import sys, yaml
def texts(node):
    if isinstance(node, dict):
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
    elif isinstance(node, str) and "tare " in node:
        yield node
for text in texts(yaml.safe_load(open(sys.argv[1]))):
    if text.startswith(("tare ", "sudo tare ")):
        print(text.replace("sudo ", "").replace("$(rootfs)", "$ROOTFS"))
EOT
mkdir bin
ln -s "$TARE" bin/tare
export ROOTFS=$root PATH=$T/bin:$PATH
printf 'limits:\n  - what: total\n    max: 1GiB\n    max-growth: 1MiB\n' > tare.yaml
tare analyze -q "$root" -o first.db
tare check -g first.db --write-baseline tare-baseline.json > ignored
for name in github-actions azure-pipelines gitlab-ci; do
	rm -f tare.db tare-junit.xml tare.sarif tare.md gl-code-quality-report.json
	python3 commands.py "$ci/$name.yml" > commands
	expect_equal "$name: commands" 2 "$(wc -l < commands)"
	check "$name: they run" bash -eu commands
	case $name in
	github-actions) files="tare.sarif" ;;
	azure-pipelines) files="tare.md" ;;
	gitlab-ci) files="gl-code-quality-report.json" ;;
	esac
	for file in tare.db tare-junit.xml $files; do
		check "$name: $file" test -s "$file"
	done
done
done_testing
