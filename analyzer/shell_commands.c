#include "analyzer/shell_commands.h"

#include "analyzer/shell_lexer.h"
#include "base/strpool.h"

#include <ctype.h>
#include <string.h>

#define MAX_PIECES	20000 /* substitutions and quoted scripts of one text */
#define MAX_PIECE_DEPTH 24    /* within each other: each level reads its part again */
#define MAX_WORDS	4096  /* of one simple command */

struct word {
	str_id text; /* 0: not literal and no variable */
	str_id variable;
	bool quoted;
	uint32_t line;
};

/* A part of the text still to be read; @p owned is a copy of an undone word, or NULL. */
struct piece {
	const char *text;
	char *owned;
	size_t len;
	uint32_t line;
	unsigned int depth;
};

struct found {
	str_id text;
	uint8_t kind;
	uint32_t line;
};

struct assignment {
	str_id name, value;
};

struct parser {
	struct strpool strings;
	ARRAY_OF(struct piece) pieces;
	size_t current;		     /* index of the piece that is being read */
	ARRAY_OF(struct word) words; /* of the simple command so far */
	ARRAY_OF(struct found) found;
	ARRAY_OF(struct assignment) assignments;
	ARRAY_OF(str_id) functions;
};

static const char *text_of(const struct parser *p, str_id id)
{
	return strpool_text(&p->strings, id);
}

static void add_piece(struct parser *p, const char *text, char *owned, size_t len,
		      uint32_t line)
{
	unsigned int depth = p->pieces.len ? p->pieces.data[p->current].depth + 1 : 0;

	if (p->pieces.len >= MAX_PIECES || depth > MAX_PIECE_DEPTH) {
		free(owned);
		return;
	}
	array_push(&p->pieces,
		   (struct piece){ owned ? owned : text, owned, len, line, depth });
}

static void inner_text(void *arg, const char *text, size_t len, uint32_t line)
{
	add_piece(arg, text, NULL, len, line);
}

/* A literal word that is shell text itself. */
static void add_script(struct parser *p, const struct word *w)
{
	const char *text = text_of(p, w->text);

	if (w->text)
		add_piece(p, NULL, mem_strdup(text), strlen(text), w->line);
}

static void add_found(struct parser *p, enum shell_use_kind kind, const char *text,
		      size_t len, uint32_t line)
{
	str_id id = strpool_add_len(&p->strings, text, len);

	array_push(&p->found, (struct found){ id, (uint8_t)kind, line });
}

/* Absolute paths within a word: "/etc/x", "--file=/etc/x", "a:/b:/c". */
static void add_paths(struct parser *p, const char *text, uint32_t line)
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

/* NAME= or NAME+= at the beginning; the length of NAME, 0 when it is no assignment. */
static size_t assignment_name(const char *text)
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
static void add_command(struct parser *p, enum shell_use_kind kind, const struct word *w)
{
	const char *text = text_of(p, w->text);

	if (w->text && text[0] && text[0] != '-')
		add_found(p, kind, text, strlen(text), w->line);
	array_each (&p->assignments, i) {
		const struct assignment *a = &p->assignments.data[i];

		if (w->variable && a->name == w->variable && a->value)
			add_found(p, kind, text_of(p, a->value),
				  strlen(text_of(p, a->value)), w->line);
	}
}

/* The index behind a wrapper's own options and positional words. */
static size_t behind_wrapper(struct parser *p, const struct wrapper *wrapper, size_t at)
{
	unsigned int positional = wrapper->positional;

	while (at < p->words.len) {
		const char *text = text_of(p, p->words.data[at].text);
		size_t len = strlen(text);

		if (strcmp(text, "--") == 0)
			return at + 1;
		if (text[0] == '-' && len > 1) {
			at++;
			/* "-u root", but not "-uroot" or "--user=root" */
			if (text[1] != '-' && len == 2 &&
			    strchr(wrapper->with_value, text[1]))
				at++;
		} else if (wrapper->assignments && assignment_name(text)) {
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
static bool asks_for_names(const struct parser *p, size_t at)
{
	const char *name = text_of(p, p->words.data[at].text);
	static const char *const ASKERS[] = { "which", "type", "hash" };

	if (strcmp(name, "command") == 0 && at + 1 < p->words.len) {
		const char *option = text_of(p, p->words.data[at + 1].text);

		return strcmp(option, "-v") == 0 || strcmp(option, "-V") == 0;
	}
	return is_one_of(name, ASKERS, ARRAY_LEN(ASKERS));
}

static void add_asked(struct parser *p, size_t from)
{
	for (size_t i = from; i < p->words.len; i++)
		add_command(p, SHELL_ASKS, &p->words.data[i]);
}

/* "sh -c TEXT", "su - root -c TEXT": the word behind the first option with a 'c'. */
static void script_of_shell(struct parser *p, size_t at)
{
	for (size_t i = at + 1; i + 1 < p->words.len; i++) {
		const char *option = text_of(p, p->words.data[i].text);

		if (option[0] == '-' && option[1] != '-' && strchr(option, 'c')) {
			add_script(p, &p->words.data[i + 1]);
			return;
		}
	}
}

/* find ... -exec COMMAND ... ; */
static void commands_of_find(struct parser *p, size_t at)
{
	static const char *const EXECS[] = { "-exec", "-execdir", "-ok", "-okdir" };

	for (size_t i = at + 1; i + 1 < p->words.len; i++)
		if (is_one_of(text_of(p, p->words.data[i].text), EXECS, ARRAY_LEN(EXECS)))
			add_command(p, SHELL_RUNS, &p->words.data[i + 1]);
}

/* "mount -t TYPE": mount(8) runs mount.TYPE where there is one. */
static void helper_of_mount(struct parser *p, size_t at)
{
	for (size_t i = at + 1; i + 1 < p->words.len; i++) {
		const struct word *type = &p->words.data[i + 1];
		_cleanup_(freep) char *helper = NULL;

		if (strcmp(text_of(p, p->words.data[i].text), "-t") != 0 || !type->text)
			continue;
		helper = mem_printf("mount.%s", text_of(p, type->text));
		add_found(p, SHELL_ASKS, helper, strlen(helper), type->line);
	}
}

/* modprobe [-a] [-v] MODULE ... */
static void modules_of_modprobe(struct parser *p, size_t at)
{
	for (size_t i = at + 1; i < p->words.len; i++) {
		const char *name = text_of(p, p->words.data[i].text);

		if (name[0] && name[0] != '-' && !strchr(name, '='))
			add_found(p, SHELL_LOADS, name, strlen(name),
				  p->words.data[i].line);
	}
}

/* What follows certain commands names more. */
static const struct {
	const char *name;
	void (*read)(struct parser *p, size_t at);
} SPECIALS[] = {
	{ "find", commands_of_find },
	{ "mount", helper_of_mount },
	{ "modprobe", modules_of_modprobe },
};

static void special_arguments(struct parser *p, const char *name, size_t at)
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

/* All words of one simple command are there: what does it use? */
static void simple_command(struct parser *p)
{
	size_t at = 0;

	array_each (&p->words, i)
		add_paths(p, text_of(p, p->words.data[i].text), p->words.data[i].line);
	while (at < p->words.len) {
		const struct word *w = &p->words.data[at];
		const char *name = text_of(p, w->text);
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

/* Where the reader of one piece stands. */
enum place {
	PLACE_COMMAND,	/* a command may begin */
	PLACE_WORDS,	/* in a simple command */
	PLACE_AFTER,	/* behind "fi", "done", ")": words mean nothing */
	PLACE_FOR,	/* for NAME in WORDS */
	PLACE_CASE,	/* case WORD in */
	PLACE_PATTERN,	/* patterns of a case */
	PLACE_FUNCTION, /* function NAME */
	PLACE_TEST,	/* [[ ... ]] */
};

struct reader {
	struct parser *p;
	enum place place;
	unsigned int cases; /* that are open */
	bool redirect;	    /* the next word is a redirection's target */
};

static const struct {
	const char *word;
	enum place next;
} RESERVED[] = {
	{ "!", PLACE_COMMAND },	    { "{", PLACE_COMMAND },
	{ "if", PLACE_COMMAND },    { "then", PLACE_COMMAND },
	{ "elif", PLACE_COMMAND },  { "else", PLACE_COMMAND },
	{ "while", PLACE_COMMAND }, { "until", PLACE_COMMAND },
	{ "do", PLACE_COMMAND },    { "coproc", PLACE_COMMAND },
	{ "fi", PLACE_AFTER },	    { "done", PLACE_AFTER },
	{ "esac", PLACE_AFTER },    { "}", PLACE_AFTER },
	{ "for", PLACE_FOR },	    { "select", PLACE_FOR },
	{ "case", PLACE_CASE },	    { "function", PLACE_FUNCTION },
	{ "[[", PLACE_TEST },
};

static bool reserved_word(struct reader *r, const struct shell_token *t)
{
	if (!t->literal || t->quoted)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(RESERVED); i++) {
		if (strcmp(RESERVED[i].word, strbuf_text(&t->word)) != 0)
			continue;
		r->place = RESERVED[i].next;
		if (r->place == PLACE_CASE)
			r->cases++;
		if (strcmp(RESERVED[i].word, "esac") == 0 && r->cases > 0)
			r->cases--;
		return true;
	}
	return false;
}

static struct word to_word(struct parser *p, const struct shell_token *t)
{
	struct word w = { .quoted = t->quoted, .line = t->line };

	/* of a word with an expansion the text before it still names paths */
	if (t->literal)
		w.text = strpool_add_len(&p->strings, strbuf_text(&t->word), t->word.len);
	if (t->variable[0])
		w.variable = strpool_add(&p->strings, t->variable);
	return w;
}

/* NAME=VALUE in front of a command. */
static bool assignment(struct parser *p, const struct shell_token *t)
{
	const char *text = strbuf_text(&t->word);
	size_t len = assignment_name(text);
	struct assignment a = { 0 };

	if (len == 0)
		return false;
	a.name = strpool_add_len(&p->strings, text, len);
	if (t->literal)
		a.value = strpool_add(&p->strings, strchr(text, '=') + 1);
	array_push(&p->assignments, a);
	if (t->literal)
		add_paths(p, text, t->line);
	return true;
}

static void command_word(struct reader *r, const struct shell_token *t)
{
	if (r->place == PLACE_COMMAND) {
		if (reserved_word(r, t) || assignment(r->p, t))
			return;
		r->place = PLACE_WORDS;
	}
	if (r->p->words.len < MAX_WORDS)
		array_push(&r->p->words, to_word(r->p, t));
}

static void word_token(struct reader *r, const struct shell_token *t)
{
	const char *text = strbuf_text(&t->word);

	if (r->redirect) {
		r->redirect = false;
		if (t->literal)
			add_paths(r->p, text, t->line);
		return;
	}
	switch (r->place) {
	case PLACE_COMMAND:
	case PLACE_WORDS:
		command_word(r, t);
		break;
	case PLACE_CASE:
		if (strcmp(text, "in") == 0 && !t->quoted)
			r->place = PLACE_PATTERN;
		break;
	case PLACE_PATTERN:
		if (strcmp(text, "esac") == 0 && !t->quoted) {
			r->place = PLACE_AFTER;
			r->cases -= r->cases > 0;
		}
		break;
	case PLACE_FUNCTION:
		array_push(&r->p->functions, strpool_add(&r->p->strings, text));
		r->place = PLACE_AFTER;
		break;
	case PLACE_TEST:
		if (strcmp(text, "]]") == 0)
			r->place = PLACE_AFTER;
		else if (t->literal)
			add_paths(r->p, text, t->line);
		break;
	case PLACE_AFTER:
		if (strcmp(text, "{") == 0) /* function NAME { */
			r->place = PLACE_COMMAND;
		break;
	case PLACE_FOR:
		if (strcmp(text, "do") == 0 && !t->quoted)
			r->place = PLACE_COMMAND;
		else if (t->literal)
			add_paths(r->p, text, t->line);
		break;
	}
}

/* "name (": the one word so far is a function's name. */
static void open_bracket(struct reader *r)
{
	struct parser *p = r->p;

	if (r->place == PLACE_WORDS && p->words.len == 1) {
		array_push(&p->functions, p->words.data[0].text);
		p->words.len = 0;
		r->place = PLACE_AFTER;
	} else if (r->place == PLACE_COMMAND) {
		r->place = PLACE_COMMAND;
	}
}

static void close_bracket(struct reader *r)
{
	simple_command(r->p);
	r->place = r->place == PLACE_PATTERN ? PLACE_COMMAND : PLACE_AFTER;
}

static void operator_token(struct reader *r, const struct shell_token *t)
{
	bool ends_clause = t->op[0] == ';' && (t->op[1] == ';' || t->op[1] == '&');

	if (r->place == PLACE_TEST || (r->place == PLACE_PATTERN && t->op[0] != ')'))
		return; /* "&&" in [[ ]], "|" between patterns */
	if (t->op[0] == '(') {
		open_bracket(r);
	} else if (t->op[0] == ')') {
		close_bracket(r);
	} else {
		simple_command(r->p);
		r->place = ends_clause && r->cases > 0 ? PLACE_PATTERN : PLACE_COMMAND;
	}
}

static void newline_token(struct reader *r)
{
	simple_command(r->p);
	if (r->place != PLACE_PATTERN && r->place != PLACE_CASE && r->place != PLACE_TEST)
		r->place = PLACE_COMMAND;
}

static void read_piece(struct parser *p, struct piece piece)
{
	struct shell_lexer lexer;
	struct shell_token token = { 0 };
	struct reader r = { .p = p, .place = PLACE_COMMAND };

	shell_lexer_init(&lexer, piece.text, piece.len, piece.line);
	lexer.inner = inner_text;
	lexer.arg = p;
	for (shell_lexer_next(&lexer, &token); token.kind != SHELL_END;
	     shell_lexer_next(&lexer, &token)) {
		if (token.kind == SHELL_WORD)
			word_token(&r, &token);
		else if (token.kind == SHELL_OPERATOR)
			operator_token(&r, &token);
		else if (token.kind == SHELL_NEWLINE)
			newline_token(&r);
		if (token.kind != SHELL_WORD)
			r.redirect = token.kind == SHELL_REDIRECT;
	}
	simple_command(p);
	shell_token_release(&token);
	shell_lexer_release(&lexer);
}

static bool is_function(const struct parser *p, str_id name)
{
	array_each (&p->functions, i)
		if (p->functions.data[i] == name)
			return true;
	return false;
}

/* A function may be defined behind its use, so this comes last. */
static void report(const struct parser *p, shell_use_fn *fn, void *arg)
{
	array_each (&p->found, i) {
		const struct found *f = &p->found.data[i];
		const char *text = text_of(p, f->text);
		bool runs = f->kind == SHELL_RUNS || f->kind == SHELL_ASKS;

		if (runs && (is_one_of(text, BUILTINS, ARRAY_LEN(BUILTINS)) ||
			     is_function(p, f->text)))
			continue;
		fn(arg, &(struct shell_use){ f->kind, text, strlen(text), f->line });
	}
}

void shell_commands(const char *text, size_t len, uint32_t first_line, shell_use_fn *fn,
		    void *arg)
{
	struct parser p = { 0 };

	strpool_init(&p.strings);
	add_piece(&p, text, NULL, len, first_line);
	for (p.current = 0; p.current < p.pieces.len; p.current++)
		read_piece(&p, p.pieces.data[p.current]);
	report(&p, fn, arg);
	array_each (&p.pieces, i)
		free(p.pieces.data[i].owned);
	array_release(&p.pieces);
	array_release(&p.words);
	array_release(&p.found);
	array_release(&p.assignments);
	array_release(&p.functions);
	strpool_release(&p.strings);
}
