/*
 * shell_commands_internal – what the reader of shell text (shell_commands.c: tokens to
 * simple commands) and the one that understands a simple command (shell_simple.c: words to
 * uses) share.
 *
 * The text of every word is in the parser's pool. Text within text ("$(...)", "sh -c '...'")
 * becomes a further piece and is read later: nothing recurses.
 */
#pragma once

#include "base/array.h"
#include "base/strpool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shell_word {
	str_id text; /* 0: not literal and no variable */
	str_id variable;
	bool quoted;
	uint32_t line;
};

/* A part of the text still to be read; @p owned is a copy of an undone word, or NULL. */
struct shell_piece {
	const char *text;
	char *owned;
	size_t len;
	uint32_t line;
	unsigned int depth;
};

struct shell_found {
	str_id text;
	uint8_t kind;
	uint32_t line;
};

struct shell_assignment {
	str_id name, value;
};

struct shell_parser {
	struct strpool strings;
	ARRAY_OF(struct shell_piece) pieces;
	size_t current;			   /* index of the piece that is being read */
	ARRAY_OF(struct shell_word) words; /* of the simple command so far */
	ARRAY_OF(struct shell_found) found;
	ARRAY_OF(struct shell_assignment) assignments;
	ARRAY_OF(str_id) functions;
};

/** Text of a word, "" for 0; valid until the next string is added. */
const char *shell_parser_text(const struct shell_parser *p, str_id id);

/**
 * Read this later, too. Beyond a number and a depth of pieces it is dropped.
 * @param owned  a copy that the parser frees, or NULL: then @p text must outlive it
 */
void shell_parser_add_piece(struct shell_parser *p, const char *text, char *owned,
			    size_t len, uint32_t line);

/** Note absolute paths within a word: "/etc/x", "--file=/etc/x", "a:/b:/c". */
void shell_parser_add_paths(struct shell_parser *p, const char *text, uint32_t line);

/** The words of one simple command are all there: note what it uses, forget them. */
void shell_simple_command(struct shell_parser *p);

/** Length of NAME in NAME= or NAME+= at the beginning; 0 when it is no assignment. */
size_t shell_assignment_name(const char *text);

/** Does the shell itself run this, so that it names no program? */
bool shell_is_builtin(const char *name);
