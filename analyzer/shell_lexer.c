#include "analyzer/shell_lexer.h"

#include <ctype.h>
#include <string.h>

#define MAX_NESTING 64 /* brackets within brackets of one substitution */

void shell_lexer_init(struct shell_lexer *lexer, const char *text, size_t len,
		      uint32_t line)
{
	*lexer = (struct shell_lexer){ .at = text, .end = text + len, .line = line };
}

void shell_lexer_release(struct shell_lexer *lexer)
{
	array_release(&lexer->heredocs);
}

void shell_token_release(struct shell_token *token)
{
	strbuf_release(&token->word);
}

static char peek(const struct shell_lexer *lexer, size_t ahead)
{
	return (size_t)(lexer->end - lexer->at) > ahead ? lexer->at[ahead] : '\0';
}

static char take(struct shell_lexer *lexer)
{
	char c = *lexer->at++;

	if (c == '\n')
		lexer->line++;
	return c;
}

static void take_n(struct shell_lexer *lexer, size_t n)
{
	while (n-- && lexer->at < lexer->end)
		take(lexer);
}

/* Pass over '...' whose first quote is already taken. */
static void skip_single(struct shell_lexer *lexer)
{
	while (lexer->at < lexer->end && take(lexer) != '\'')
		;
}

/*
 * Pass over a bracketed text up to its closing bracket, which is taken, too: quotes and inner
 * brackets are honoured. With @p close ')' only round ones nest, with '}' only curly ones.
 * A double quote opens a context of its own, in which only $( and ${ nest.
 */
static void skip_bracketed(struct shell_lexer *lexer, char close)
{
	char stack[MAX_NESTING] = { close };
	size_t depth = 1;

	while (lexer->at < lexer->end && depth > 0) {
		char context = stack[depth - 1], c = take(lexer), open = '\0';

		if (c == '\\') {
			take_n(lexer, 1);
			continue;
		}
		if (c == context) {
			depth--;
			continue;
		}
		if (c == '\'' && context != '"')
			skip_single(lexer);
		else if (c == '"')
			open = '"';
		else if (c == '$' && (peek(lexer, 0) == '(' || peek(lexer, 0) == '{'))
			open = take(lexer) == '(' ? ')' : '}';
		else if (c == '(' && context == ')')
			open = ')';
		if (open && depth < MAX_NESTING)
			stack[depth++] = open;
	}
}

static void report_inner(struct shell_lexer *lexer, const char *from, const char *to,
			 uint32_t line)
{
	if (lexer->inner && to > from)
		lexer->inner(lexer->arg, from, (size_t)(to - from), line);
}

/* "$(", "<(" and ">(" are taken: the text up to the closing bracket is inner text. */
static void command_substitution(struct shell_lexer *lexer)
{
	const char *from = lexer->at;
	uint32_t line = lexer->line;

	skip_bracketed(lexer, ')');
	report_inner(lexer, from, lexer->at > from ? lexer->at - 1 : from, line);
}

/* "`" is taken; inside a backslash escapes the next character. */
static void backquotes(struct shell_lexer *lexer)
{
	const char *from = lexer->at;
	uint32_t line = lexer->line;

	while (lexer->at < lexer->end && *lexer->at != '`') {
		if (take(lexer) == '\\')
			take_n(lexer, 1);
	}
	report_inner(lexer, from, lexer->at, line);
	take_n(lexer, 1);
}

/* "${" is taken: look for substitutions in it, as in "${x:-$(cmd)}". */
static void parameter_braces(struct shell_lexer *lexer)
{
	const char *from = lexer->at;
	uint32_t line = lexer->line;
	struct shell_lexer inner;

	skip_bracketed(lexer, '}');
	shell_lexer_init(&inner, from, (size_t)(lexer->at - from), line);
	inner.inner = lexer->inner;
	inner.arg = lexer->arg;
	while (inner.at < inner.end) {
		char c = take(&inner);

		if (c == '\\') {
			take_n(&inner, 1);
		} else if (c == '$' && peek(&inner, 0) == '(' && peek(&inner, 1) != '(') {
			take(&inner);
			command_substitution(&inner);
		} else if (c == '`') {
			backquotes(&inner);
		}
	}
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Take NAME of $NAME or ${NAME}; remember it when it may be the whole word. */
static void parameter_name(struct shell_lexer *lexer, struct shell_token *token,
			   bool first)
{
	const char *from = lexer->at;
	size_t len;

	while (lexer->at < lexer->end && is_name(*lexer->at))
		take(lexer);
	len = (size_t)(lexer->at - from);
	if (first && len > 0 && len < sizeof(token->variable)) {
		memcpy(token->variable, from, len);
		token->variable[len] = '\0';
	}
}

/* A '$' is taken. */
static void expansion(struct shell_lexer *lexer, struct shell_token *token)
{
	bool first = token->literal && token->word.len == 0;
	char c = peek(lexer, 0);

	token->variable[0] = '\0';
	if (c == '(' && peek(lexer, 1) == '(') {
		take_n(lexer, 1);
		skip_bracketed(lexer, ')');
		token->literal = false;
	} else if (c == '(') {
		take(lexer);
		command_substitution(lexer);
		token->literal = false;
	} else if (c == '{') {
		size_t n = 1;

		while (is_name(peek(lexer, n)))
			n++;
		take(lexer);
		if (n > 1 && peek(lexer, n - 1) == '}') {
			parameter_name(lexer, token, first);
			take(lexer);
		} else {
			parameter_braces(lexer);
		}
		token->literal = false;
	} else if (is_name(c)) {
		parameter_name(lexer, token, first);
		token->literal = false;
	} else if (c && strchr("@*#?-$!", c)) {
		take(lexer);
		token->literal = false;
	} else if (token->literal) {
		strbuf_putc(&token->word, '$');
	}
}

static void add_char(struct shell_token *token, char c)
{
	token->variable[0] = '\0';
	if (token->literal && c)
		strbuf_putc(&token->word, c);
}

static void double_quotes(struct shell_lexer *lexer, struct shell_token *token)
{
	while (lexer->at < lexer->end) {
		char c = take(lexer);

		if (c == '"')
			return;
		if (c == '\\' && peek(lexer, 0) && strchr("$`\"\\\n", peek(lexer, 0))) {
			c = take(lexer);
			if (c != '\n')
				add_char(token, c);
		} else if (c == '$') {
			expansion(lexer, token);
		} else if (c == '`') {
			backquotes(lexer);
			token->literal = false;
		} else {
			add_char(token, c);
		}
	}
}

static void single_quotes(struct shell_lexer *lexer, struct shell_token *token)
{
	while (lexer->at < lexer->end) {
		char c = take(lexer);

		if (c == '\'')
			return;
		add_char(token, c);
	}
}

/* One element of a word: a quoted text, an expansion or a character. */
static void word_part(struct shell_lexer *lexer, struct shell_token *token)
{
	char c = take(lexer);

	switch (c) {
	case '\'':
		token->quoted = true;
		single_quotes(lexer, token);
		break;
	case '"':
		token->quoted = true;
		double_quotes(lexer, token);
		break;
	case '\\':
		token->quoted = true;
		if (lexer->at < lexer->end) {
			c = take(lexer);
			if (c != '\n')
				add_char(token, c);
		}
		break;
	case '$':
		if (peek(lexer, 0) == '\'') {
			take(lexer);
			token->quoted = true;
			single_quotes(lexer, token);
		} else {
			expansion(lexer, token);
		}
		break;
	case '`':
		backquotes(lexer);
		token->literal = false;
		break;
	default:
		add_char(token, c);
		break;
	}
}

static bool ends_word(char c)
{
	return c == '\0' || strchr(" \t\r\n;&|<>()", c) != NULL;
}

static void announce_heredoc(struct shell_lexer *lexer, const struct shell_token *token)
{
	struct shell_heredoc doc = { .strip_tabs = lexer->strip_tabs,
				     .quoted = token->quoted };

	lexer->want_delimiter = false;
	if (token->word.len == 0 || token->word.len >= sizeof(doc.delimiter))
		return;
	memcpy(doc.delimiter, token->word.data, token->word.len + 1);
	array_push(&lexer->heredocs, doc);
}

static void read_word(struct shell_lexer *lexer, struct shell_token *token)
{
	token->kind = SHELL_WORD;
	token->literal = true;
	while (lexer->at < lexer->end) {
		char c = *lexer->at;

		/* a process substitution is a word of its own */
		if ((c == '<' || c == '>') && peek(lexer, 1) == '(' &&
		    token->word.len == 0) {
			take_n(lexer, 2);
			command_substitution(lexer);
			token->literal = false;
			continue;
		}
		if (ends_word(c) && c != '\0')
			break;
		word_part(lexer, token);
	}
	if (lexer->want_delimiter)
		announce_heredoc(lexer, token);
}

/* The substitutions in the text of an unquoted here-document. */
static void heredoc_line(struct shell_lexer *lexer, const char *from, const char *to,
			 uint32_t line)
{
	struct shell_lexer inner;

	shell_lexer_init(&inner, from, (size_t)(to - from), line);
	inner.inner = lexer->inner;
	inner.arg = lexer->arg;
	while (inner.at < inner.end) {
		char c = take(&inner);

		if (c == '\\') {
			take_n(&inner, 1);
		} else if (c == '$' && peek(&inner, 0) == '(') {
			take(&inner);
			command_substitution(&inner);
		} else if (c == '`') {
			backquotes(&inner);
		}
	}
}

/* Pass over the lines up to the delimiter's. */
static void skip_heredoc(struct shell_lexer *lexer, const struct shell_heredoc *doc)
{
	size_t want = strlen(doc->delimiter);

	while (lexer->at < lexer->end) {
		const char *from = lexer->at;
		const char *stop = memchr(from, '\n', (size_t)(lexer->end - from));
		const char *to = stop ? stop : lexer->end;
		uint32_t line = lexer->line;

		take_n(lexer, (size_t)(to - from) + (stop ? 1 : 0));
		while (doc->strip_tabs && from < to && *from == '\t')
			from++;
		if ((size_t)(to - from) == want &&
		    memcmp(from, doc->delimiter, want) == 0)
			return;
		if (!doc->quoted)
			heredoc_line(lexer, from, to, line);
	}
}

static void newline(struct shell_lexer *lexer, struct shell_token *token)
{
	take(lexer);
	token->kind = SHELL_NEWLINE;
	array_each (&lexer->heredocs, i)
		skip_heredoc(lexer, &lexer->heredocs.data[i]);
	lexer->heredocs.len = 0;
	lexer->want_delimiter = false;
}

/* Longest first among those with one beginning. */
static const struct {
	const char *op;
	enum shell_token_kind kind;
} OPERATORS[] = {
	{ ";;&", SHELL_OPERATOR }, { "<<-", SHELL_REDIRECT }, { "<<<", SHELL_REDIRECT },
	{ "&>>", SHELL_REDIRECT }, { ";;", SHELL_OPERATOR },  { ";&", SHELL_OPERATOR },
	{ "&&", SHELL_OPERATOR },  { "||", SHELL_OPERATOR },  { "|&", SHELL_OPERATOR },
	{ "<<", SHELL_REDIRECT },  { ">>", SHELL_REDIRECT },  { "<&", SHELL_REDIRECT },
	{ ">&", SHELL_REDIRECT },  { "<>", SHELL_REDIRECT },  { ">|", SHELL_REDIRECT },
	{ "&>", SHELL_REDIRECT },  { ";", SHELL_OPERATOR },   { "&", SHELL_OPERATOR },
	{ "|", SHELL_OPERATOR },   { "(", SHELL_OPERATOR },   { ")", SHELL_OPERATOR },
	{ "<", SHELL_REDIRECT },   { ">", SHELL_REDIRECT },
};

static bool read_operator(struct shell_lexer *lexer, struct shell_token *token)
{
	for (size_t i = 0; i < ARRAY_LEN(OPERATORS); i++) {
		size_t len = strlen(OPERATORS[i].op);

		if ((size_t)(lexer->end - lexer->at) < len ||
		    memcmp(lexer->at, OPERATORS[i].op, len) != 0)
			continue;
		take_n(lexer, len);
		token->kind = OPERATORS[i].kind;
		memcpy(token->op, OPERATORS[i].op, len + 1);
		if (len <= 3 && strncmp(token->op, "<<", 2) == 0 && token->op[2] != '<') {
			lexer->want_delimiter = true;
			lexer->strip_tabs = token->op[2] == '-';
		}
		return true;
	}
	return false;
}

static void skip_blanks(struct shell_lexer *lexer)
{
	while (lexer->at < lexer->end) {
		char c = *lexer->at;

		if (c == '\\' && peek(lexer, 1) == '\n') {
			take_n(lexer, 2);
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\0') {
			take(lexer);
		} else if (c == '#') {
			while (lexer->at < lexer->end && *lexer->at != '\n')
				take(lexer);
		} else {
			return;
		}
	}
}

/* The digits of "2>file". */
static bool is_io_number(const struct shell_lexer *lexer, const struct shell_token *token)
{
	const char *text = strbuf_text(&token->word);

	return token->kind == SHELL_WORD && token->literal && !token->quoted && text[0] &&
	       text[strspn(text, "0123456789")] == '\0' &&
	       (peek(lexer, 0) == '<' || peek(lexer, 0) == '>');
}

void shell_lexer_next(struct shell_lexer *lexer, struct shell_token *token)
{
	char c;

	skip_blanks(lexer);
	strbuf_clear(&token->word);
	token->kind = SHELL_END;
	token->literal = token->quoted = false;
	token->variable[0] = token->op[0] = '\0';
	token->line = lexer->line;
	if (lexer->at >= lexer->end)
		return;
	c = *lexer->at;
	if (c == '\n')
		newline(lexer, token);
	else if ((c == '<' || c == '>') && peek(lexer, 1) == '(')
		read_word(lexer, token);
	else if (!read_operator(lexer, token))
		read_word(lexer, token);
	if (is_io_number(lexer, token)) {
		strbuf_clear(&token->word);
		read_operator(lexer, token);
	}
}
