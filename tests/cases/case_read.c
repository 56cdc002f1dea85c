#include "tests/cases/case_world.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/units.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void case_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

/* The next word, cut off; NULL at the end of the line. */
static char *word(char **rest)
{
	char *start = *rest + strspn(*rest, " \t");
	size_t len = strcspn(start, " \t");

	if (len == 0)
		return NULL;
	*rest = start + len;
	if (**rest != '\0')
		*(*rest)++ = '\0';
	return start;
}

static char *need_word(char **rest)
{
	char *w = word(rest);

	if (!w)
		case_fail("something is missing at the end of a line");
	return w;
}

static char *rest_of_line(char **rest)
{
	return *rest + strspn(*rest, " \t");
}

static uint64_t size_of(const char *text)
{
	uint64_t bytes = 0;
	struct error err = { 0 };

	if (units_parse(text, &bytes, &err) < 0)
		case_fail("%s", err.text);
	return bytes;
}

static uint32_t phase_of(const char *name)
{
	static const struct {
		const char *name;
		uint32_t phase;
	} PHASES[] = {
		{ "pre", PHASE_PRE },		{ "post", PHASE_POST },
		{ "preun", PHASE_PREUN },	{ "postun", PHASE_POSTUN },
		{ "pretrans", PHASE_PRETRANS }, { "posttrans", PHASE_POSTTRANS },
		{ "meta", PHASE_META },		{ "missingok", PHASE_MISSINGOK },
	};

	for (size_t i = 0; i < ARRAY_LEN(PHASES); i++)
		if (strcmp(PHASES[i].name, name) == 0)
			return PHASES[i].phase;
	case_fail("no such phase: %s", name);
}

/* "requires(pre,post)" -> strength and phases; false when it is no such word. */
static bool read_strength(char *text, struct case_requirement *ret)
{
	char *open = strchr(text, '('), *save = NULL;
	int strength;

	if (open)
		*open = '\0';
	strength = req_strength_parse(text);
	if (strength < 0)
		return false;
	ret->strength = (enum req_strength)strength;
	if (!open)
		return true;
	for (char *p = strtok_r(open + 1, ",)", &save); p;
	     p = strtok_r(NULL, ",)", &save))
		ret->phases |= phase_of(p);
	return true;
}

static void add_requirement(struct case_world *world, const char *package, char *verb,
			    const char *text)
{
	struct case_requirement row = { .package = mem_strdup(package) };

	if (!read_strength(verb, &row))
		case_fail("what does '%s' mean?", verb);
	row.text = mem_strdup(text);
	array_push(&world->requirements, row);
}

static void read_package(struct case_world *world, char **rest)
{
	struct case_package row = { .name = mem_strdup(need_word(rest)) };
	char *verb;

	row.bytes = size_of(need_word(rest));
	array_push(&world->packages, row);
	verb = word(rest);
	if (verb)
		add_requirement(world, row.name, verb, rest_of_line(rest));
}

static void read_owners(struct case_file *file, char *text)
{
	char *save = NULL;

	if (strcmp(text, "-") == 0)
		return;
	for (char *name = strtok_r(text, ",", &save); name;
	     name = strtok_r(NULL, ",", &save))
		array_push(&file->owners, mem_strdup(name));
}

static void read_file_word(struct case_file *file, const char *w)
{
	if (strcmp(w, "ghost") == 0)
		file->flags |= OWN_GHOST;
	else if (strcmp(w, "config") == 0)
		file->flags |= OWN_CONFIG;
	else if (strcmp(w, "changed") == 0)
		file->state = STATE_CHANGED_DIGEST;
	else if (strcmp(w, "missing") == 0)
		file->state = STATE_MISSING;
	else if (strcmp(w, "not-installed") == 0)
		file->state = STATE_NOT_INSTALLED;
	else if (strcmp(w, "replaced") == 0)
		file->replaced = true;
	else if (strcmp(w, "guess") == 0)
		file->guess = true;
	else if (strncmp(w, "links=", 6) == 0)
		file->links = (uint32_t)atoi(w + 6);
	else
		file->bytes = size_of(w);
}

static void read_file(struct case_world *world, char **rest, const char *kind)
{
	struct case_file file = { .path = mem_strdup(need_word(rest)), .links = 1 };
	char *w;

	if (strcmp(kind, "dir") == 0) {
		file.type = FILE_DIRECTORY;
		file.category = CATEGORY_DIRECTORY;
	} else if (strcmp(kind, "link") == 0) {
		file.type = FILE_SYMLINK;
		file.category = CATEGORY_SYMLINK;
		file.target = mem_strdup(need_word(rest));
	} else if (strcmp(kind, "same") == 0) {
		file.same = mem_strdup(need_word(rest));
	} else {
		int category = file_category_parse(need_word(rest));

		if (category < 0)
			case_fail("no such category");
		file.category = (enum file_category)category;
	}
	read_owners(&file, need_word(rest));
	while ((w = word(rest)))
		read_file_word(&file, w);
	array_push(&world->files, file);
}

static void read_edge(struct case_world *world, char **rest)
{
	struct case_edge edge = { .from = mem_strdup(need_word(rest)) };
	int kind = edge_kind_parse(need_word(rest));
	int strength = edge_strength_parse(need_word(rest));

	if (kind < 0 || strength < 0)
		case_fail("no such kind or strength of an edge");
	edge.kind = (enum edge_kind)kind;
	edge.strength = (enum edge_strength)strength;
	edge.to = mem_strdup(need_word(rest));
	array_push(&world->edges, edge);
}

static void read_option(struct case_world *world, char **rest)
{
	const char *name = need_word(rest);

	if (strcmp(name, "caution") == 0) {
		int caution = caution_parse(need_word(rest));

		if (caution < 0)
			case_fail("no such caution");
		world->options.caution = (enum caution)caution;
	} else if (strcmp(name, "weak") == 0) {
		world->options.weak = true;
	} else if (strcmp(name, "keep-install-time") == 0) {
		world->options.keep_install_time = true;
	} else if (strcmp(name, "metadata-only") == 0) {
		world->metadata_only = true;
	} else {
		case_fail("no such option: %s", name);
	}
}

static void read_wish(case_wishes *list, char **rest)
{
	struct case_wish wish = { .subject = mem_strdup(need_word(rest)) };
	char *words = rest_of_line(rest);

	if (strncmp(words, "because ", 8) == 0)
		words += 8;
	wish.words = mem_strdup(words);
	array_push(list, wish);
}

static void read_key(struct case_world *world, char **rest)
{
	const char *name = need_word(rest);

	array_each (&world->packages, i)
		if (strcmp(world->packages.data[i].name, name) == 0)
			world->packages.data[i].is_key = true;
}

static void read_statement(struct case_world *world, char *verb, char **rest)
{
	char *second = word(rest);

	if (!second)
		case_fail("'%s' alone says nothing", verb);
	if (strcmp(second, "provides") == 0) {
		struct case_provide row = { mem_strdup(verb),
					    mem_strdup(rest_of_line(rest)) };

		array_push(&world->provides, row);
		return;
	}
	add_requirement(world, verb, second, rest_of_line(rest));
}

static void read_line(struct case_world *world, char *line)
{
	char *rest = line, *verb = word(&rest), *w;

	if (!verb || verb[0] == '#')
		return;
	if (strcmp(verb, ">") == 0)
		array_push(&world->expected, mem_strdup(rest_of_line(&rest)));
	else if (strcmp(verb, "pkg") == 0)
		read_package(world, &rest);
	else if (strcmp(verb, "file") == 0 || strcmp(verb, "dir") == 0 ||
		 strcmp(verb, "link") == 0 || strcmp(verb, "same") == 0)
		read_file(world, &rest, verb);
	else if (strcmp(verb, "edge") == 0)
		read_edge(world, &rest);
	else if (strcmp(verb, "option") == 0)
		read_option(world, &rest);
	else if (strcmp(verb, "keep") == 0)
		read_wish(&world->keeps, &rest);
	else if (strcmp(verb, "feature") == 0)
		read_wish(&world->features, &rest);
	else if (strcmp(verb, "unwanted") == 0)
		read_wish(&world->unwanted, &rest);
	else if (strcmp(verb, "key") == 0)
		read_key(world, &rest);
	else if (strcmp(verb, "propose") == 0)
		world->propose = true;
	else if (strcmp(verb, "erase") == 0)
		while ((w = word(&rest)))
			array_push(&world->erase, mem_strdup(w));
	else
		read_statement(world, verb, &rest);
}

static int by_name(const void *a, const void *b)
{
	const struct case_package *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int by_path(const void *a, const void *b)
{
	const struct case_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* A package weighs what the case says: by a file with nothing in it but bytes. */
static void add_data_files(struct case_world *world)
{
	array_each (&world->packages, i) {
		struct case_file file = {
			.path = mem_printf("/data/%s", world->packages.data[i].name),
			.bytes = world->packages.data[i].bytes,
			.links = 1,
		};

		array_push(&file.owners, mem_strdup(world->packages.data[i].name));
		array_push(&world->files, file);
	}
}

void case_read(const char *path, struct case_world *ret)
{
	_cleanup_(freep) char *text = NULL;
	struct error err = { 0 };
	char *save = NULL;
	size_t len;

	*ret = (struct case_world){ .options.caution = CAUTION_NORMAL };
	if (io_read_file(path, 16 << 20, &text, &len, &err) < 0)
		case_fail("%s", err.text);
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		read_line(ret, line);
	add_data_files(ret);
	array_sort(&ret->packages, by_name);
	array_sort(&ret->files, by_path);
}

static void release_wishes(case_wishes *list)
{
	array_each (list, i) {
		free(list->data[i].subject);
		free(list->data[i].words);
	}
	array_release(list);
}

static void release_file(struct case_file *file)
{
	free(file->path);
	free(file->target);
	free(file->same);
	array_each (&file->owners, i)
		free(file->owners.data[i]);
	array_release(&file->owners);
}

static void release_root(struct case_world *world)
{
	array_each (&world->packages, i)
		free(world->packages.data[i].name);
	array_each (&world->files, i)
		release_file(&world->files.data[i]);
	array_each (&world->requirements, i) {
		free(world->requirements.data[i].package);
		free(world->requirements.data[i].text);
	}
	array_each (&world->provides, i) {
		free(world->provides.data[i].package);
		free(world->provides.data[i].capability);
	}
	array_each (&world->edges, i) {
		free(world->edges.data[i].from);
		free(world->edges.data[i].to);
	}
	array_release(&world->packages);
	array_release(&world->files);
	array_release(&world->requirements);
	array_release(&world->provides);
	array_release(&world->edges);
}

void case_release(struct case_world *world)
{
	release_root(world);
	release_wishes(&world->keeps);
	release_wishes(&world->features);
	release_wishes(&world->unwanted);
	array_each (&world->erase, i)
		free(world->erase.data[i]);
	array_each (&world->expected, i)
		free(world->expected.data[i]);
	array_release(&world->erase);
	array_release(&world->expected);
}
