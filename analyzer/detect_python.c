/*
 * What Python files import: `import a.b, c`, `from a import b`, import_module("a"), resolved in
 * the module folders of the root and beside the file itself. Lines are enough: the statements
 * are looked for at the beginning of logical lines, whatever encloses them.
 */
#include "analyzer/detect_list.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>

#define MAX_NAME 512

struct python_reader {
	const struct detect *d;
	const struct detect_input *in;
	struct detect_sink *out;
	char folder[4096]; /* of the file itself */
	bool dynamic;	   /* imports by calls somewhere */
	uint32_t line;
};

static bool python_wants(const struct detect *d, const struct tree_entry *entry,
			 const char *path)
{
	(void)d;
	return entry->category == CATEGORY_SCRIPT || text_ends(path, ".py");
}

static bool is_python(const struct detect_input *in)
{
	const char *end = memchr(in->data, '\n', MIN2(in->len, (size_t)256));

	if (text_ends(in->path, ".py"))
		return true;
	return in->len > 2 && in->data[0] == '#' && in->data[1] == '!' && end &&
	       memmem(in->data, (size_t)(end - in->data), "python", 6);
}

/* Put a name behind the @p at bytes of a text that has room for it; imports are many. */
static void join(char *text, size_t at, const char *name, size_t len)
{
	memcpy(text + at, name, len);
	text[at + len] = '\0';
}

static void add_import(const struct python_reader *r, const struct tree_entry *to,
		       const char *module)
{
	char text[MAX_NAME + 16] = "import ";

	join(text, strlen(text), module, strlen(module));
	detect_edge(r->d, r->out, r->in->entry, to,
		    (struct edge_row){ .kind = EDGE_IMPORT,
				       .strength = EDGE_LIKELY,
				       .cite_line = r->line,
				       .cite_text = text });
}

/* A module is a package, a source file or a compiled one; the first folder wins. */
static const char *const FORMS[] = { "/__init__.py", ".py", ".so" };

#define COMPILED 2 /* in FORMS; beside a file it has a tag that nobody knows */

static bool import_beside(const struct python_reader *r, const char *relative,
			  const char *module)
{
	char full[sizeof(r->folder) + MAX_NAME + 16];
	size_t folder = strlen(r->folder), len = strlen(relative);
	const struct tree_entry *e = NULL;

	memcpy(full, r->folder, folder);
	full[folder] = '/';
	join(full, folder + 1, relative, len);
	for (size_t i = 0; !e && i < COMPILED; i++) {
		join(full, folder + 1 + len, FORMS[i], strlen(FORMS[i]));
		e = module_path_file(&r->d->python, full);
	}
	if (!e) {
		full[folder + 1 + len] = '\0';
		e = module_path_compiled(&r->d->python, full);
	}
	if (e)
		add_import(r, e, module);
	return e != NULL;
}

static void import_from_path(const struct python_reader *r, const char *relative,
			     const char *module)
{
	struct module_hit best = { 0 };
	char name[MAX_NAME + 16];
	size_t len = strlen(relative);

	memcpy(name, relative, len);
	for (size_t i = 0; i < ARRAY_LEN(FORMS); i++) {
		struct module_hit hit;

		join(name, len, FORMS[i], strlen(FORMS[i]));
		hit = module_path_find(&r->d->python, name);
		if (hit.entry && (!best.entry || hit.folder < best.folder))
			best = hit;
	}
	if (best.entry)
		add_import(r, best.entry, module);
}

/* The module and the packages around it: importing a.b.c runs a and a.b first. */
static void import_module(const struct python_reader *r, const char *module)
{
	char relative[MAX_NAME];
	size_t len = strlen(module);

	if (len == 0 || len >= sizeof(relative))
		return;
	for (size_t i = 0; i <= len; i++) {
		relative[i] = module[i] == '.' ? '/' : module[i];
		if (module[i] != '.' && module[i] != '\0')
			continue;
		relative[i] = '\0';
		if (!import_beside(r, relative, module))
			import_from_path(r, relative, module);
		relative[i] = '/';
	}
}

static size_t dotted_name(const char *text, const char *end, char out[MAX_NAME])
{
	size_t len = 0;

	while (text + len < end && len + 1 < MAX_NAME &&
	       (isalnum((unsigned char)text[len]) || text[len] == '_' ||
		text[len] == '.'))
		len++;
	memcpy(out, text, len);
	out[len] = '\0';
	return len;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '(' || *at == '\\'))
		at++;
	return at;
}

/* "a.b as x, c": the text behind "import". */
static void plain_import(const struct python_reader *r, const char *at, const char *end)
{
	char name[MAX_NAME];

	while (at < end) {
		at = skip_blanks(at, end);
		if (dotted_name(at, end, name) == 0)
			return;
		import_module(r, name);
		at = memchr(at, ',', (size_t)(end - at));
		if (!at)
			return;
		at++;
	}
}

/* Leading dots of "from ..a import b": the folder so many levels up. */
static void relative_import(struct python_reader *r, const char *name, const char *rest,
			    const char *end)
{
	char saved[sizeof(r->folder)];
	const char *levels = name + strspn(name, ".");

	memcpy(saved, r->folder, sizeof(saved));
	for (ptrdiff_t up = levels - name - 1; up > 0; up--) {
		char *slash = strrchr(r->folder, '/');

		if (slash)
			*slash = '\0';
	}
	if (levels[0])
		import_module(r, levels);
	else
		plain_import(r, rest, end);
	memcpy(r->folder, saved, sizeof(saved));
}

/* "from a.b import c, d": the names behind may be modules of the package, too. */
static void from_import(struct python_reader *r, const char *at, const char *end)
{
	char name[MAX_NAME], part[MAX_NAME], full[2 * MAX_NAME];
	size_t len = dotted_name(at, end, name);

	if (len == 0)
		return;
	at = skip_blanks(at + len, end);
	if (end - at < 6 || memcmp(at, "import", 6) != 0)
		return;
	at += 6;
	if (name[0] == '.') {
		relative_import(r, name, at, end);
		return;
	}
	import_module(r, name);
	while (at < end) {
		at = skip_blanks(at, end);
		if (dotted_name(at, end, part) == 0)
			return;
		snprintf(full, sizeof(full), "%s.%s", name, part);
		import_module(r, full);
		at = memchr(at, ',', (size_t)(end - at));
		if (!at)
			return;
		at++;
	}
}

/* import_module("a.b"), __import__('a'): the first literal behind the bracket. */
static void dynamic_import(const struct python_reader *r, const char *at, const char *end)
{
	static const char *const CALLS[] = { "import_module(", "__import__(" };
	char name[MAX_NAME];

	for (size_t i = 0; i < ARRAY_LEN(CALLS); i++) {
		const char *hit =
			memmem(at, (size_t)(end - at), CALLS[i], strlen(CALLS[i]));

		if (!hit)
			continue;
		hit += strlen(CALLS[i]);
		if (hit < end && (*hit == '"' || *hit == '\'') &&
		    dotted_name(hit + 1, end, name) > 0)
			import_module(r, name);
	}
}

static void logical_line(struct python_reader *r, const char *at, const char *end)
{
	at = skip_blanks(at, end);
	if (text_keyword(&at, end, "import"))
		plain_import(r, at, end);
	else if (text_keyword(&at, end, "from"))
		from_import(r, skip_blanks(at, end), end);
	else if (r->dynamic)
		dynamic_import(r, at, end);
}

/* The bytecode twin: __pycache__/name.*.pyc beside name.py. */
static void bytecode(const struct python_reader *r)
{
	const char *base = strrchr(r->in->path, '/') + 1;
	_cleanup_(freep) char *prefix = mem_printf("%s/__pycache__/%.*s.", r->folder,
						   (int)strcspn(base, "."), base);
	const struct tree_entry *pyc = module_path_prefix(&r->d->python, prefix, ".pyc");

	if (pyc)
		detect_edge(r->d, r->out, r->in->entry, pyc,
			    (struct edge_row){ .kind = EDGE_BYTECODE,
					       .strength = EDGE_POSSIBLE,
					       .cite_text = "__pycache__" });
}

static void python_file(const struct detect *d, const struct detect_input *in,
			struct detect_sink *out)
{
	struct python_reader r = { .d = d, .in = in, .out = out };
	size_t folder_len = (size_t)(strrchr(in->path, '/') - in->path);
	const char *end = in->data + in->len;

	if (!is_python(in) || folder_len >= sizeof(r.folder))
		return;
	memcpy(r.folder, in->path, folder_len);
	r.dynamic = memmem(in->data, in->len, "import_module(", 14) ||
		    memmem(in->data, in->len, "__import__(", 11);
	for (const char *at = in->data; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		r.line++;
		logical_line(&r, at, stop ? stop : end);
		at = stop ? stop + 1 : end;
	}
	if (text_ends(in->path, ".py"))
		bytecode(&r);
}

/* What the interpreter imports before any program (site.py and what it needs). */
static void python_whole(const struct detect *d, struct detect_sink *out)
{
	static const char *const START[] = {
		"encodings/__init__.py",
		"encodings/utf_8.py",
		"site.py",
		"os.py",
		"codecs.py",
		"io.py",
		"abc.py",
		"stat.py",
		"posixpath.py",
		"genericpath.py",
		"_collections_abc.py",
		"_sitebuiltins.py",
		"sitecustomize.py",
	};

	array_each (&d->python.folders, i) {
		const char *folder = d->python.folders.data[i];
		const char *version = strrchr(folder, '/') + 1;
		const struct tree_entry *program =
			resolve_command(d->resolve, version, strlen(version));

		for (size_t k = 0; program && k < ARRAY_LEN(START); k++) {
			_cleanup_(freep) char *full =
				mem_printf("%s/%s", folder, START[k]);
			const struct tree_entry *e = module_path_file(&d->python, full);

			if (e)
				detect_edge(d, out, program, e,
					    (struct edge_row){ .kind = EDGE_IMPORT,
							       .strength = EDGE_HARD,
							       .cite_text = "imported at "
									    "start" });
		}
	}
}

const struct detector DETECT_PYTHON = {
	.name = "python",
	.wants = python_wants,
	.file = python_file,
	.whole = python_whole,
};
