/*
 * shell_commands – the commands of a shell text: words in command position of every list,
 * pipeline, compound command, function and substitution, behind reserved words, assignments
 * and commands that run other commands (exec, sudo, env, xargs, timeout, find -exec ...).
 * Builtins and functions that the text defines are left out. Texts given to "sh -c", "eval"
 * and "trap" are read, too.
 *
 *	static void use(void *arg, const struct shell_use *use) { ... }
 *	shell_commands(text, len, 1, use, arg);
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum shell_use_kind {
	SHELL_RUNS, /* a command that is run */
	SHELL_ASKS, /* command -v NAME, which NAME, test -x PATH: wanted, not relied on */
	SHELL_READS, /* . FILE, source FILE */
	SHELL_LOADS, /* modprobe MODULE: a kernel module */
	SHELL_NAMES, /* an absolute path among arguments, assignments or redirections */
};

struct shell_use {
	enum shell_use_kind kind;
	const char *text;
	size_t len;
	uint32_t line;
};

typedef void shell_use_fn(void *arg, const struct shell_use *use);

/** Call @p fn for every use, in an order that depends on the text alone. */
void shell_commands(const char *text, size_t len, uint32_t first_line, shell_use_fn *fn,
		    void *arg);
