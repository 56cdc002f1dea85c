#!/bin/bash
# Each export format says what the plan says, in that format's own grammar: dnf solves it, mkosi
# reads it, KIWI's schema accepts it, scripts do it.
. "$(dirname "$0")/../lib.sh"
need dnf jq xmllint python3 shellcheck

root=$(testbed_root container-host)
expect_exit 0 "$TARE" analyze "$root" -o "$T/graph.db" -q
expect_exit 0 "$TARE" plan -g "$T/graph.db" --profile containerd-host -o "$T/plain.json" -q

# Files, a folder and a unit, whatever the plan has of them; one name needs quoting.
python3 - "$T/plain.json" "$T/plan.json" << 'END'
import json, sys

plan = json.load(open(sys.argv[1]))
kept = [p["nevra"] for p in plan["packages"] if p["action"] == "keep"]
paths = [("/opt/t.d", "directory", ""), ("/opt/t.d/a+b.c", "regular", kept[0]),
         ("/opt/t.d/d", "symlink", kept[0]), ("/opt/t.d/it's", "regular", ""),
         ("/opt/t.d/x::y", "regular", "")]
plan["files"] = [{"path": path, "type": type, "action": "remove", "rule": "test",
                  "package": package, "disk_bytes": 4096,
                  "compressed_bytes": None, "users": []} for path, type, package in paths]
plan["trims"] = [{"id": "test", "title": "t", "why": "w", "mechanism": "remove", "risk": "low",
                  "risk_reason": "r", "rpm_verify": "v", "restore": "r", "features_lost": [],
                  "files": 5, "disk_bytes": 5 * 4096, "compressed_bytes": None}]
plan["totals"]["files_removed"] = 5
plan["totals"]["trim_bytes_freed"] = 5 * 4096
plan["services"] = [{"unit": "getty@tty1.service", "action": "mask", "memory_bytes": 0,
                     "memory_source": "estimate", "reason": "r", "risk": "low",
                     "risk_reason": "", "features_lost": [], "citations": [], "users": []}]
json.dump(plan, open(sys.argv[2], "w"))
END
jq -r '.packages[] | select(.action == "remove") | .nevra' "$T/plan.json" | sort > "$T/gone"
jq -r '.packages[] | select(.action == "remove") | .name' "$T/plan.json" | sort -u > "$T/names"
for format in list rpm dnf tdnf script image-customizer kiwi mkosi rpm-ostree osbuild \
	containerfile kickstart; do
	expect_exit 0 "$TARE" export "$T/plan.json" -f "$format" -o "$T/$format"
done
sort "$T/list" > "$T/sorted"
expect_same "list: all packages that go" "$T/gone" "$T/sorted"

# -- package managers
for script in rpm dnf tdnf script; do
	check "$script: shellcheck has no word against it" shellcheck -s sh "$T/$script"
done
mkdir -p "$T/db/usr/lib/sysimage/rpm"
cp "$(find "$root"/usr/lib/sysimage/rpm "$root"/var/lib/rpm -name rpmdb.sqlite -type f | head -1)" \
	"$T/db/usr/lib/sysimage/rpm/"
echo '%_dbpath /usr/lib/sysimage/rpm' > "$HOME/.rpmmacros"
sh "$T/dnf" --installroot="$T/db" --assumeno --setopt=reposdir=/nonexistent --releasever=1 \
	> "$T/dnf.out" 2>&1 || true
sed -n '/^Removing:/,/^Transaction/p' "$T/dnf.out" | awk '/@System/ { print $1 }' | sort -u \
	> "$T/dnf.names"
expect_same "dnf's own solver removes these and no others" "$T/names" "$T/dnf.names"
expect_no_grep 'Removing (dependent|unused)' "$T/dnf.out"
sed '1,/^exec/d; s/[\\\t ]//g' "$T/tdnf" | sort > "$T/tdnf.names"
expect_same "tdnf: all names that go" "$T/names" "$T/tdnf.names"

# A rpm that only notes how it was called.
mkdir "$T/bin"
# shellcheck disable=SC2016
printf '#!/bin/sh\nprintf "%%s\\n" "$@" > "%s"\n' "$T/rpm.called" > "$T/bin/rpm"
chmod +x "$T/bin/rpm"
victims() {	# FOLDER: a root with what the plan names, and neighbours
	mkdir -p "$1/opt/t.d/empty" "$1/usr"
	touch "$1/opt/t.d/a+b.c" "$1/opt/t.d/x::y" "$1/opt/t.d/stays" "$1/opt/t.d/aab.c"
	ln -s /usr "$1/opt/t.d/d"
}
victims "$T/r1"
expect_exit 0 env PATH="$T/bin:$PATH" sh "$T/rpm" --test --root "$T/r1"
expect_equal "a test removes no file" 6 "$(find "$T/r1/opt/t.d" -mindepth 1 | wc -l)"
expect_exit 0 env PATH="$T/bin:$PATH" sh "$T/rpm" --root "$T/r1"
sed '1,3d' "$T/rpm.called" | sort > "$T/rpm.names"
expect_same "rpm: all packages that go, in one transaction" "$T/gone" "$T/rpm.names"
expect_equal "rpm: the files are gone, their neighbours stay" "aab.c empty stays" \
	"$(cd "$T/r1/opt/t.d" && echo ./* | sed 's|\./||g')"
expect_equal "rpm: the unit is masked" /dev/null \
	"$(readlink "$T/r1/etc/systemd/system/getty@tty1.service")"
victims "$T/r2"
rm -r "$T/r2"/opt/t.d/{stays,aab.c,empty}
expect_exit 0 sh "$T/script" "$T/r2"
check "script: the empty folder goes, too" test ! -e "$T/r2/opt/t.d"
check "script: what a link points to stays" test -d "$T/r2/usr"

# -- image builders
cat > "$T/parse.py" << 'END'
import re, sys, tomllib, yaml

folder = sys.argv[1]
names = open(folder + "/names").read().split()
text = lambda name: open(folder + "/" + name).read()

customizer = yaml.safe_load(text("image-customizer"))
assert set(customizer) == {"os", "scripts"}, customizer.keys()
assert customizer["os"] == {"packages": {"remove": names}}
(script,) = customizer["scripts"]["postCustomization"]
assert set(script) == {"name", "content"}
open(folder + "/customizer.sh", "w").write("#!/bin/sh\n" + script["content"])

treefile = yaml.safe_load(text("rpm-ostree"))
assert set(treefile) == {"exclude-packages", "remove-from-packages", "remove-files"}
assert treefile["exclude-packages"] == names
((package, *patterns),) = treefile["remove-from-packages"]
assert [bool(re.search(p, "/opt/t.d/a+b.c")) for p in patterns] == [True, False], patterns
assert not any(re.search(p, "/opt/t.d/aab.c") or re.search(p, "/opt/tXd/d") for p in patterns)
assert treefile["remove-files"] == ["opt/t.d/x::y"]

blueprint = tomllib.loads(text("osbuild"))
assert {"name", "description", "version", "packages", "customizations"} == set(blueprint)
kept = [p["name"] for p in blueprint["packages"]]
assert kept == sorted(set(kept)) and not set(kept) & set(names)
assert len(kept) + len(names) == len(set(kept) | set(names)) > 600
assert blueprint["customizations"] == {"services": {"masked": ["getty@tty1.service"]}}

for line in text("kickstart").splitlines():
    assert not line.startswith("-") or line[1:] in names
assert re.findall(r"(?m)^%\w+", text("kickstart")) == ["%packages", "%end", "%post", "%end"]
END
check "YAML, TOML and kickstart hold what the plan says" python3 "$T/parse.py" "$T"
check "Image Customizer: its script is one" shellcheck -s sh "$T/customizer.sh"
victims "$T/r3"
sed -i "s|^root=''|root='$T/r3'|" "$T/customizer.sh"
expect_exit 0 sh "$T/customizer.sh"
check "Image Customizer: its script removes files" test ! -e "$T/r3/opt/t.d/a+b.c"

# The schema that KIWI's package ships, and mkosi's own reader; only their files are wanted.
fetched=$_home/.cache/tare-testbed/tools
if [ ! -d "$fetched/kiwi" ] || [ ! -d "$fetched/mkosi" ]; then
	mkdir -p "$fetched"
	for package in kiwi mkosi; do
		(cd "$T" && apt-get download -q "$package" > /dev/null 2>&1) || break
		dpkg -x "$T/$package"_*.deb "$fetched/$package"
	done
fi
if [ -d "$fetched/kiwi" ] && [ -d "$fetched/mkosi" ]; then
	{
		cat << 'END'
<image schemaversion="7.5" name="x"><description type="system"><author>x</author>
<contact>x</contact><specification>x</specification></description>
<preferences><version>1.0.0</version><packagemanager>dnf</packagemanager>
<type image="oci"/></preferences><repository><source path="dir:///x"/></repository>
<packages type="image"><package name="x"/></packages>
END
		cat "$T/kiwi"
		echo "</image>"
	} > "$T/image.xml"
	schema=$(find "$fetched/kiwi" -name kiwi.rng)
	check "KIWI's schema accepts the element" xmllint --noout --relaxng "$schema" "$T/image.xml"
	xmllint --xpath '//packages[@type="delete"]/package/@name' "$T/image.xml" |
		sed 's/.*="\(.*\)"/\1/' | sort > "$T/kiwi.names"
	expect_same "KIWI: all names that go" "$T/names" "$T/kiwi.names"
	mkdir "$T/mkosi.d"
	{
		printf '[Distribution]\nDistribution=fedora\nRelease=37\n'
		cat "$T/mkosi"
	} > "$T/mkosi.d/mkosi.default"
	(cd "$T" && PYTHONPATH=$fetched/mkosi/usr/lib/python3/dist-packages python3 -m mkosi \
		--directory "$T/mkosi.d" summary) 2>&1 | cat > "$T/summary"
	awk '/Remove Packages: / { on = 1; sub(/.*: /, ""); print; next }
		/: / || /^$/ { on = 0 } on { print $1 }' "$T/summary" | sort > "$T/mkosi.names"
	expect_same "mkosi reads all names that go" "$T/names" "$T/mkosi.names"
	expect_grep 'Remove Files: /opt/t.d/a\+b.c' "$T/summary"
else
	note "no apt: KIWI's schema and mkosi's reader were not asked"
fi
sed -e ':a' -e '/\\$/N; s/\\\n//; ta' "$T/containerfile" | awk '{ print $1 }' > "$T/words"
expect_equal "containerfile: instructions" "# # # ARG FROM RUN RUN RUN FROM COPY" \
	"$(grep -v '^$' "$T/words" | grep -v '^layer$' | tr '\n' ' ' | sed 's/ $//; s/^# #/#/')"
expect_grep 'left out: 1 files whose names need quoting' "$T/mkosi"

# -- bills of materials
expect_exit 0 "$TARE" export -g "$T/graph.db" "$T/plan.json" -f cyclonedx -o "$T/bom.json"
expect_exit 0 "$TARE" export -g "$T/graph.db" "$T/plan.json" -f spdx -o "$T/spdx.json"
expect_exit 0 "$TARE" export -g "$T/graph.db" -f spdx -o "$T/whole.json"
expect_equal "all packages of the image" "$(jq '.packages | length' "$T/plan.json")" \
	"$(jq '.packages | length' "$T/whole.json")"
check "the bills fit their formats and the plan" \
	python3 "$TARE_SOURCE/tests/e2e/check_sbom.py" "$T/plan.json" "$T/bom.json" "$T/spdx.json" "$root"
"$TARE" export -g "$T/graph.db" "$T/plan.json" -f spdx > "$T/again.json"
expect_same "the same image, the same bytes" "$T/spdx.json" "$T/again.json"

# -- what does not work says so
expect_exit 2 "$TARE" export -f dnf
expect_grep 'needs a plan' "$T/err"
sed 's/"nevra": "adduser-/"nevra": "bdduser-/' "$T/plain.json" > "$T/other.json"
expect_exit 3 "$TARE" export -g "$T/graph.db" "$T/other.json" -f spdx
expect_grep "another image's" "$T/err"
# shellcheck disable=SC2016
sed 's/"nevra": "adduser-/"nevra": "$(id)-/' "$T/plain.json" > "$T/evil.json"
expect_exit 3 "$TARE" export "$T/evil.json" -f rpm
done_testing
