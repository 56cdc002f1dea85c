#include "tui/explore.h"

#include "base/macros.h"
#include "base/mem.h"
#include "report/budget.h"
#include "tui/app.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLICE_MS 8 /* of background work between two looks at the keyboard */

/* All that lives as long as one reading of the graph. */
struct load {
	struct store *store;
	struct graph *graph, *other;
	struct budget *budget;
	struct usage *usage;
	struct usage_days *days;
	struct session *session;
	struct app *app;
};

/* At the end nobody waits for a worker that weighs a very big graph. */
static void load_release(struct load *l, bool at_end)
{
	app_free(l->app);
	budget_free(l->budget);
	if (at_end && l->session && session_abandon(l->session)) {
		l->session = NULL;
		l->graph = NULL;
		l->usage = NULL; /* the worker's, too */
	}
	session_free(l->session);
	usage_free(l->usage);
	free(l->days);
	graph_free(l->other);
	graph_free(l->graph);
	store_close(l->store);
	*l = (struct load){ 0 };
}

static int open_graph(const char *path, struct store **ret_store, struct graph **ret,
		      struct error *err)
{
	int r = store_open(path, ret_store, err);

	if (r == 0)
		r = graph_load(*ret_store, ret, err);
	return r;
}

static int open_other(const struct tui_options *options, struct load *l,
		      struct error *err)
{
	_cleanup_(store_closep) struct store *store = NULL;

	if (!options->compare_path)
		return 0;
	return open_graph(options->compare_path, &store, &l->other, err);
}

static int load_usage(struct load *l, struct error *err)
{
	int r = usage_load(l->store, l->graph, &l->usage, err);

	if (r == 0 && l->usage->evidence_count > 0)
		r = usage_days_load(l->store, l->graph, l->usage, &l->days, err);
	return r;
}

static void new_session(const struct tui_options *options, struct load *l)
{
	struct planning_request request = options->planning;
	bool has_evidence = l->usage->evidence_count > 0;

	request.plan.memory.usage = l->usage;
	request.usage = request.no_usage ? NULL : l->usage;
	l->session = session_new(l->graph, &request);
	l->session->usage = has_evidence ? l->usage : NULL;
	l->session->days = l->days;
}

static int load(const struct tui_options *options, const struct keymap *keys,
		struct load *l, struct error *err)
{
	struct app_options app = { .keys = keys, .units = options->units };
	int r = open_graph(options->graph_path, &l->store, &l->graph, err);

	if (r == 0)
		r = load_usage(l, err);
	if (r == 0)
		r = open_other(options, l, err);
	if (r == 0 && options->budget_path)
		r = budget_read(options->budget_path, &l->budget, err);
	if (r < 0)
		return r;
	new_session(options, l);
	app.session = l->session;
	app.other = l->other;
	app.budget = l->budget;
	app.store = l->store;
	app.plan_path = options->plan_path ? options->plan_path : "plan.json";
	app.plain = options->term.plain;
	l->app = app_new(&app);
	return 0;
}

/* Marks outlive a new reading of the graph by the packages' names. */
static void move_marks(struct load *from, struct load *to)
{
	const struct graph *g = from->graph;
	struct marks *m = &to->session->marks;

	marks_begin(m, "marks from before the graph was read again");
	for (pkg_id p = 1; p <= g->package_count; p++) {
		enum mark mark = (enum mark)from->session->marks.mark[p];
		pkg_id there = mark ? graph_find_package(
					      to->graph,
					      graph_text(g, g->packages[p].nevra), NULL)
				    : 0;

		if (there)
			marks_set(m, there, mark);
	}
	if (marks_commit(m))
		session_changed(to->session);
}

static void reload(const struct tui_options *options, const struct keymap *keys,
		   struct load *l)
{
	struct load next = { 0 };
	struct error err = { 0 };

	if (load(options, keys, &next, &err) < 0) {
		load_release(&next, false);
		app_complain(l->app, "the graph was not read again: %s", err.text);
		return;
	}
	move_marks(l, &next);
	app_resize(next.app, l->app->width, l->app->height);
	app_open_tab(next.app, l->app->tab);
	load_release(l, false);
	*l = next;
	app_say(l->app, "the graph was read again");
}

static void resize(struct app *app, struct term *term, struct canvas *canvas)
{
	int width, height;

	term_size(term, &width, &height);
	canvas_resize(canvas, width, height);
	app_resize(app, width, height);
	term_forget(term);
}

static void handle(struct load *l, struct term *term, struct canvas *canvas,
		   const struct term_event *event)
{
	switch (event->type) {
	case TERM_KEY:
		app_key(l->app, event->key);
		break;
	case TERM_CLICK:
	case TERM_DOUBLE:
	case TERM_WHEEL:
		app_mouse(l->app, event);
		break;
	case TERM_RESIZE:
		resize(l->app, term, canvas);
		break;
	case TERM_END:
		l->app->quit = true;
		break;
	case TERM_NOTHING:
		break;
	}
	if (l->app->suspend)
		term_suspend(term);
	if (l->app->forget)
		term_forget(term);
	l->app->suspend = l->app->forget = false;
}

static void run(const struct tui_options *options, const struct keymap *keys,
		struct load *l, struct term *term)
{
	struct canvas canvas;
	bool busy = true;

	canvas_init(&canvas, 1, 1, term_charset(term));
	resize(l->app, term, &canvas);
	if (options->plan_path && access(options->plan_path, F_OK) == 0)
		app_load_plan(l->app, options->plan_path);
	while (!l->app->quit) {
		struct term_event event;

		app_draw(l->app, &canvas);
		term_show(term, &canvas);
		term_wait(term, busy ? SLICE_MS : -1, &event);
		handle(l, term, &canvas, &event);
		if (l->app->reload)
			reload(options, keys, l);
		l->app->reload = false;
		busy = app_work(l->app, SLICE_MS);
	}
	canvas_release(&canvas);
}

static int read_keys(const struct tui_options *options, struct keymap *keys,
		     struct error *err)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	_cleanup_(freep) char *path = NULL;

	keymap_init(keys);
	if (options->keys_path)
		return keymap_read(keys, options->keys_path, err);
	if (config && config[0])
		path = mem_printf("%s/tare/keys", config);
	else if (home && home[0])
		path = mem_printf("%s/.config/tare/keys", home);
	if (!path || access(path, F_OK) != 0)
		return 0;
	return keymap_read(keys, path, err);
}

int tui_explore(const struct tui_options *options, struct error *err)
{
	_cleanup_(term_freep) struct term *term = NULL;
	struct keymap keys;
	struct load l = { 0 };
	int r = read_keys(options, &keys, err);

	if (r == 0)
		r = load(options, &keys, &l, err);
	if (r == 0)
		r = term_new(&options->term, &term, err);
	if (r == 0)
		run(options, &keys, &l, term);
	if (r == 0)
		r = app_failure(l.app, err);
	load_release(&l, true);
	keymap_release(&keys);
	return r;
}
