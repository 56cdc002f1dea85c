#include "analyzer/shebang.h"

#include "base/array.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <string.h>

#define KERNEL_BYTES 256 /* BINPRM_BUF_SIZE, the last one is always NUL */

void shebang_release(struct shebang *shebang)
{
	free(shebang->interpreter);
	free(shebang->argument);
	free(shebang->command);
	free(shebang->path);
	*shebang = (struct shebang){ 0 };
}

/* ---- what env does with its argument ---- */

struct words {
	ARRAY_OF(char *) list;
	size_t at;
};

static void words_release(struct words *words)
{
	array_each (&words->list, i)
		free(words->list.data[i]);
	array_release(&words->list);
}

static char *next_word(struct words *words)
{
	return words->at < words->list.len ? words->list.data[words->at++] : NULL;
}

/* One escape of env -S; false for \c, which ends the text. */
static bool put_escape(struct strbuf *word, char c, char quote)
{
	static const char FROM[] = "fnrtv", TO[] = "\f\n\r\t\v";
	const char *known = c ? strchr(FROM, c) : NULL;

	if (c == 'c')
		return false;
	if (known)
		strbuf_putc(word, TO[known - FROM]);
	else if (c == '_' && quote)
		strbuf_putc(word, ' ');
	else
		strbuf_putc(word, c);
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct splitter {
	struct words *into;
	struct strbuf word;
	bool in_word;
	char quote;
};

static void end_word(struct splitter *s)
{
	if (s->in_word)
		array_push(&s->into->list, mem_strdup(strbuf_text(&s->word)));
	strbuf_clear(&s->word);
	s->in_word = false;
}

static void put_char(struct splitter *s, char c)
{
	if (!s->quote && is_blank(c)) {
		end_word(s);
	} else if (!s->quote && (c == '"' || c == '\'')) {
		s->quote = c;
		s->in_word = true;
	} else if (c == s->quote) {
		s->quote = '\0';
	} else {
		strbuf_putc(&s->word, c);
		s->in_word = true;
	}
}

/* "env -S": words with quotes and escapes; a "#" where a word begins is a comment. */
static void split(const char *text, struct words *into)
{
	struct splitter s = { .into = into };

	for (size_t i = 0; text[i]; i++) {
		char next = text[i + 1];

		if (!s.quote && !s.in_word && text[i] == '#')
			break;
		if (text[i] != '\\' || !next ||
		    (s.quote == '\'' && next != '\\' && next != '\'')) {
			put_char(&s, text[i]);
			continue;
		}
		i++;
		if (next == '_' && !s.quote) {
			end_word(&s);
			continue;
		}
		if (!put_escape(&s.word, next, s.quote))
			break;
		s.in_word = true;
	}
	end_word(&s);
	strbuf_release(&s.word);
}

/* Put the words of @p text in place of the rest's beginning, as env does for -S. */
static void splice(struct words *words, const char *text)
{
	struct words all = { 0 };

	split(text, &all);
	for (size_t i = words->at; i < words->list.len; i++)
		array_push(&all.list, mem_strdup(words->list.data[i]));
	words_release(words);
	*words = all;
}

/* A cluster like "-iS"; false for an option that env does not have. */
static bool short_options(struct words *words, const char *cluster)
{
	for (const char *p = cluster; *p; p++) {
		_cleanup_(freep) char *value = NULL;

		if (*p == 'i' || *p == 'v' || *p == '0')
			continue;
		if (*p != 'u' && *p != 'C' && *p != 'S' && *p != 'a')
			return false;
		value = mem_strdup(p[1] ? p + 1 : next_word(words));
		if (value && *p == 'S')
			splice(words, value);
		return value != NULL;
	}
	return true;
}

static bool long_option(struct words *words, const char *name)
{
	static const char *const FLAGS[] = {
		"ignore-environment",	"debug",	"null",
		"list-signal-handling", "block-signal", "default-signal",
		"ignore-signal",
	};
	static const char *const VALUES[] = { "unset", "chdir", "split-string", "argv0" };
	size_t len = strcspn(name, "=");

	for (size_t i = 0; i < ARRAY_LEN(FLAGS); i++)
		if (strlen(FLAGS[i]) == len && strncmp(FLAGS[i], name, len) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(VALUES); i++) {
		_cleanup_(freep) char *value = NULL;

		if (strlen(VALUES[i]) != len || strncmp(VALUES[i], name, len) != 0)
			continue;
		value = mem_strdup(name[len] ? name + len + 1 : next_word(words));
		if (value && strcmp(VALUES[i], "split-string") == 0)
			splice(words, value);
		return value != NULL;
	}
	return false;
}

/* Skip options; false when env would refuse them. */
static bool skip_options(struct words *words)
{
	while (words->at < words->list.len) {
		/* A copy: -S puts other words in the list. */
		_cleanup_(freep) char *word = mem_strdup(words->list.data[words->at]);

		if (word[0] != '-')
			return true;
		words->at++;
		if (strcmp(word, "--") == 0)
			return true;
		if (word[1] == '-') {
			if (!long_option(words, word + 2))
				return false;
		} else if (!short_options(words, word + 1)) {
			return false;
		}
	}
	return true;
}

static void read_env(struct shebang *shebang)
{
	_cleanup_(words_release) struct words words = { 0 };
	char *word;

	if (!shebang->argument) {
		shebang->fault = SHEBANG_ENV_NOTHING;
		return;
	}
	array_push(&words.list, mem_strdup(shebang->argument));
	if (!skip_options(&words)) {
		shebang->fault = SHEBANG_ENV_NOTHING;
		return;
	}
	while ((word = next_word(&words)) && strchr(word, '=')) {
		if (strncmp(word, "PATH=", 5) != 0)
			continue;
		free(shebang->path);
		shebang->path = mem_strdup(word + 5);
	}
	if (!word || !word[0])
		shebang->fault = SHEBANG_ENV_NOTHING;
	else if (strpbrk(word, " \t"))
		shebang->fault = SHEBANG_ENV_SPACE;
	else if (!strstr(word, "${")) /* a variable's value is not known here */
		shebang->command = mem_strdup(word);
}

/* ---- what the kernel does with the line: fs/binfmt_script.c ---- */

static bool is_space_tab(char c)
{
	return c == ' ' || c == '\t';
}

static size_t skip_spaces(const char *line, size_t at, size_t end)
{
	while (at < end && is_space_tab(line[at]))
		at++;
	return at;
}

static size_t skip_word(const char *line, size_t at, size_t end)
{
	while (at < end && line[at] != '\0' && !is_space_tab(line[at]))
		at++;
	return at;
}

static bool is_env(const char *interpreter)
{
	const char *slash = strrchr(interpreter, '/');

	return strcmp(slash ? slash + 1 : interpreter, "env") == 0;
}

static bool ends_in_return(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && text[len - 1] == '\r';
}

static void judge(struct shebang *shebang)
{
	if (ends_in_return(shebang->argument ? shebang->argument : shebang->interpreter))
		shebang->fault = SHEBANG_RETURN;
	else if (shebang->interpreter[0] != '/')
		shebang->fault = SHEBANG_RELATIVE;
	else if (is_env(shebang->interpreter))
		read_env(shebang);
}

/* Where the line ends for the kernel, trailing spaces left out. */
static size_t find_end(const char *head, size_t len)
{
	const char *newline = memchr(head, '\n', MIN2(len, (size_t)KERNEL_BYTES));
	size_t end =
		newline ? (size_t)(newline - head) : MIN2(len, (size_t)KERNEL_BYTES - 1);

	while (end > 2 && is_space_tab(head[end - 1]))
		end--;
	return end;
}

int shebang_parse(const char *head, size_t len, struct shebang *ret)
{
	size_t end, name, rest;
	bool is_cut = len >= KERNEL_BYTES && !memchr(head, '\n', KERNEL_BYTES) &&
		      !memchr(head, '\0', KERNEL_BYTES);

	*ret = (struct shebang){ 0 };
	if (len < 2 || head[0] != '#' || head[1] != '!')
		return 0;
	end = find_end(head, len);
	name = skip_spaces(head, 2, end);
	rest = skip_word(head, name, end);
	if (name == rest) {
		ret->fault = SHEBANG_EMPTY;
		return 1;
	}
	if (is_cut && rest == KERNEL_BYTES - 1) {
		ret->fault = SHEBANG_TOO_LONG;
		return 1;
	}
	ret->interpreter = mem_strndup(head + name, rest - name);
	rest = rest == end || head[rest] == '\0' ? end : skip_spaces(head, rest, end);
	end = rest + strnlen(head + rest, end - rest);
	if (end > rest)
		ret->argument = mem_strndup(head + rest, end - rest);
	judge(ret);
	if (is_cut && ret->fault == SHEBANG_FINE)
		ret->fault = SHEBANG_CUT;
	return 1;
}
