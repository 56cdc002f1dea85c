#include "analyzer/shell_commands_internal.h"

#include "analyzer/shell_commands.h"

#include <ctype.h>
#include <string.h>

#define MAX_PIECES	20000 /* substitutions and quoted scripts of one text */
#define MAX_PIECE_DEPTH 24    /* within each other: each level reads its part again */

const char *shell_parser_text(const struct shell_parser *p, str_id id)
{
	return strpool_text(&p->strings, id);
}

void shell_parser_add_piece(struct shell_parser *p, const char *text, char *owned,
			    size_t len, uint32_t line)
{
	unsigned int depth = p->pieces.len ? p->pieces.data[p->current].depth + 1 : 0;

	if (p->pieces.len >= MAX_PIECES || depth > MAX_PIECE_DEPTH) {
		free(owned);
		return;
	}
	array_push(&p->pieces,
		   (struct shell_piece){ owned ? owned : text, owned, len, line, depth });
}

/* A literal word that is shell text itself. */
static void add_script(struct shell_parser *p, const struct shell_word *w)
{
	const char *text = shell_parser_text(p, w->text);

	if (w->text)
		shell_parser_add_piece(p, NULL, mem_strdup(text), strlen(text), w->line);
}

static void add_found(struct shell_parser *p, enum shell_use_kind kind, const char *text,
		      size_t len, uint32_t line)
{
	str_id id = strpool_add_len(&p->strings, text, len);

	array_push(&p->found, (struct shell_found){ id, (uint8_t)kind, line });
}

void shell_parser_add_paths(struct shell_parser *p, const char *text, uint32_t line)
{
	for (const char *at = text; (at = strchr(at, '/'));) {
		size_t len = strcspn(at, "=:,;|&<>()\"' \t\n*?[]{}$`");

		if ((at == text || strchr("=:, \t(\"'", at[-1])) && len > 1)
			add_found(p, SHELL_NAMES, at, len, line);
		at += len ? len : 1;
	}
}

static bool is_one_of(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

/* POSIX special and regular builtins, and bash's that name no program. "test", "[", "echo",
 * "printf", "kill", "pwd", "true" and "false" are builtins of every shell in use. */
static const char *const BUILTINS[] = {
	":",	     ".",	 "[",	    "alias",   "bg",	  "bind",     "break",
	"builtin",   "caller",	 "cd",	    "command", "compgen", "complete", "compopt",
	"continue",  "declare",	 "dirs",    "disown",  "echo",	  "enable",   "eval",
	"exec",	     "exit",	 "export",  "false",   "fc",	  "fg",	      "getopts",
	"hash",	     "help",	 "history", "jobs",    "kill",	  "let",      "local",
	"logout",    "mapfile",	 "popd",    "printf",  "pushd",	  "pwd",      "read",
	"readarray", "readonly", "return",  "set",     "shift",	  "shopt",    "source",
	"suspend",   "test",	 "times",   "trap",    "true",	  "type",     "typeset",
	"ulimit",    "umask",	 "unalias", "unset",   "wait",
};

bool shell_is_builtin(const char *name)
{
	return is_one_of(name, BUILTINS, ARRAY_LEN(BUILTINS));
}

/* Commands that run the command behind their own options. */
static const struct wrapper {
	const char *name;
	const char *with_value; /* letters of short options that take the next word */
	uint8_t positional;	/* words before the command that are not options */
	bool assignments;	/* NAME=value words may stand before the command */
} WRAPPERS[] = {
	{ "builtin", "", 0, false },	     { "chroot", "", 1, false },
	{ "chrt", "TPD", 1, false },	     { "command", "", 0, false },
	{ "doas", "uC", 0, false },	     { "env", "uSC", 0, true },
	{ "exec", "a", 0, false },	     { "fakeroot", "lsif", 0, false },
	{ "flock", "wE", 1, false },	     { "ionice", "cnp", 0, false },
	{ "nice", "n", 0, false },	     { "nohup", "", 0, false },
	{ "nsenter", "tSGrw", 0, false },    { "runuser", "ugGcsw", 0, false },
	{ "setpriv", "", 0, false },	     { "setsid", "", 0, false },
	{ "stdbuf", "ioe", 0, false },	     { "strace", "eopsuaEIOPSX", 0, false },
	{ "sudo", "ugpChrtTUDR", 0, true },  { "systemd-cat", "tp", 0, false },
	{ "systemd-inhibit", "", 0, false }, { "systemd-run", "tMpuEGH", 0, false },
	{ "taskset", "", 1, false },	     { "time", "fo", 0, false },
	{ "timeout", "ks", 1, false },	     { "unshare", "SGRw", 0, false },
	{ "watch", "n", 0, false },	     { "xargs", "adEeIiLlnPs", 0, false },
};

static const struct wrapper *find_wrapper(const char *name)
{
	const char *base = strrchr(name, '/');

	base = base ? base + 1 : name;
	for (size_t i = 0; i < ARRAY_LEN(WRAPPERS); i++)
		if (strcmp(WRAPPERS[i].name, base) == 0)
			return &WRAPPERS[i];
	return NULL;
}

static const char *const SHELLS[] = { "sh",  "bash", "dash", "ash",
				      "ksh", "zsh",  "su",   "runuser" };

static bool is_shell_name(const char *name)
{
	const char *base = strrchr(name, '/');

	return is_one_of(base ? base + 1 : name, SHELLS, ARRAY_LEN(SHELLS));
}

size_t shell_assignment_name(const char *text)
{
	size_t len = 0;

	if (isdigit((unsigned char)text[0]))
		return 0;
	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	if (text[len] == '+' && text[len + 1] == '=')
		return len;
	return text[len] == '=' ? len : 0;
}

/* Is the word a command of interest? Options, numbers and the like are no names. */
static void add_command(struct shell_parser *p, enum shell_use_kind kind,
			const struct shell_word *w)
{
	const char *text = shell_parser_text(p, w->text);

	if (w->text && text[0] && text[0] != '-')
		add_found(p, kind, text, strlen(text), w->line);
	array_each (&p->assignments, i) {
		const struct shell_assignment *a = &p->assignments.data[i];

		if (w->variable && a->name == w->variable && a->value)
			add_found(p, kind, shell_parser_text(p, a->value),
				  strlen(shell_parser_text(p, a->value)), w->line);
	}
}

/* The index behind a wrapper's own options and positional words. */
static size_t behind_wrapper(struct shell_parser *p, const struct wrapper *wrapper,
			     size_t at)
{
	unsigned int positional = wrapper->positional;

	while (at < p->words.len) {
		const char *text = shell_parser_text(p, p->words.data[at].text);
		size_t len = strlen(text);

		if (strcmp(text, "--") == 0)
			return at + 1;
		if (text[0] == '-' && len > 1) {
			at++;
			/* "-u root", but not "-uroot" or "--user=root" */
			if (text[1] != '-' && len == 2 &&
			    strchr(wrapper->with_value, text[1]))
				at++;
		} else if (wrapper->assignments && shell_assignment_name(text)) {
			at++;
		} else if (positional > 0) {
			positional--;
			at++;
		} else {
			return at;
		}
	}
	return at;
}

/* "command -v NAME", "which NAME ...", "type NAME ...", "hash NAME ..." */
static bool asks_for_names(const struct shell_parser *p, size_t at)
{
	const char *name = shell_parser_text(p, p->words.data[at].text);
	static const char *const ASKERS[] = { "which", "type", "hash" };

	if (strcmp(name, "command") == 0 && at + 1 < p->words.len) {
		const char *option = shell_parser_text(p, p->words.data[at + 1].text);

		return strcmp(option, "-v") == 0 || strcmp(option, "-V") == 0;
	}
	return is_one_of(name, ASKERS, ARRAY_LEN(ASKERS));
}

static void add_asked(struct shell_parser *p, size_t from)
{
	for (size_t i = from; i < p->words.len; i++)
		add_command(p, SHELL_ASKS, &p->words.data[i]);
}

/* "sh -c TEXT", "su - root -c TEXT": the word behind the first option with a 'c'. */
static void script_of_shell(struct shell_parser *p, size_t at)
{
	for (size_t i = at + 1; i + 1 < p->words.len; i++) {
		const char *option = shell_parser_text(p, p->words.data[i].text);

		if (option[0] == '-' && option[1] != '-' && strchr(option, 'c')) {
			add_script(p, &p->words.data[i + 1]);
			return;
		}
	}
}

/* find ... -exec COMMAND ... ; */
static void commands_of_find(struct shell_parser *p, size_t at)
{
	static const char *const EXECS[] = { "-exec", "-execdir", "-ok", "-okdir" };

	for (size_t i = at + 1; i + 1 < p->words.len; i++)
		if (is_one_of(shell_parser_text(p, p->words.data[i].text), EXECS,
			      ARRAY_LEN(EXECS)))
			add_command(p, SHELL_RUNS, &p->words.data[i + 1]);
}

/* "mount -t TYPE": mount(8) runs mount.TYPE where there is one. */
static void helper_of_mount(struct shell_parser *p, size_t at)
{
	for (size_t i = at + 1; i + 1 < p->words.len; i++) {
		const struct shell_word *type = &p->words.data[i + 1];
		_cleanup_(freep) char *helper = NULL;

		if (strcmp(shell_parser_text(p, p->words.data[i].text), "-t") != 0 ||
		    !type->text)
			continue;
		helper = mem_printf("mount.%s", shell_parser_text(p, type->text));
		add_found(p, SHELL_ASKS, helper, strlen(helper), type->line);
	}
}

/* modprobe [-a] [-v] MODULE ... */
static void modules_of_modprobe(struct shell_parser *p, size_t at)
{
	for (size_t i = at + 1; i < p->words.len; i++) {
		const char *name = shell_parser_text(p, p->words.data[i].text);

		if (name[0] && name[0] != '-' && !strchr(name, '='))
			add_found(p, SHELL_LOADS, name, strlen(name),
				  p->words.data[i].line);
	}
}

/* What follows certain commands names more. */
static const struct {
	const char *name;
	void (*read)(struct shell_parser *p, size_t at);
} SPECIALS[] = {
	{ "find", commands_of_find },
	{ "mount", helper_of_mount },
	{ "modprobe", modules_of_modprobe },
};

static void special_arguments(struct shell_parser *p, const char *name, size_t at)
{
	const char *base = strrchr(name, '/');

	for (size_t i = 0; i < ARRAY_LEN(SPECIALS); i++)
		if (strcmp(SPECIALS[i].name, base ? base + 1 : name) == 0)
			SPECIALS[i].read(p, at);
	if (is_shell_name(name))
		script_of_shell(p, at);
	else if (strcmp(name, "eval") == 0)
		for (size_t i = at + 1; i < p->words.len; i++)
			add_script(p, &p->words.data[i]);
	else if (strcmp(name, "trap") == 0 && at + 1 < p->words.len)
		add_script(p, &p->words.data[at + 1]);
	else if ((strcmp(name, ".") == 0 || strcmp(name, "source") == 0) &&
		 at + 1 < p->words.len)
		add_command(p, SHELL_READS, &p->words.data[at + 1]);
}

void shell_simple_command(struct shell_parser *p)
{
	size_t at = 0;

	array_each (&p->words, i)
		shell_parser_add_paths(p, shell_parser_text(p, p->words.data[i].text),
				       p->words.data[i].line);
	while (at < p->words.len) {
		const struct shell_word *w = &p->words.data[at];
		const char *name = shell_parser_text(p, w->text);
		const struct wrapper *wrapper = find_wrapper(name);

		if (asks_for_names(p, at)) {
			add_command(p, SHELL_RUNS, w);
			add_asked(p, at + 1);
			break;
		}
		add_command(p, SHELL_RUNS, w);
		special_arguments(p, name, at);
		if (!wrapper)
			break;
		at = behind_wrapper(p, wrapper, at + 1);
	}
	p->words.len = 0;
}
