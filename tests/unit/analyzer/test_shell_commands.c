#include "analyzer/shell_commands.h"
#include "base/macros.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"

#include <stdlib.h>
#include <string.h>

/* Uses as one line: "runs awk, asks nft, names /etc/x". */
static void note(void *arg, const struct shell_use *use)
{
	static const char *const VERBS[] = {
		[SHELL_RUNS] = "runs",	 [SHELL_ASKS] = "asks",	  [SHELL_READS] = "reads",
		[SHELL_LOADS] = "loads", [SHELL_NAMES] = "names",
	};
	struct strbuf *out = arg;

	strbuf_printf(out, "%s%s %.*s", out->len ? ", " : "", VERBS[use->kind],
		      (int)use->len, use->text);
}

static void expect(const char *script, const char *uses)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	shell_commands(script, strlen(script), 1, note, &out);
	assert_string_equal(strbuf_text(&out), uses);
}

static void commands_stand_in_command_position(void **state)
{
	(void)state;
	expect("awk '{print}' sed | sort -u && cut -f1; wc",
	       "runs awk, runs sort, runs cut, runs wc");
	expect("if grep -q x f; then tar c; elif gzip; else xz; fi",
	       "runs grep, runs tar, runs gzip, runs xz");
	expect("for f in a b; do cat $f; done", "runs cat");
	expect("while read l; do cat; done < in", "runs cat");
	expect("case $x in a|awk) sed;; (b) cut ;; *) ;; esac\nsort",
	       "runs sed, runs cut, runs sort");
	expect("( awk ); { sed; }", "runs awk, runs sed");
	expect("! awk &\nsed |& cut", "runs awk, runs sed, runs cut");
	expect("A=1 B=2 awk", "runs awk");
	expect("echo awk; printf sed; [ cut = cut ] && test sort", "");
	expect("[[ a == awk && b ]] && sed", "runs sed");
	expect("awk 2>/dev/null >&2", "names /dev/null, runs awk");
}

static void functions_and_their_calls_are_no_commands(void **state)
{
	(void)state;
	expect("start() { awk; }\nstart\nstop", "runs awk, runs stop");
	expect("later\nlater () {\nsed\n}", "runs sed");
	expect("function f { cut; }; f", "runs cut");
}

static void substitutions_are_read(void **state)
{
	(void)state;
	expect("x=$(awk)", "runs awk");
	expect("x=\"a`sed 1p`b\"", "runs sed");
	expect("echo \"$(cut \"$(sort)\")\"", "runs cut, runs sort");
	expect("echo ${x:-$(awk)}", "runs awk");
	expect("diff <(sed) >(awk)", "runs diff, runs sed, runs awk");
	expect("echo $((1 + 2)) '$(sed)'", "");
	expect("cat <<E\n$(awk) sed\nE\ncut", "runs cat, runs cut, runs awk");
	expect("cat <<'E'\n$(awk)\nE\ncut", "runs cat, runs cut");
	expect("cat <<-E\n\tawk\n\tE\ncut", "runs cat, runs cut");
}

static void commands_that_run_commands(void **state)
{
	(void)state;
	expect("exec awk", "runs awk");
	expect("sudo -u root env A=1 awk", "runs sudo, runs env, runs awk");
	expect("timeout -k 5 10 awk", "runs timeout, runs awk");
	expect("find . -type f -exec awk {} \\;", "runs find, runs awk");
	expect("ls | xargs -n 1 awk", "runs ls, runs xargs, runs awk");
	expect("command -v awk >/dev/null", "names /dev/null, asks awk");
	expect("which awk sed", "runs which, asks awk, asks sed");
	expect("sh -c 'awk | sed'", "runs sh, runs awk, runs sed");
	expect("trap 'rm x' EXIT; eval \"cut y\"", "runs rm, runs cut");
	expect("modprobe -a overlay br_netfilter",
	       "runs modprobe, loads overlay, loads br_netfilter");
	expect("mount -t nfs a b", "runs mount, asks mount.nfs");
	expect(". /etc/rc", "names /etc/rc, reads /etc/rc");
	expect("IPT=/sbin/iptables\n$IPT -L\n\"${IPT}\" -F",
	       "names /sbin/iptables, runs /sbin/iptables, runs /sbin/iptables");
	expect("$UNKNOWN awk", "");
}

static void paths_are_named(void **state)
{
	(void)state;
	expect("awk -f /a/b --x=/c/d e:/f/g",
	       "names /a/b, names /c/d, names /f/g, runs awk");
	expect("awk a/b $x/c", "runs awk");
}

static void damaged_text_ends(void **state)
{
	static const char *const TEXTS[] = {
		"'",	"\"",	 "`",	     "$(",	     "${",
		"$((",	"<<E\n", "<<",	     "case",	     "case x in",
		"[[",	"((((",	 "))))",     "a(",	     "$",
		"\\",	"for",	 "function", "\"$(\"$(\"$(", "if then else",
		"&&&&",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
		_cleanup_(strbuf_release) struct strbuf out = { 0 };

		shell_commands(TEXTS[i], strlen(TEXTS[i]), 1, note, &out);
	}
}

/* Substitutions within each other are read level by level: the depth must be bounded. */
static void deep_nesting_is_cheap(void **state)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 }, out = { 0 };

	(void)state;
	for (int i = 0; i < 200000; i++)
		strbuf_puts(&text, "$(");
	shell_commands(text.data, text.len, 1, note, &out);
	assert_string_equal(strbuf_text(&out), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_stand_in_command_position),
		cmocka_unit_test(functions_and_their_calls_are_no_commands),
		cmocka_unit_test(substitutions_are_read),
		cmocka_unit_test(commands_that_run_commands),
		cmocka_unit_test(paths_are_named),
		cmocka_unit_test(damaged_text_ends),
		cmocka_unit_test(deep_nesting_is_cheap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
