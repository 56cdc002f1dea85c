#!/bin/bash
# Programs that somebody copied to the host, and that Go's build information tells: they bring
# their profiles along, and the versions of the kubelets decide what these keep.
. "$(dirname "$0")/../lib.sh"
need gcc

cd "$T"
root=$(tiny_root scripts)
mkdir -p "$root/opt/bin" rules/profiles

# An ELF file with build information as Go's linker writes it.
go_program() {	# PATH LINES...
	local text='path\tk8s.io/kubernetes/cmd/kubelet\n' line mark
	for line in "${@:2}"; do
		text+=$line'\n'
	done
	mark=0123456789abcdef
	printf '%s%b%s' "$mark" "$text" "$mark" > lines
	{
		printf '\377 Go buildinf:\10\2'
		printf '%s' "$mark"
		printf '\10go1.22.3'
		size=$(stat -c %s lines)
		printf '%b' "\\x$(printf %x $((size % 128 + 128)))\\x$(printf %x $((size / 128)))"
		cat lines
	} > info
	{
		printf '.section .go.buildinfo,"aw"\n.balign 16\n.incbin "info"\n'
		printf '.text\n.globl _start\n_start: nop\n'
	} > program.s
	gcc -nostdlib -static -o "$1" program.s
}

cat > rules/profiles/asks.yaml <<'END_RULE'
profile: asks
summary: asks
feature: asking
keep:
  - {command: perl, why: old, when: {kubernetes: "<1.32"}}
  - {command: bash, why: older, when: {kubernetes: "<1.31"}}
  - {command: env, why: new, when: {kubernetes: ">=1.33"}}
END_RULE

# What of perl, bash and env the profile keeps for the kubelets in the root.
kept() {	# [OPTION...]
	"$TARE" analyze -q "$root" -o go.db
	for name in perl bash env; do
		"$TARE" why -g go.db "/usr/bin/$name" --rules rules --profile asks "$@" \
			-f json | jq -r --arg name "$name" \
			'select(.verdict == "needed" and (.chain[0].place | test("asks.yaml"))) | $name'
	done | paste -sd ' '
}

note "real programs"
host=$(testbed_root container-host)
cp "$host/usr/bin/containerd" "$host/usr/sbin/runc" "$root/opt/bin/"
"$TARE" analyze -q "$root" -o go.db
expect_exit 0 "$TARE" plan -g go.db --rules rules --profile asks
expect_grep '^Profiles .*, runc because of /opt/bin/runc, containerd because of /opt/bin/containerd'
expect_exit 0 "$TARE" plan -g go.db --rules rules --profile asks --no-profile
expect_no_grep 'because of /opt'
rm "$root/opt/bin/containerd" "$root/opt/bin/runc"

note "versions"
expect_equal "no kubelet: any that is met" "perl bash env" "$(kept)"
go_program "$root/opt/bin/kubelet" 'mod\tk8s.io/kubernetes\tv1.33.1\t'
expect_equal "one of now" "env" "$(kept)"
expect_exit 0 "$TARE" plan -g go.db --rules rules --profile asks
expect_grep '^Profiles .*, kubelet because of /opt/bin/kubelet'
go_program "$root/opt/bin/kubelet-old" 'mod\tk8s.io/kubernetes\t(devel)\t' \
	'build\t-compiler=gc' \
	'build\t-ldflags="-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitVersion=v1.31.4 -s"'
expect_equal "both: what the linker was told counts" "perl env" "$(kept)"
expect_equal "a fact pins it" "env" "$(kept --fact kubernetes=1.33)"
rm "$root/opt/bin/kubelet"
expect_equal "the old one alone" "perl" "$(kept)"
go_program "$root/opt/bin/kubelet-old" 'mod\tk8s.io/kubernetes\t(devel)\t'
expect_equal "one that does not say it may be any" "perl bash env" "$(kept)"
go_program "$root/opt/bin/kubelet-old" 'mod\tk8s.io/kubernetes\tv0.0.0-20250101000000-0123456789ab\t'
expect_equal "a made-up version is none" "perl bash env" "$(kept)"
mv "$root/opt/bin/kubelet-old" "$root/opt/bin/kubelet-v1.30.9"
expect_equal "the name says it" "perl bash" "$(kept)"
done_testing
