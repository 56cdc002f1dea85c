/*
 * host_exec.c – programs of the host that a container runs after it has entered the host:
 * the words behind nsenter and chroot in its command, and in the scripts that it gives to
 * a shell.
 */
#include "workload/readers.h"

#include "base/rootfs.h"
#include "base/text.h"

#include <string.h>

#define WORDS_MAX 4096

enum { WORD, END }; /* END: a new command begins behind it */

struct word {
	char *text;
	int sort;
};

struct words {
	ARRAY_OF(struct word) list;
	bool unknown; /* something that only the shell can tell */
};

static void words_release(struct words *words)
{
	array_each (&words->list, i)
		free(words->list.data[i].text);
	array_release(&words->list);
}

static void add_word(struct words *words, const char *text, size_t len, int sort)
{
	if (words->list.len < WORDS_MAX)
		array_push(&words->list, (struct word){ mem_strndup(text, len), sort });
}

/* One word of a script; quotes are taken off. */
static const char *split_word(struct words *words, const char *at)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	for (char quote = 0; *at; at++) {
		if (quote ? *at == quote : (*at == '"' || *at == '\'')) {
			quote = quote ? 0 : *at;
			continue;
		}
		if (!quote && strchr(" \t\r\n;&|()`", *at))
			break;
		strbuf_putc(&text, *at);
	}
	add_word(words, strbuf_text(&text), text.len, WORD);
	return at;
}

static void split_script(struct words *words, const char *script)
{
	while (*script && words->list.len < WORDS_MAX) {
		size_t blanks = strspn(script, " \t\r");

		script += blanks;
		if (strchr("\n;&|()`", *script) && *script) {
			add_word(words, "", 0, END);
			script++;
		} else if (*script == '#') {
			script += strcspn(script, "\n");
		} else if (*script) {
			script = split_word(words, script);
		}
	}
	add_word(words, "", 0, END);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_among(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

static bool is_shell(const char *name)
{
	static const char *const SHELLS[] = { "sh", "bash", "ash", "dash" };

	return is_among(name, SHELLS, ARRAY_LEN(SHELLS));
}

/* Words of the shell's own, and what stands before a command. */
static bool is_keyword(const char *name)
{
	static const char *const OWN[] = {
		"if",	"then", "else", "elif",	  "fi",	    "for",   "while", "until",
		"do",	"done", "case", "esac",	  "in",	    "{",     "}",     "!",
		"exit", "set",	"cd",	"export", "return", "local", "read",  "trap",
		"eval", "exec", ":",	"[",	  "[[",	    "wait",  "shift", "time",
	};

	return is_among(name, OWN, ARRAY_LEN(OWN));
}

static void need_program(struct needs *needs, struct words *words, const char *name,
			 const struct spot *spot)
{
	static const char *const FOLDERS[] = { "/bin/", "/sbin/", "/usr/bin/",
					       "/usr/sbin/", "/usr/local/bin/" };
	const char *base = base_name(name);
	_cleanup_(freep) char *glob = NULL, *clean = NULL;
	struct row_keep keep = { "command", NULL, "the container runs it on the host" };

	if (*base == '\0' || strchr(name, '$') || strchr(name, '=')) {
		words->unknown = words->unknown || strchr(name, '$');
		return;
	}
	if (is_keyword(base))
		return;
	if (*name == '/') {
		keep.key = "path";
		for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++)
			if (strncmp(name, FOLDERS[i], (size_t)(base - name)) == 0 &&
			    FOLDERS[i][base - name] == '\0')
				keep.key = "command";
	}
	clean = rootfs_clean_path(name);
	glob = escape_glob(strcmp(keep.key, "path") == 0 ? clean : base);
	keep.values = glob;
	need_more(needs, ROW_HOST_EXEC, &keep, spot);
}

/* The first word of each command of a script that runs on the host. */
static void read_script(struct needs *needs, struct words *all, const char *script,
			const struct spot *spot)
{
	_cleanup_(words_release) struct words words = { 0 };
	bool begins = true;

	split_script(&words, script);
	array_each (&words.list, i) {
		const struct word *word = &words.list.data[i];

		if (word->sort == END) {
			begins = true;
			continue;
		}
		if (begins)
			need_program(needs, all, word->text, spot);
		begins = begins && is_keyword(word->text);
	}
}

/* Behind nsenter or chroot: the options, then the program. @return the next word */
static size_t skip_options(const struct words *words, size_t i, bool chroot)
{
	static const char *const WITH_VALUE[] = { "-t",	      "--target", "-S",
						  "--setuid", "-G",	  "--setgid" };

	for (; i < words->list.len && words->list.data[i].sort == WORD; i++) {
		const char *text = words->list.data[i].text;

		if (strcmp(text, "--") == 0)
			return i + 1;
		if (*text != '-')
			break;
		if (!chroot && is_among(text, WITH_VALUE, ARRAY_LEN(WITH_VALUE)))
			i++;
	}
	return chroot ? i + 1 : i;
}

static bool read_entry(struct needs *needs, struct words *words, size_t at,
		       const struct spot *spot)
{
	const char *name = base_name(words->list.data[at].text);
	bool chroot = strcmp(name, "chroot") == 0;
	size_t i;

	if (!chroot && strcmp(name, "nsenter") != 0)
		return false;
	i = skip_options(words, at + 1, chroot);
	if (i >= words->list.len || words->list.data[i].sort == END) {
		words->unknown = true;
		return true;
	}
	need_program(needs, words, words->list.data[i].text, spot);
	if (!is_shell(base_name(words->list.data[i].text)))
		return true;
	for (i++; i + 1 < words->list.len && words->list.data[i].sort == WORD; i++)
		if (words->list.data[i].text[0] == '-' &&
		    strchr(words->list.data[i].text, 'c')) {
			read_script(needs, words, words->list.data[i + 1].text, spot);
			return true;
		}
	words->unknown = true; /* a script of the host, or standard input */
	return true;
}

/* "--reboot-command=/bin/systemctl reboot" */
static bool read_option(struct needs *needs, struct words *words, const char *text,
			const struct spot *spot)
{
	const char *value = text_starts(text, "--") ? strstr(text, "-command=") : NULL;

	if (!value)
		return false;
	read_script(needs, words, value + strlen("-command="), spot);
	return true;
}

static void collect(struct words *words, const struct spot *list)
{
	for (size_t i = 0; i < spot_count(list); i++) {
		struct spot item = spot_at(list, i);
		const char *text = spot_text(&item);

		if (!text)
			continue;
		if (text[0] != '-' && strpbrk(text, " \n;&|") &&
		    (strstr(text, "nsenter") || strstr(text, "chroot")))
			split_script(words, text);
		else
			add_word(words, text, strlen(text), WORD);
	}
}

void read_host_exec(struct needs *needs, const struct spot *container)
{
	_cleanup_(words_release) struct words words = { 0 };
	struct spot command = spot_get(container, "command");
	struct spot args = spot_get(container, "args");
	const struct spot *cited = command.json ? &command
				   : args.json	? &args
						: container;
	bool found = false;

	collect(&words, &command);
	collect(&words, &args);
	array_each (&words.list, i) {
		const struct word *word = &words.list.data[i];

		if (word->sort == END)
			continue;
		found = read_option(needs, &words, word->text, cited) || found;
		found = read_entry(needs, &words, i, cited) || found;
	}
	if (!found || words.unknown)
		need(needs, ROW_HOST_EXEC_UNKNOWN, cited);
}
