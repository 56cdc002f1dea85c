#!/bin/bash
# Plays tests/tui/NAME.keys in a real terminal and compares the screens with NAME.screen.
#
#	tests/tui/run.sh NAME [--update]
#
# A .keys file has one word and its arguments in a line:
#
#	size 80 24		of the terminal, before the program starts (default 80 24)
#	graph seen		a graph with usage evidence in it
#	graph compressed	a graph with compressed sizes in it
#	set NAME=VALUE		in the program's environment (NO_COLOR=1, LC_ALL=C ...)
#	run ARGUMENT...		start "tare explore -g GRAPH ARGUMENT..."
#	shell ARGUMENT...	the same from a shell's prompt ("shell>")
#	keys KEY...		tmux's names: d, C-u, Enter, PageDown
#	type TEXT		text as it is
#	bytes \033[M...		bytes as printf %b makes them (mouse reports)
#	resize 120 40
#	wait TEXT		until the screen shows TEXT
#	gone TEXT		until it no longer does
#	screen LABEL		add the screen to the result, under this heading
#	colours LABEL		the same with colours and attributes
#	signal NAME		send it to the program
#	exit STATUS		the program ends with that status, and the terminal is sane
#	lines NAME PATTERN	add lines (grep -E) of a file that the program wrote
#	# ...			a comment
#
# It never sleeps for the program's sake: it looks at the screen until what it waits for is
# there, and fails after 20 seconds. TUI_GRAPH makes the graph; TARE is the program.
. "$(dirname "$0")/../lib.sh"
need tmux

name=$1 update=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
cp "$here"/*.yaml "$here"/keep "$here"/vi.keymap "$T/" 2> /dev/null || true
# shellcheck disable=SC2046 # no word or one
"${TUI_GRAPH:-$TARE_BUILD/tests/tui/tui_graph}" "$T/tare.db" \
	$(sed -n 's/^graph //p' "$here/$name.keys")
: > "$T/result"
unset NO_COLOR CI
export LINES='' COLUMNS='' TERM=tmux-256color LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC
unset LINES COLUMNS
width=80 height=24
environment=(TERM=tmux-256color)

tm() {
	tmux -f /dev/null -S "$T/tmux" "$@"
}

finish_tmux() {
	local status=$?
	tm kill-server 2> /dev/null || true
	set +e
	(exit "$status")
	_cleanup
}
trap finish_tmux EXIT

screen_text() {
	tm capture-pane -p -t t | sed 's/[[:space:]]*$//'
}

# Without what no eye sees: how blank ends of lines are painted depends on what stood there.
screen_colours() {
	tm capture-pane -p -e -t t |
		sed -E $'s/(\e\\[[0-9;]*m|[[:space:]])*$//; s/^\e\\[0;/\e[/'
}

# A frame is not drawn at once: look until two looks agree.
settle() {
	local before now
	now=$(tm capture-pane -p -e -t t; tm display -p -t t '#{cursor_y}')
	until [ "${before-}" = "$now" ]; do
		before=$now
		sleep 0.05
		now=$(tm capture-pane -p -e -t t; tm display -p -t t '#{cursor_y}')
	done
}

# Look until the screen has the text (or has it no longer).
await() {	# yes|no TEXT
	local end=$((SECONDS + 20))
	while [ $SECONDS -lt $end ]; do
		if screen_text | grep -qF -e "$2"; then
			[ "$1" = no ] || return 0
		else
			[ "$1" = yes ] || return 0
		fi
		sleep 0.02
	done
	note "waited in vain ($1): $2"
	screen_text > "$T/now"
	evidence "$T/now" 60
	return 1
}

start() {
	local command
	printf -v command '%q ' env "${environment[@]}" "$TARE" explore -g "$T/tare.db" "$@"
	# shellcheck disable=SC2016 # the inner shell's own
	printf 'cd %q; stty -g > before; %s 2> err; echo $? > status; stty -g > after; exec sleep 1000\n' \
		"$T" "$command" > "$T/inner"
	tm new-session -d -s t -x "$width" -y "$height" bash "$T/inner"
	tm set -g status off
	tm set -g remain-on-exit on
	tm resize-window -t t -x "$width" -y "$height"
}

# The same from a shell with job control, at whose prompt one comes out again.
start_in_shell() {
	local command
	printf -v command '%q ' "$TARE" explore -g "$T/tare.db" "$@"
	printf '%s\n' "PS1='shell> '; cd $T; tare() { $command; }" > "$T/rc"
	tm new-session -d -s t -x "$width" -y "$height" env "${environment[@]}" \
		bash --noprofile --rcfile "$T/rc" -i
	tm set -g status off
	tm resize-window -t t -x "$width" -y "$height"
	await yes 'shell>'
	tm send-keys -t t -l "$command"
	tm send-keys -t t Enter
}

program_pid() {
	pgrep -P "$(tm display -p -t t '#{pane_pid}')" | head -n 1
}

ended() {	# STATUS
	local end=$((SECONDS + 20))
	until [ -s "$T/after" ] || [ $SECONDS -ge $end ]; do
		sleep 0.02
	done
	expect_equal "exit status" "$1" "$(cat "$T/status" 2> /dev/null || echo none)"
	expect_same "the terminal is as it was" "$T/before" "$T/after"
	[ ! -s "$T/err" ] || evidence "$T/err" 60
}

heading() {
	settle
	printf '== %s [cursor in line %s]\n' "$1" "$(tm display -p -t t '#{cursor_y}')" >> "$T/result"
}

play() {	# WORD REST
	case $1 in
	size) read -r width height <<< "$2" ;;
	graph) ;; # read at the beginning
	set) environment+=("$2") ;;
	run) eval "start $2" ;;
	shell) eval "start_in_shell $2" ;;
	keys) eval "tm send-keys -t t $2" ;;
	type) tm send-keys -t t -l "$2" ;;
	bytes) tm send-keys -t t -l "$(printf '%b' "$2")" ;;
	resize) tm resize-window -t t -x "${2% *}" -y "${2#* }" ;;
	wait) await yes "$2" ;;
	gone) await no "$2" ;;
	screen) heading "$2"; screen_text >> "$T/result" ;;
	colours) heading "$2"; screen_colours >> "$T/result" ;;
	signal) kill "-$2" "$(program_pid)" ;;
	exit) ended "$2" ;;
	lines) printf '== %s\n' "${2%% *}" >> "$T/result"; grep -E "${2#* }" "$T/${2%% *}" >> "$T/result" ;;
	*) note "unknown word: $1"; return 1 ;;
	esac
}

line_number=0
while IFS= read -r line; do
	line_number=$((line_number + 1))
	case $line in '' | '#'*) continue ;; esac
	word=${line%% *} rest=${line#"$word"}
	if ! play "$word" "${rest# }"; then
		not_ok "$name.keys:$line_number: $line"
		[ ! -s "$T/err" ] || evidence "$T/err" 40
		done_testing
	fi
done < "$here/$name.keys"

sed -i "s#$T#TESTDIR#g" "$T/result"
if [ "$update" = --update ]; then
	cp "$T/result" "$here/$name.screen"
fi
if [ -s "$T/result" ]; then
	expect_same "screens of $name" "$here/$name.screen" "$T/result"
fi
done_testing
