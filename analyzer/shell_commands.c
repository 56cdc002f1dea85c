#include "analyzer/shell_commands.h"

#include "analyzer/shell_commands_internal.h"
#include "analyzer/shell_lexer.h"

#include <string.h>

#define MAX_WORDS 4096 /* of one simple command */

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
	struct shell_parser *p;
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

static struct shell_word to_word(struct shell_parser *p, const struct shell_token *t)
{
	struct shell_word w = { .quoted = t->quoted, .line = t->line };

	/* of a word with an expansion the text before it still names paths */
	if (t->literal)
		w.text = strpool_add_len(&p->strings, strbuf_text(&t->word), t->word.len);
	if (t->variable[0])
		w.variable = strpool_add(&p->strings, t->variable);
	return w;
}

/* NAME=VALUE in front of a command. */
static bool assignment(struct shell_parser *p, const struct shell_token *t)
{
	const char *text = strbuf_text(&t->word);
	size_t len = shell_assignment_name(text);
	struct shell_assignment a = { 0 };

	if (len == 0)
		return false;
	a.name = strpool_add_len(&p->strings, text, len);
	if (t->literal)
		a.value = strpool_add(&p->strings, strchr(text, '=') + 1);
	array_push(&p->assignments, a);
	if (t->literal)
		shell_parser_add_paths(p, text, t->line);
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
			shell_parser_add_paths(r->p, text, t->line);
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
			shell_parser_add_paths(r->p, text, t->line);
		break;
	case PLACE_AFTER:
		if (strcmp(text, "{") == 0) /* function NAME { */
			r->place = PLACE_COMMAND;
		break;
	case PLACE_FOR:
		if (strcmp(text, "do") == 0 && !t->quoted)
			r->place = PLACE_COMMAND;
		else if (t->literal)
			shell_parser_add_paths(r->p, text, t->line);
		break;
	}
}

/* "name (": the one word so far is a function's name. */
static void open_bracket(struct reader *r)
{
	struct shell_parser *p = r->p;

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
	shell_simple_command(r->p);
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
		shell_simple_command(r->p);
		r->place = ends_clause && r->cases > 0 ? PLACE_PATTERN : PLACE_COMMAND;
	}
}

static void newline_token(struct reader *r)
{
	shell_simple_command(r->p);
	if (r->place != PLACE_PATTERN && r->place != PLACE_CASE && r->place != PLACE_TEST)
		r->place = PLACE_COMMAND;
}

static void inner_text(void *arg, const char *text, size_t len, uint32_t line)
{
	shell_parser_add_piece(arg, text, NULL, len, line);
}

static void read_piece(struct shell_parser *p, struct shell_piece piece)
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
	shell_simple_command(p);
	shell_token_release(&token);
	shell_lexer_release(&lexer);
}

static bool is_function(const struct shell_parser *p, str_id name)
{
	array_each (&p->functions, i)
		if (p->functions.data[i] == name)
			return true;
	return false;
}

/* A function may be defined behind its use, so this comes last. */
static void report(const struct shell_parser *p, shell_use_fn *fn, void *arg)
{
	array_each (&p->found, i) {
		const struct shell_found *f = &p->found.data[i];
		const char *text = shell_parser_text(p, f->text);
		bool runs = f->kind == SHELL_RUNS || f->kind == SHELL_ASKS;

		if (runs && (shell_is_builtin(text) || is_function(p, f->text)))
			continue;
		fn(arg, &(struct shell_use){ f->kind, text, strlen(text), f->line });
	}
}

void shell_commands(const char *text, size_t len, uint32_t first_line, shell_use_fn *fn,
		    void *arg)
{
	struct shell_parser p = { 0 };

	strpool_init(&p.strings);
	shell_parser_add_piece(&p, text, NULL, len, first_line);
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
