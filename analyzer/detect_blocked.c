/*
 * Modules that modprobe.d(5) keeps from being loaded: "install NAME /bin/true" runs another
 * command in the place of loading, "blacklist NAME" drops the aliases that would load it.
 * They stay on the disk all the same, which is worth a mark.
 */
#include "analyzer/detect_list.h"

#include "base/text.h"

#define MAX_FOUND 16

static bool blocked_wants(const struct detect *d, const struct tree_entry *entry,
			  const char *path)
{
	(void)d;
	(void)entry;
	return strstr(path, "/modprobe.d/") && text_ends(path, ".conf");
}

/* The next word of [*at, end); its length, 0 at the end. */
static size_t next_word(const char **at, const char *end, const char **ret)
{
	const char *from = *at;

	while (from < end && (*from == ' ' || *from == '\t'))
		from++;
	*ret = *at = from;
	while (*at < end && **at != ' ' && **at != '\t' && **at != '\r')
		(*at)++;
	return (size_t)(*at - from);
}

/* A command that does nothing, and nothing behind it. */
static bool does_nothing(const char *at, const char *end)
{
	static const char *const COMMANDS[] = {
		"/bin/true", "/bin/false", "/usr/bin/true", "/usr/bin/false", "true",
		"false",     ":",
	};
	const char *word, *more;
	size_t len = next_word(&at, end, &word);

	if (next_word(&at, end, &more) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(COMMANDS); i++)
		if (len == strlen(COMMANDS[i]) && memcmp(word, COMMANDS[i], len) == 0)
			return true;
	return false;
}

static void add_marks(const struct detect *d, const struct detect_input *in,
		      struct detect_sink *out, enum file_mark mark, const char *name,
		      size_t len)
{
	const struct tree_entry *found[MAX_FOUND];
	size_t n = detect_find(d, TARGET_MODULE, name, len, found, MAX_FOUND);

	for (size_t i = 0; i < n; i++)
		mark_list_add(&out->marks,
			      &(struct mark_row){ .file = tree_id(d->tree, found[i]),
						  .mark = mark,
						  .value = in->path });
}

static void blocked_file(const struct detect *d, const struct detect_input *in,
			 struct detect_sink *out)
{
	const char *stop;

	for (const char *at = in->data, *end = at + in->len; at < end; at = stop + 1) {
		const char *name, *line = at;
		size_t len;

		stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop ? stop : end;
		if (text_keyword(&line, stop, "install")) {
			len = next_word(&line, stop, &name);
			if (len > 0 && does_nothing(line, stop))
				add_marks(d, in, out, MARK_BLOCKED, name, len);
		} else if (text_keyword(&line, stop, "blacklist")) {
			len = next_word(&line, stop, &name);
			if (len > 0)
				add_marks(d, in, out, MARK_BLACKLISTED, name, len);
		}
	}
}

const struct detector DETECT_BLOCKED = {
	.name = "blocked",
	.wants = blocked_wants,
	.file = blocked_file,
};
