#include "graph/startup.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

#define LINKS_MAX 40

static const char *const UNIT_FOLDERS[] = {
	"/etc/systemd/system/",		  "/run/systemd/system/",
	"/usr/local/lib/systemd/system/", "/usr/lib/systemd/system/",
	"/lib/systemd/system/",
};

struct search {
	const struct graph *g;
	struct startup *s;
	ARRAY_OF(file_id) queue; /* units, and drop-ins of units */
};

static file_id next_link(const struct graph *g, file_id f)
{
	for (uint32_t i = g->edge_start[f]; i < g->edge_start[f + 1]; i++)
		if (g->edges[i].kind == EDGE_SYMLINK &&
		    graph_node_is_file(g, g->edges[i].to))
			return g->edges[i].to;
	return 0;
}

file_id startup_follow(const struct graph *g, file_id f)
{
	for (int i = 0; f && i < LINKS_MAX; i++) {
		if (!graph_file_on_disk(&g->files[f]))
			return 0;
		if (g->files[f].type != FILE_SYMLINK)
			return f;
		f = next_link(g, f);
	}
	return 0;
}

/* "#!/usr/bin/env python3" has an edge to both: the interpreter is the other one. */
static file_id interpreter_of(const struct graph *g, file_id script)
{
	file_id found = 0;

	for (uint32_t i = g->edge_start[script]; i < g->edge_start[script + 1]; i++) {
		const struct graph_edge *edge = &g->edges[i];

		if (edge->kind != EDGE_SHEBANG || !graph_node_is_file(g, edge->to))
			continue;
		if (!found || text_ends(graph_text(g, g->files[found].path), "/env"))
			found = edge->to;
	}
	return startup_follow(g, found);
}

file_id startup_image(const struct graph *g, file_id program)
{
	program = startup_follow(g, program);
	for (int i = 0; program && i < LINKS_MAX; i++) {
		if (graph_find_elf(g, program))
			return program;
		program = interpreter_of(g, program);
	}
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The unit of that name where systemd looks first; *ret_masked when it may not start. */
static file_id unit_by_name(const struct graph *g, const char *name, bool *ret_masked)
{
	*ret_masked = false;
	for (size_t i = 0; i < ARRAY_LEN(UNIT_FOLDERS); i++) {
		_cleanup_(freep) char *path = mem_printf("%s%s", UNIT_FOLDERS[i], name);
		file_id f = graph_find_file(g, path);

		if (!f || !graph_file_on_disk(&g->files[f]))
			continue;
		*ret_masked = g->files[f].type == FILE_SYMLINK &&
			      strcmp(graph_text(g, g->files[f].target), "/dev/null") == 0;
		return startup_follow(g, f);
	}
	return 0;
}

/* The unit that a name or a link means; 0 for none, or a masked one. */
static file_id unit_of(const struct graph *g, file_id f)
{
	bool masked;
	file_id unit =
		unit_by_name(g, base_name(graph_text(g, g->files[f].path)), &masked);

	if (unit == 0 && !masked)
		unit = startup_follow(g, f); /* an instance of a template */
	return unit;
}

static bool is_folder_entry(const char *cited)
{
	return cited[0] == '/';
}

static bool is_drop_in(const char *path)
{
	const char *base = base_name(path);

	return text_ends(path, ".conf") && base - path > 3 && base[-3] == '.' &&
	       base[-2] == 'd';
}

/* What these name they start later. */
static bool waits(const struct graph *g, uint32_t node)
{
	static const char *const WAITING[] = { ".socket", ".timer", ".path" };

	for (size_t i = 0; graph_node_is_file(g, node) && i < ARRAY_LEN(WAITING); i++)
		if (text_ends(graph_text(g, g->files[node].path), WAITING[i]))
			return true;
	return false;
}

bool startup_is_start(const struct graph *g, const struct graph_edge *edge)
{
	static const char *const KEYS[] = { "Requires=", "BindsTo=", "Wants=",
					    "Upholds=" };
	const char *text = graph_text(g, edge->cite_text);

	if (edge->kind != EDGE_UNIT || !graph_node_is_file(g, edge->to))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(KEYS); i++)
		if (text_starts(text, KEYS[i]))
			return true;
	return is_folder_entry(text) && !waits(g, edge->from) &&
	       !is_drop_in(graph_text(g, g->files[edge->to].path));
}

static void start(struct search *q, file_id unit, uint32_t edge)
{
	if (unit == 0 || !idset_add(&q->s->started, unit))
		return;
	q->s->edges[unit] = edge;
	array_push(&q->queue, unit);
}

/* BusName=: the unit connects to the bus, which somebody must have started by then. */
static bool is_bus(const struct graph *g, const struct graph_edge *edge)
{
	return edge->kind == EDGE_DBUS && graph_node_is_file(g, edge->to) &&
	       g->files[edge->to].category != CATEGORY_EXECUTABLE;
}

static void look_at_edge(struct search *q, uint32_t index)
{
	const struct graph *g = q->g;
	const struct graph_edge *edge = &g->edges[index];

	if (startup_is_start(g, edge) || is_bus(g, edge)) {
		start(q, unit_of(g, edge->to), index);
	} else if (edge->kind == EDGE_UNIT && graph_node_is_file(g, edge->to) &&
		   is_drop_in(graph_text(g, g->files[edge->to].path))) {
		start(q, startup_follow(g, edge->to), index);
	}
}

/* Paths of a running kernel are not in the root: nobody can say what will be there. */
static bool is_made_at_runtime(const char *path)
{
	static const char *const FOLDERS[] = { "/dev/", "/proc/", "/run/",
					       "/sys/", "/tmp/",  "/var/run/" };

	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++)
		if (text_starts(path, FOLDERS[i]) || strchr(path, '%'))
			return true;
	return false;
}

/* Also below a first folder that is a link, as /lib is to usr/lib. */
static bool path_is_there(const struct graph *g, const char *path)
{
	const char *slash = strchr(path + 1, '/');
	_cleanup_(freep) char *first = NULL, *other = NULL;
	file_id f = graph_find_file(g, path);

	if (f || !slash)
		return f && graph_file_on_disk(&g->files[f]);
	first = mem_strndup(path, (size_t)(slash - path));
	f = startup_follow(g, graph_find_file(g, first));
	if (!f)
		return false;
	other = mem_printf("%s%s", graph_text(g, g->files[f].path), slash);
	f = graph_find_file(g, other);
	return f && graph_file_on_disk(&g->files[f]);
}

/* One line "ConditionName=value"; see the header for what counts as met. */
static bool is_met(const struct graph *g, const char *line)
{
	static const char *const PATHS[] = { "PathExists", "PathIsDirectory",
					     "FileNotEmpty", "FileIsExecutable" };
	static const char *const SPECIAL[] = { "Virtualization", "KernelCommandLine",
					       "FirstBoot" };
	const char *name = line + (text_starts(line, "Assert") ? 6 : 9);
	const char *equals = strchr(line, '='), *value = equals + 1;
	bool wanted = *value != '!';
	size_t len = (size_t)(equals - name);

	if (*value == '|')
		return true; /* one of several */
	value += !wanted;
	for (size_t i = 0; i < ARRAY_LEN(SPECIAL); i++)
		if (len == strlen(SPECIAL[i]) && memcmp(name, SPECIAL[i], len) == 0)
			return !wanted || strcmp(value, "no") == 0;
	for (size_t i = 0; i < ARRAY_LEN(PATHS); i++)
		if (len == strlen(PATHS[i]) && memcmp(name, PATHS[i], len) == 0)
			return *value != '/' || is_made_at_runtime(value) ||
			       path_is_there(g, value) == wanted;
	return true;
}

static bool conditions_are_met(const struct graph *g, file_id f)
{
	const struct graph_service *service = graph_find_service(g, f);
	_cleanup_(freep) char *text = NULL;
	char *save = NULL;

	if (!service || !service->conditions)
		return true;
	text = mem_strdup(graph_text(g, service->conditions));
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (strchr(line, '=') && strlen(line) > 9 && !is_met(g, line))
			return false;
	return true;
}

struct process {
	enum service_type type;
	file_id program;
	bool starts;
};

/* A unit with its drop-ins: the last word counts. */
static struct process read_process(const struct graph *g, file_id unit)
{
	const struct graph_service *service = graph_find_service(g, unit);
	struct process p = { service ? service->type : SERVICE_UNSAID,
			     service ? service->program : 0,
			     conditions_are_met(g, unit) };

	for (uint32_t i = g->edge_start[unit]; i < g->edge_start[unit + 1]; i++) {
		uint32_t to = g->edges[i].to;

		if (g->edges[i].kind != EDGE_UNIT || !graph_node_is_file(g, to) ||
		    !is_drop_in(graph_text(g, g->files[to].path)))
			continue;
		service = graph_find_service(g, startup_follow(g, to));
		if (!service)
			continue;
		p.type = service->type != SERVICE_UNSAID ? service->type : p.type;
		p.program = service->program ? service->program : p.program;
		p.starts = p.starts && conditions_are_met(g, service->file);
	}
	return p;
}

static void add_daemon(struct search *q, file_id unit)
{
	struct process p = read_process(q->g, unit);
	struct startup_daemon daemon = {
		.unit = unit,
		.program = startup_follow(q->g, p.program),
		.edge = q->s->edges[unit],
	};

	if (p.type == SERVICE_ONESHOT || daemon.program == 0 ||
	    !text_ends(graph_text(q->g, q->g->files[unit].path), ".service"))
		return;
	if (!p.starts) {
		idset_add(&q->s->unmet, unit);
		return;
	}
	daemon.image = startup_image(q->g, daemon.program);
	daemon.package = graph_file_owner(q->g, unit);
	if (!daemon.package)
		daemon.package = graph_file_owner(q->g, daemon.program);
	array_push(&q->s->daemons, daemon);
}

static void add_process_1(struct search *q)
{
	static const char *const PATHS[] = { "/usr/sbin/init", "/sbin/init",
					     "/usr/lib/systemd/systemd" };
	const struct graph *g = q->g;

	for (size_t i = 0; i < ARRAY_LEN(PATHS); i++) {
		file_id f = startup_follow(g, graph_find_file(g, PATHS[i]));

		if (!f || !startup_image(g, f))
			continue;
		array_push(&q->s->daemons, (struct startup_daemon){
						   .program = f,
						   .image = startup_image(g, f),
						   .package = graph_file_owner(g, f),
						   .edge = STARTUP_NO_EDGE,
					   });
		return;
	}
}

static int by_unit(const void *a, const void *b)
{
	const struct startup_daemon *x = a, *y = b;

	return (x->unit > y->unit) - (x->unit < y->unit);
}

static void run(struct search *q)
{
	const struct graph *g = q->g;

	array_each (&q->queue, k) { /* which grows */
		file_id unit = q->queue.data[k];

		for (uint32_t i = g->edge_start[unit]; i < g->edge_start[unit + 1]; i++)
			look_at_edge(q, i);
	}
}

void startup_find(const struct graph *g, struct startup *ret)
{
	struct search q = { .g = g, .s = ret };
	bool masked;
	file_id first;

	*ret = (struct startup){ 0 };
	idset_init(&ret->started, g->file_count + 1u);
	idset_init(&ret->unmet, g->file_count + 1u);
	ret->edges = mem_calloc(g->file_count + 1u, sizeof(uint32_t));
	for (file_id f = 0; f <= g->file_count; f++)
		ret->edges[f] = STARTUP_NO_EDGE;
	first = unit_by_name(g, "default.target", &masked);
	if (first && !masked) {
		ret->first = first;
		start(&q, first, STARTUP_NO_EDGE);
		run(&q);
		add_process_1(&q);
		idset_each (&ret->started, f)
			add_daemon(&q, (file_id)f);
	}
	array_sort(&ret->daemons, by_unit);
	array_release(&q.queue);
}

void startup_release(struct startup *s)
{
	idset_release(&s->started);
	idset_release(&s->unmet);
	free(s->edges);
	array_release(&s->daemons);
}

const struct startup_daemon *startup_daemon_of(const struct startup *s, file_id unit)
{
	array_each (&s->daemons, i)
		if (s->daemons.data[i].unit == unit)
			return &s->daemons.data[i];
	return NULL;
}
