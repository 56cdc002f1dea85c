/*
 * What Perl files use: `use Foo::Bar`, `require Foo::Bar`, `require "x.pl"`, `use parent qw(A)`,
 * resolved in the folders of @INC, and the compiled half of a module
 * (auto/Foo/Bar/Bar.so, see XSLoader).
 */
#include "analyzer/detect_list.h"

#include "base/text.h"

#include <ctype.h>

#define MAX_NAME 512

struct perl_reader {
	const struct detect *d;
	const struct detect_input *in;
	struct detect_sink *out;
	uint32_t line;
};

static bool perl_wants(const struct detect *d, const struct tree_entry *entry,
		       const char *path)
{
	(void)d;
	return entry->category == CATEGORY_SCRIPT || text_ends(path, ".pm") ||
	       text_ends(path, ".pl");
}

static bool is_perl(const struct detect_input *in)
{
	const char *end = memchr(in->data, '\n', MIN2(in->len, (size_t)256));

	if (text_ends(in->path, ".pm") || text_ends(in->path, ".pl"))
		return true;
	return in->len > 2 && in->data[0] == '#' && in->data[1] == '!' && end &&
	       memmem(in->data, (size_t)(end - in->data), "perl", 4);
}

static void add(const struct perl_reader *r, const struct tree_entry *to,
		const char *module)
{
	_cleanup_(freep) char *text = mem_printf("use %s", module);

	detect_edge(r->d, r->out, r->in->entry, to,
		    (struct edge_row){ .kind = EDGE_IMPORT,
				       .strength = EDGE_LIKELY,
				       .cite_line = r->line,
				       .cite_text = text });
}

/* @p relative is "Foo/Bar.pm" or "x.pl". The first folder that has it counts. */
static void use_file(const struct perl_reader *r, const char *relative,
		     const char *module)
{
	struct module_hit hit = module_path_find(&r->d->perl, relative);

	if (hit.entry)
		add(r, hit.entry, module);
}

/* "Foo::Bar" as the path "Foo/Bar"; the bytes of the name taken from the text. */
static size_t module_name(const char *at, const char *end, char relative[MAX_NAME])
{
	size_t used = 0, len = 0;

	while (at + used < end && len + 1 < MAX_NAME) {
		char c = at[used];

		if (c == ':' && at + used + 1 < end && at[used + 1] == ':') {
			relative[len++] = '/';
			used += 2;
		} else if (isalnum((unsigned char)c) || c == '_') {
			relative[len++] = c;
			used++;
		} else {
			break;
		}
	}
	relative[len] = '\0';
	return used;
}

static void use_module(const struct perl_reader *r, const char *relative)
{
	_cleanup_(freep) char *file = mem_printf("%s.pm", relative);

	use_file(r, file, relative);
}

/* "use parent qw(A::B C)" and "use base 'A'": the names behind are modules, too. */
static void parents(const struct perl_reader *r, const char *at, const char *end)
{
	char relative[MAX_NAME];

	while (at < end && *at != ';') {
		size_t used = module_name(at, end, relative);

		if (used && isalpha((unsigned char)relative[0]) &&
		    strcmp(relative, "qw") != 0 && strcmp(relative, "norequire") != 0)
			use_module(r, relative);
		at += used ? used : 1;
	}
}

static void required_file(const struct perl_reader *r, const char *at, const char *end)
{
	const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
	char name[MAX_NAME];

	if (!close || (size_t)(close - at) >= sizeof(name))
		return;
	memcpy(name, at + 1, (size_t)(close - at - 1));
	name[close - at - 1] = '\0';
	use_file(r, name, name);
}

static void code_line(const struct perl_reader *r, const char *at, const char *end)
{
	char relative[MAX_NAME];
	size_t used;
	bool required;

	while (at < end && strchr(" \t{(", *at))
		at++;
	required = text_keyword(&at, end, "require");
	if (!required && !text_keyword(&at, end, "use"))
		return;
	if (at < end && (*at == '"' || *at == '\'')) {
		if (required)
			required_file(r, at, end);
		return;
	}
	used = module_name(at, end, relative);
	if (used == 0 || !isalpha((unsigned char)relative[0]))
		return;
	use_module(r, relative);
	if (strcmp(relative, "parent") == 0 || strcmp(relative, "base") == 0)
		parents(r, at + used, end);
}

/* The compiled half: Foo/Bar.pm below an @INC folder has auto/Foo/Bar/Bar.so in one. */
static void compiled_half(const struct perl_reader *r)
{
	array_each (&r->d->perl.folders, i) {
		const char *folder = r->d->perl.folders.data[i];
		size_t len = strlen(folder);
		_cleanup_(freep) char *module = NULL, *so = NULL;
		const char *base;

		if (!text_starts(r->in->path, folder) || r->in->path[len] != '/')
			continue;
		module = mem_strndup(r->in->path + len + 1,
				     strlen(r->in->path + len + 1) - 3);
		base = strrchr(module, '/');
		so = mem_printf("auto/%s/%s.so", module, base ? base + 1 : module);
		use_file(r, so, so);
	}
}

static void perl_file(const struct detect *d, const struct detect_input *in,
		      struct detect_sink *out)
{
	struct perl_reader r = { .d = d, .in = in, .out = out };
	const char *end = in->data + in->len;

	if (!is_perl(in))
		return;
	for (const char *at = in->data; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *to = stop ? stop : end;

		r.line++;
		if ((size_t)(to - at) >= 7 && memcmp(at, "__END__", 7) == 0)
			break;
		code_line(&r, at, to);
		at = stop ? stop + 1 : end;
	}
	if (text_ends(in->path, ".pm"))
		compiled_half(&r);
}

const struct detector DETECT_PERL = {
	.name = "perl",
	.wants = perl_wants,
	.file = perl_file,
};
