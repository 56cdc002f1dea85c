/*
 * shebang – the first line of a script: which interpreter the kernel starts, and which
 * one `env` looks for.
 *
 *	"#!/usr/bin/env -S python3 -u"	edges to /usr/bin/env and to python3 on PATH
 *
 * A content pass: shebang_file() keeps the lines, shebang_finish() turns them into edges
 * (hard for what may be executed) and findings ("broken-shebang").
 */
#pragma once

#include "analyzer/content.h"
#include "analyzer/edges.h"
#include "base/strbuf.h"

/* ---- the line alone ---- */

enum shebang_fault {
	SHEBANG_FINE,
	SHEBANG_EMPTY,	   /* "#!" and nothing: a shell reads such a file itself */
	SHEBANG_TOO_LONG,  /* the kernel reads 255 bytes; the interpreter does not fit */
	SHEBANG_CUT,	   /* the interpreter fits, its argument does not */
	SHEBANG_RETURN,	   /* a carriage return is part of the interpreter's name */
	SHEBANG_RELATIVE,  /* no absolute path: depends on the current folder */
	SHEBANG_ENV_SPACE, /* env looks for one name with spaces: -S is missing */
	SHEBANG_ENV_NOTHING, /* env without a command, or with options it does not have */
};

struct shebang {
	enum shebang_fault fault;
	char *interpreter; /* as written; NULL when there is none */
	char *argument;	   /* all the rest is one argument; NULL: none */
	char *command;	   /* what env is to find; NULL: it is not env, or not known */
	char *path;	   /* PATH that env sets before it looks; NULL: the usual one */
};

/**
 * Read the first line of a file.
 * @param head  the first bytes; 256 are enough
 * @return 1 and *ret (release it); 0 when it does not begin with "#!"
 */
int shebang_parse(const char *head, size_t len, struct shebang *ret);
void shebang_release(struct shebang *shebang);

/* ---- the pass ---- */

struct shebang_line {
	uint32_t entry;
	size_t at, len; /* in the thread's text */
};

struct shebang_thread {
	struct strbuf text;
	ARRAY_OF(struct shebang_line) lines;
};

struct shebang_pass {
	struct shebang_thread *threads;
	unsigned int thread_count;
};

void shebang_init(struct shebang_pass *pass, unsigned int threads);
/** The content pass: @p arg is the struct shebang_pass. */
void shebang_file(void *arg, const struct content_file *file);
/**
 * Resolve all lines in the tree; releases the pass.
 *
 * An executable file gets hard edges, one that is only read by an interpreter (a module,
 * an example) likely ones. Documentation gives no findings.
 */
void shebang_finish(struct shebang_pass *pass, const struct tree *tree,
		    struct edge_list *edges, struct finding_list *findings);
