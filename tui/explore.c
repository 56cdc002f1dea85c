#include "tui/explore.h"

#include "base/macros.h"
#include "base/mem.h"
#include "tui/app.h"
#include "tui/loader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLICE_MS 8 /* of background work between two looks at the keyboard */

/* All that lives as long as one reading of the graph. */
struct load {
	struct graph *head; /* packages alone: until the rest is there */
	struct loader *loader;
	struct loaded loaded;
	struct session *session;
	struct app *app;
};

/* At the end nobody waits for a worker that weighs a very big graph. */
static void load_release(struct load *l, bool at_end)
{
	app_free(l->app);
	loader_free(l->loader);
	if (at_end && l->session && session_abandon(l->session)) {
		l->session = NULL;
		l->loaded.graph = NULL;
		l->loaded.usage = NULL; /* the worker's, too */
	}
	session_free(l->session);
	loaded_release(&l->loaded);
	graph_free(l->head);
	*l = (struct load){ 0 };
}

static struct loader *start_loader(const struct tui_options *options, struct store *store)
{
	struct loader_paths paths = { options->compare_path, options->budget_path };

	return loader_start(store, &paths);
}

static void new_app(const struct tui_options *options, const struct keymap *keys,
		    const struct graph *g, struct load *l)
{
	struct app_options app = { .keys = keys, .units = options->units };

	l->session = session_new(g);
	app.session = l->session;
	app.plan_path = options->plan_path ? options->plan_path : "plan.json";
	app.plain = options->term.plain;
	l->app = app_new(&app);
}

/* The graph is read: what could not be shown until now can be. */
static void begin_session(const struct tui_options *options, struct load *l)
{
	struct planning_request request = options->planning;
	const struct usage *usage = l->loaded.usage;

	request.plan.memory.usage = usage;
	request.usage = request.no_usage ? NULL : usage;
	l->session->usage = usage->evidence_count > 0 ? usage : NULL;
	l->session->days = l->loaded.days;
	session_begin(l->session, l->loaded.models, &request);
	app_loaded(l->app, &l->loaded);
}

static int load(const struct tui_options *options, const struct keymap *keys,
		struct load *l, struct error *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	int r = store_open(options->graph_path, &store, err);

	if (r == 0)
		r = graph_load_packages(store, &l->head, err);
	if (r < 0)
		return r;
	new_app(options, keys, l->head, l);
	l->loader = start_loader(options, steal_ptr(&store));
	return 0;
}

/* Marks outlive a new reading of the graph by the packages' names. */
static void move_marks(struct load *from, struct load *to)
{
	const struct graph *g = from->loaded.graph;
	struct marks *m = &to->session->marks;

	marks_begin(m, "marks from before the graph was read again");
	for (pkg_id p = 1; p <= g->package_count; p++) {
		enum mark mark = (enum mark)from->session->marks.mark[p];
		pkg_id there = mark ? graph_find_package(
					      to->loaded.graph,
					      graph_text(g, g->packages[p].nevra), NULL)
				    : 0;

		if (there)
			marks_set(m, there, mark);
	}
	marks_commit(m);
}

static void begin_reload(const struct tui_options *options, struct load *l)
{
	_cleanup_(store_closep) struct store *store = NULL;
	struct error err = { 0 };

	if (l->loader)
		return;
	if (store_open(options->graph_path, &store, &err) < 0) {
		app_complain(l->app, "the graph was not read again: %s", err.text);
		return;
	}
	app_say(l->app, "reading the graph again ...");
	l->loader = start_loader(options, steal_ptr(&store));
}

/* A graph that was read again is a new one: packages may have other ids in it. */
static void end_reload(const struct tui_options *options, const struct keymap *keys,
		       struct load *l, struct loaded *loaded)
{
	struct load next = { .loaded = *loaded };

	new_app(options, keys, next.loaded.graph, &next);
	move_marks(l, &next);
	begin_session(options, &next);
	app_look_like(next.app, l->app);
	load_release(l, false);
	*l = next;
	app_say(l->app, "the graph was read again");
}

static void take_loaded(const struct tui_options *options, const struct keymap *keys,
			struct load *l)
{
	struct loaded loaded = { 0 };
	struct error err = { 0 };
	int r = loader_take(l->loader, &loaded, &err);

	loader_free(l->loader);
	l->loader = NULL;
	if (r < 0 && l->head) {
		l->app->failure = err;
		l->app->quit = true;
	} else if (r < 0) {
		app_complain(l->app, "the graph was not read again: %s", err.text);
	} else if (l->head) {
		l->loaded = loaded;
		begin_session(options, l);
		graph_free(l->head);
		l->head = NULL;
	} else {
		end_reload(options, keys, l, &loaded);
	}
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
	bool busy = true, draw = true;

	canvas_init(&canvas, 1, 1, term_charset(term));
	resize(l->app, term, &canvas);
	if (options->plan_path && access(options->plan_path, F_OK) == 0)
		app_load_plan(l->app, options->plan_path);
	while (!l->app->quit) {
		struct term_event event;

		if (draw) {
			app_draw(l->app, &canvas);
			term_show(term, &canvas);
		}
		term_wait(term, busy ? SLICE_MS : -1, &event);
		handle(l, term, &canvas, &event);
		if (l->app->reload)
			begin_reload(options, l);
		l->app->reload = false;
		if (l->loader && loader_done(l->loader))
			take_loaded(options, keys, l);
		busy = app_work(l->app, SLICE_MS) || l->loader;
		draw = event.type != TERM_NOTHING || l->app->changed;
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
