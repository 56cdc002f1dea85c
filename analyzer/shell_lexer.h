/*
 * shell_lexer – POSIX shell text (and the common bash additions) as words and operators, after
 * section 2.3 "Token Recognition" of POSIX.1-2017 XCU.
 *
 * Quotes are undone. A word that holds an expansion is not literal; the inner text of command
 * substitutions ($(...), `...`, <(...), >(...)) is reported to a callback, to be lexed as text
 * of its own. Here-documents are passed over, their substitutions reported. Input is hostile:
 * everything is bounded by the length, nothing recurses.
 */
#pragma once

#include "base/array.h"
#include "base/strbuf.h"

#include <stdbool.h>

enum shell_token_kind {
	SHELL_END,
	SHELL_WORD,
	SHELL_OPERATOR, /* op: ; & && || | |& ( ) ;; ;& ;;& */
	SHELL_REDIRECT, /* op: < > >> << ... ; its target is the next word */
	SHELL_NEWLINE,
};

struct shell_token {
	enum shell_token_kind kind;
	char op[4];
	struct strbuf
		word; /* quotes undone; up to the first expansion where not literal */
	bool literal; /* no expansion in it */
	bool quoted;  /* some of it was quoted: no reserved word, no assignment name */
	char variable[64]; /* the whole word is $NAME or "${NAME}": that name, else "" */
	uint32_t line;
};

/** @p text is part of the input; its first line is @p line. */
typedef void shell_inner_fn(void *arg, const char *text, size_t len, uint32_t line);

struct shell_heredoc {
	char delimiter[128];
	bool strip_tabs, quoted;
};

struct shell_lexer {
	const char *at, *end;
	uint32_t line;
	shell_inner_fn *inner; /* may be NULL */
	void *arg;
	ARRAY_OF(struct shell_heredoc) heredocs; /* announced on this line */
	bool want_delimiter, strip_tabs;	 /* the next word is a here-document's */
};

void shell_lexer_init(struct shell_lexer *lexer, const char *text, size_t len,
		      uint32_t line);
void shell_lexer_release(struct shell_lexer *lexer);
/** The next token into @p token (zeroed before its first use, released by shell_token_release). */
void shell_lexer_next(struct shell_lexer *lexer, struct shell_token *token);
void shell_token_release(struct shell_token *token);
