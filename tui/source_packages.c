#include "tui/sources.h"

#include "base/macros.h"
#include "base/mem.h"
#include "report/usage_tables.h"
#include "tui/canvas.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct packages {
	struct source base;
	struct session *s;
	uint64_t *flags; /* [package_count + 1]: of intent and plan */
};

enum {
	PKG_MARK,
	PKG_NAME,
	PKG_SIZE,
	PKG_RETAINED,
	PKG_REACHED,
	PKG_NEEDED_BY,
	PKG_FLAGS,
	PKG_WHY,
	PKG_VERSION,
	PKG_ARCH,
	PKG_FILES,
	PKG_DECLARED,
	PKG_COMPRESSED,
	PKG_MEMORY,
	PKG_USED,
	PKG_LICENSE,
	PKG_SOURCE,
	PKG_SUMMARY,
};

static const struct column COLUMNS[] = {
	[PKG_MARK] = { "mark", " ",
		       "d marked, g goes with it, f free then, k kept, ! conflict",
		       VALUE_MARK, 2, 0, COLUMN_FIXED },
	[PKG_NAME] = { "name", "Package", "name", VALUE_TEXT, 0, 0, COLUMN_FIXED },
	[PKG_SIZE] = { "size", "Size", "bytes that only this package holds (a: basis)",
		       VALUE_BYTES, 10, 0, COLUMN_BAR | COLUMN_FALLING },
	[PKG_RETAINED] = { "retained", "Retained",
			   "bytes on disk that go with it: what needs it and what only "
			   "those needed",
			   VALUE_BYTES, 10, 0, COLUMN_BAR | COLUMN_FALLING },
	[PKG_REACHED] = { "reached", "Reach", "what must stay needs it", VALUE_YES_NO, 6,
			  0, 0 },
	[PKG_NEEDED_BY] = { "needed-by", "Users", "packages that cannot be without it",
			    VALUE_NUMBER, 6, 0, COLUMN_FALLING },
	[PKG_FLAGS] = { "flags", "Flags", "see the help", VALUE_FLAGS, 8, 0, 0 },
	[PKG_WHY] = { "why", "Why", "why it stays or may go", VALUE_TEXT, 0, 72,
		      COLUMN_BY_TEXT },
	[PKG_VERSION] = { "version", "Version", "version and release", VALUE_TEXT, 22,
			  160, COLUMN_BY_TEXT },
	[PKG_ARCH] = { "arch", "Arch", "architecture", VALUE_TEXT, 8, 0,
		       COLUMN_BY_TEXT | COLUMN_HIDDEN },
	[PKG_FILES] = { "files", "Files", "files that it owns", VALUE_NUMBER, 7, 160,
			COLUMN_FALLING },
	[PKG_DECLARED] = { "declared", "Declared", "bytes that the package declares",
			   VALUE_BYTES, 10, 160, COLUMN_BAR | COLUMN_FALLING },
	[PKG_COMPRESSED] = { "compressed", "Gzip size",
			     "compressed bytes (tare analyze --compressed)", VALUE_BYTES,
			     10, 0, COLUMN_BAR | COLUMN_FALLING | COLUMN_HIDDEN },
	[PKG_MEMORY] = { "memory", "Memory",
			 "memory after boot: measured where evidence has it, else "
			 "estimated",
			 VALUE_BYTES, 10, 160, COLUMN_FALLING },
	[PKG_USED] = { "used", "Used", "seen in use (needs usage evidence)", VALUE_TEXT,
		       11, 0, COLUMN_HIDDEN | COLUMN_BY_TEXT },
	[PKG_LICENSE] = { "license", "Licence", "licence", VALUE_TEXT, 16, 0,
			  COLUMN_BY_TEXT | COLUMN_HIDDEN },
	[PKG_SOURCE] = { "source", "Source", "source package", VALUE_TEXT, 24, 0,
			 COLUMN_BY_TEXT | COLUMN_HIDDEN },
	[PKG_SUMMARY] = { "summary", "Summary", "what it is", VALUE_TEXT, 40, 0,
			  COLUMN_BY_TEXT | COLUMN_HIDDEN },
};

enum {
	FLAG_ROOT,
	FLAG_CANDIDATE,
	FLAG_PROTECTED,
	FLAG_LEAF,
	FLAG_CHOICE,
	FLAG_SERVICE,
	FLAG_KERNEL,
	FLAG_SETUID,
	FLAG_CONFLICT,
};

static const struct flag FLAGS[] = {
	[FLAG_ROOT] = { 'R', "root", "a profile or keep file names it or a file of it" },
	[FLAG_CANDIDATE] = { 'c', "candidate", "nothing that must stay needs it" },
	[FLAG_PROTECTED] = { 'p', "protected", "no plan may remove it" },
	[FLAG_LEAF] = { 'L', "leaf", "no package needs it" },
	[FLAG_CHOICE] = { 'l', "choice",
			  "packages need it, but others provide the same for each" },
	[FLAG_SERVICE] = { 's', "service", "has service units" },
	[FLAG_KERNEL] = { 'K', "kernel", "has a kernel or kernel modules" },
	[FLAG_SETUID] = { 'S', "setuid", "has set-user-ID or set-group-ID programs" },
	[FLAG_CONFLICT] = { '!', "conflict", "the marks contradict what must stay" },
};

const char *size_title(const struct session *s, const char *of_declared)
{
	const char *const titles[] = { "Size", of_declared, "Gzip size" };

	return titles[s->basis];
}

const char *fate_sign(const struct session *s, pkg_id package)
{
	static const char *const SIGNS[][2] = {
		[FATE_STAYS] = { "", "!" },    [FATE_MARKED] = { "d", "d!" },
		[FATE_FORCED] = { "D", "D!" }, [FATE_GOES] = { "g", "g!" },
		[FATE_FREE] = { "f", "f!" },   [FATE_KEPT] = { "k", "k!" },
	};

	return SIGNS[session_fate(s, package)][session_conflict(s, package)];
}

const char *fate_words(const struct session *s, pkg_id package)
{
	static const char *const WORDS[] = {
		[FATE_STAYS] = "stays",
		[FATE_MARKED] = "marked for removal",
		[FATE_FORCED] = "removal forced",
		[FATE_GOES] = "goes with a marked package that it needs",
		[FATE_FREE] = "goes: only packages that go needed it",
		[FATE_KEPT] = "marked to be kept",
	};

	return WORDS[session_fate(s, package)];
}

unsigned int fate_paint(const struct session *s, pkg_id package)
{
	static const enum paint PAINTS[] = {
		[FATE_STAYS] = PAINT_TEXT,    [FATE_MARKED] = PAINT_REMOVE,
		[FATE_FORCED] = PAINT_REMOVE, [FATE_GOES] = PAINT_GOES,
		[FATE_FREE] = PAINT_FREE,     [FATE_KEPT] = PAINT_KEEP,
	};

	if (session_conflict(s, package))
		return PAINT_BROKEN;
	return PAINTS[session_fate(s, package)];
}

static const struct packages *of(const struct source *source)
{
	return container_of(source, const struct packages, base);
}

static uint32_t packages_count(const struct source *source)
{
	return of(source)->s->g->package_count;
}

static void retained_value(const struct session *s, pkg_id p, struct value *ret)
{
	ret->missing = !s->prepared;
	if (s->prepared)
		ret->number = trim_retained(s->trim)[p];
}

static void why_value(const struct session *s, pkg_id p, struct value *ret)
{
	const struct plan *plan = s->prepared ? trim_plan(s->trim) : NULL;

	if (plan)
		ret->text = plan->packages[p].reason;
	ret->missing = !plan;
}

static void version_value(const struct session *s, pkg_id p, struct value *ret)
{
	const struct graph_package *pkg = &s->g->packages[p];

	snprintf(ret->own, sizeof(ret->own), "%.15s-%.15s",
		 graph_text(s->g, pkg->version), graph_text(s->g, pkg->release));
	ret->text = ret->own;
}

static void number_value(const struct packages *view, pkg_id p, size_t column,
			 struct value *ret)
{
	const struct graph *g = view->s->g;

	switch (column) {
	case PKG_SIZE:
		ret->missing = !session_package_bytes(view->s, p, &ret->number);
		break;
	case PKG_RETAINED:
		retained_value(view->s, p, ret);
		break;
	case PKG_REACHED:
		ret->number = session_reached(view->s, graph_package_node(g, p));
		ret->missing = !view->s->prepared;
		break;
	case PKG_NEEDED_BY:
		ret->missing = !view->s->models;
		ret->number = ret->missing ? 0 : view->s->models->needed_by[p];
		break;
	case PKG_FILES:
		ret->missing = !view->s->models;
		ret->number = g->owned_start[p + 1] - g->owned_start[p];
		break;
	case PKG_DECLARED:
		ret->number = g->packages[p].declared_bytes;
		break;
	case PKG_COMPRESSED:
		ret->number = g->packages[p].compressed_bytes;
		ret->missing = !g->packages[p].has_compressed;
		break;
	case PKG_MEMORY:
		ret->missing = !view->s->memory;
		ret->number = ret->missing ? 0 : view->s->memory->package_bytes[p];
		break;
	default:
		ret->missing = !view->s->days;
		ret->text = ret->missing ? NULL : usage_verdict(&view->s->days[p]);
	}
}

static uint64_t fixed_flags(const struct session *s, pkg_id p)
{
	static const struct {
		unsigned int model, flag;
	} SAME[] = {
		{ MODEL_LEAF, FLAG_LEAF },	 { MODEL_CHOICE, FLAG_CHOICE },
		{ MODEL_SERVICE, FLAG_SERVICE }, { MODEL_KERNEL, FLAG_KERNEL },
		{ MODEL_SETUID, FLAG_SETUID },
	};
	uint64_t flags = 0;

	for (size_t i = 0; s->models && i < ARRAY_LEN(SAME); i++)
		if (s->models->package_flags[p] & SAME[i].model)
			flags |= (uint64_t)1 << SAME[i].flag;
	return flags;
}

static void packages_value(const struct source *source, uint32_t row, size_t column,
			   struct value *ret)
{
	const struct packages *view = of(source);
	const struct graph *g = view->s->g;
	pkg_id p = row + 1;

	switch (column) {
	case PKG_MARK:
		ret->text = fate_sign(view->s, p);
		ret->number = (uint64_t)session_fate(view->s, p);
		break;
	case PKG_NAME:
		ret->text = graph_text(g, g->packages[p].name);
		ret->number = row;
		break;
	case PKG_FLAGS:
		ret->flags = view->flags[p] | fixed_flags(view->s, p);
		if (session_conflict(view->s, p))
			ret->flags |= 1u << FLAG_CONFLICT;
		break;
	case PKG_WHY:
		why_value(view->s, p, ret);
		break;
	case PKG_VERSION:
		version_value(view->s, p, ret);
		break;
	case PKG_ARCH:
		ret->text = graph_text(g, g->packages[p].arch);
		break;
	case PKG_LICENSE:
		ret->text = graph_text(g, g->packages[p].license);
		break;
	case PKG_SOURCE:
		ret->text = graph_text(g, g->packages[p].source_rpm);
		break;
	case PKG_SUMMARY:
		ret->text = graph_text(g, g->packages[p].summary);
		break;
	default:
		number_value(view, p, column, ret);
	}
}

static uint32_t packages_node(const struct source *source, uint32_t row)
{
	return graph_package_node(of(source)->s->g, row + 1);
}

static unsigned int packages_style(const struct source *source, uint32_t row)
{
	return fate_paint(of(source)->s, row + 1);
}

static void flag_roots(struct packages *view)
{
	const struct graph *g = view->s->g;
	const struct intent *intent = view->s->intent;

	array_each (&intent->roots, i) {
		uint32_t node = intent->roots.data[i].node;

		if (!graph_node_is_file(g, node)) {
			view->flags[graph_node_package(g, node)] |= 1u << FLAG_ROOT;
			continue;
		}
		for (uint32_t k = g->owner_start[node]; k < g->owner_start[node + 1]; k++)
			view->flags[g->owners[k].package] |= 1u << FLAG_ROOT;
	}
	array_each (&intent->protect, i)
		view->flags[intent->protect.data[i]] |= 1u << FLAG_PROTECTED;
}

static void packages_refresh(struct source *source)
{
	struct packages *view = container_of(source, struct packages, base);
	const struct plan *plan = view->s->prepared ? trim_plan(view->s->trim) : NULL;

	if (view->s->prepared)
		flag_roots(view);
	for (pkg_id p = 1; plan && p <= view->s->g->package_count; p++) {
		view->flags[p] &= ~((uint64_t)1 << FLAG_CANDIDATE);
		if (idset_has(&plan->removed, p))
			view->flags[p] |= 1u << FLAG_CANDIDATE;
	}
}

static const char *packages_title(const struct source *source, size_t column)
{
	return column == PKG_SIZE ? size_title(of(source)->s, "Declared")
				  : COLUMNS[column].title;
}

static void packages_summary(const struct source *source, char *buf, size_t len)
{
	const struct session *s = of(source)->s;
	const struct plan *plan = s->prepared ? trim_plan(s->trim) : NULL;

	if (plan)
		snprintf(buf, len, "%u of %u packages could go", plan->packages_removed,
			 plan->packages_before);
}

static void packages_free(struct source *source)
{
	struct packages *view = container_of(source, struct packages, base);

	free(view->flags);
	free(view);
}

static const struct source_ops PACKAGES_OPS = {
	.name = "packages",
	.title = "Packages",
	.empty =
		"no packages: the rpmdb is empty or could not be read (see the findings)",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.flags = FLAGS,
	.flag_count = ARRAY_LEN(FLAGS),
	.name_column = PKG_NAME,
	.sort_column = PKG_RETAINED,
	.count = packages_count,
	.value = packages_value,
	.node = packages_node,
	.style = packages_style,
	.refresh = packages_refresh,
	.title_of = packages_title,
	.summary = packages_summary,
	.free = packages_free,
};

struct source *packages_source_new(struct session *s)
{
	struct packages *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &PACKAGES_OPS;
	view->s = s;
	view->flags = mem_calloc(s->g->package_count + 1u, sizeof(*view->flags));
	packages_refresh(&view->base);
	return &view->base;
}
