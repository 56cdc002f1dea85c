#include "tui/app.h"

#include "base/macros.h"
#include "base/mem.h"
#include "tui/clock.h"
#include "tui/list_view.h"
#include "tui/sources.h"
#include "tui/tabs.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PAUSE_MS 250 /* without a key: time for what nobody waits for */

static void poll_worker(struct app *app)
{
	struct session_answer answer;

	while (session_poll(app->s, &answer)) {
		app_take_answer(app, &answer);
		session_answer_release(&answer);
	}
}

/* Retained sizes come late: until then the biggest packages are first. */
static void sort_early(struct app *app)
{
	struct rows *t = &list_view_of(app->tabs[0])->rows;

	rows_sort(t, (size_t)source_column(t->source->ops, "size"), true);
	app->early = true;
}

/* Who chose another order meanwhile keeps it. */
static void sort_at_last(struct app *app)
{
	struct rows *t = &list_view_of(app->tabs[0])->rows;
	size_t size = (size_t)source_column(t->source->ops, "size");

	app->early = false;
	if (t->sort_column == size && t->falling)
		rows_sort(t, t->source->ops->sort_column, true);
}

struct app *app_new(const struct app_options *options)
{
	struct app *app = mem_calloc(1, sizeof(*app));

	app->options = *options;
	app->s = options->session;
	app->width = 80;
	app->height = 24;
	app->wanted_tab = -1;
	app_open_tab(app, 0);
	sort_early(app);
	return app;
}

void app_loaded(struct app *app, const struct loaded *loaded)
{
	app->loaded = *loaded;
	if (app->wanted_tab < 0)
		return;
	free(app->message);
	app->message = NULL;
	app_open_tab(app, app->wanted_tab);
}

void app_free(struct app *app)
{
	if (!app)
		return;
	array_each (&app->over, i)
		app->over.data[i]->ops->free(app->over.data[i]);
	array_release(&app->over);
	for (int i = 0; i < APP_TABS; i++)
		if (app->tabs[i])
			app->tabs[i]->ops->free(app->tabs[i]);
	for (size_t i = 0; i < ARRAY_LEN(app->prompts); i++)
		prompt_release(&app->prompts[i]);
	pattern_free(app->pattern);
	free(app->write_path);
	free(app->message);
	free(app);
}

struct view *app_view(struct app *app)
{
	return app->over.len ? app->over.data[app->over.len - 1] : app->tabs[app->tab];
}

/* Tell a view how big it is and what has changed since it was seen last. */
static void prepare_view(struct app *app, struct view *v)
{
	struct area area = app_area(app, v);
	struct list_view *lv = list_view_of(v);

	v->width = area.width;
	v->height = area.height;
	v->plain = app->options.plain;
	if (lv)
		rows_set_page(&lv->rows, (size_t)MAX2(area.height - 1, 1));
}

static void freshen(struct app *app)
{
	struct view *v = app->tabs[app->tab];
	struct list_view *lv = list_view_of(v);

	if (app->stamps[app->tab] == app->s->stamp)
		return;
	app->stamps[app->tab] = app->s->stamp;
	app->changed = true;
	if (v->ops->refresh)
		v->ops->refresh(v);
	if (app->early && app->s->prepared)
		sort_at_last(app);
	/* retained sizes came: until somebody moved, the first line is the one of interest */
	if (lv && !app->touched)
		rows_go(&lv->rows, 0);
	array_each (&app->over, i)
		if (app->over.data[i]->ops->refresh)
			app->over.data[i]->ops->refresh(app->over.data[i]);
}

void app_push(struct app *app, struct view *view)
{
	array_push(&app->over, view);
	prepare_view(app, view);
}

static void pop(struct app *app)
{
	struct view *v = array_pop(&app->over);

	v->ops->free(v);
}

void app_open_tab(struct app *app, int tab)
{
	app->wanted_tab = -1;
	if (tab != 0 && !app->s->models) {
		app->wanted_tab = tab;
		app_say(app, "reading the graph: %s will open in a moment",
			tab_title(tab, false));
		return;
	}
	while (app->over.len)
		pop(app);
	if (!app->tabs[tab]) {
		app->tabs[tab] = tab_new(app, tab);
		app->stamps[tab] = app->s->stamp;
	}
	app->tab = tab;
	prepare_view(app, app->tabs[tab]);
	freshen(app);
}

static void say(struct app *app, bool bad, const char *fmt, va_list args)
{
	char text[1024];

	app->changed = true;
	vsnprintf(text, sizeof(text), fmt, args);
	free(app->message);
	app->message = mem_strdup(text);
	app->message_is_bad = bad;
}

void app_say(struct app *app, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(app, false, fmt, args);
	va_end(args);
}

void app_complain(struct app *app, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(app, true, fmt, args);
	va_end(args);
}

uint32_t app_subject(struct app *app)
{
	struct view *v = app_view(app);

	return v->ops->subject ? v->ops->subject(v) : 0;
}

void app_show_node(struct app *app, uint32_t node)
{
	int tab = graph_node_is_file(app->s->g, node) ? 1 : 0;
	struct list_view *lv;
	struct view *v;

	app_open_tab(app, tab);
	v = app->tabs[tab];
	if (v->ops->show_node(v, node))
		return;
	lv = list_view_of(v);
	if (lv && lv->rows.filter && v->ops->filter(v, "", NULL) == 0 &&
	    v->ops->show_node(v, node))
		app_say(app, "the filter was cleared to show it");
	else
		app_complain(app, "it is not in this list");
}

/* The same thing in another reading of the graph, 0 when it is not there any more. */
static uint32_t same_node(const struct graph *to, const struct graph *from, uint32_t node)
{
	pkg_id p;

	if (node == 0)
		return 0;
	if (graph_node_is_file(from, node))
		return graph_find_file(to, graph_text(from, from->files[node].path));
	p = graph_node_package(from, node);
	p = graph_find_package(to, graph_text(from, from->packages[p].nevra), NULL);
	return p ? graph_package_node(to, p) : 0;
}

void app_look_like(struct app *app, struct app *from)
{
	struct view *there = from->tabs[from->tab];
	uint32_t node = same_node(app->s->g, from->s->g, there->ops->subject(there));

	app_resize(app, from->width, from->height);
	app_open_tab(app, from->tab);
	list_view_look_like(list_view_of(app->tabs[app->tab]), list_view_of(there));
	if (node)
		app->tabs[app->tab]->ops->show_node(app->tabs[app->tab], node);
	app->early = app->early && from->early;
	app->touched = true;
}

void app_ask(struct app *app, enum asking asking, const char *label, const char *text)
{
	app->asking = asking;
	prompt_open(&app->prompts[asking], label, text);
}

void app_resize(struct app *app, int width, int height)
{
	app->width = width;
	app->height = height;
	prepare_view(app, app->tabs[app->tab]);
	array_each (&app->over, i)
		prepare_view(app, app->over.data[i]);
}

static void react(struct app *app, struct view *v, unsigned int reaction,
		  enum request request)
{
	uint32_t node = v->jump;

	if (reaction & REACT_IGNORED)
		app_request(app, request);
	if (reaction & (REACT_CLOSE | REACT_JUMP) && app->over.len && v == app_view(app))
		pop(app);
	if (reaction & REACT_JUMP)
		app_show_node(app, node);
}

static void give_request(struct app *app, enum request request)
{
	struct view *v = app_view(app);

	react(app, v, v->ops->request(v, request), request);
}

/* Search and filter follow every key that is typed. */
static void typed(struct app *app, const char *text)
{
	struct view *v = app_view(app);
	struct list_view *lv = list_view_of(v);
	struct error err = { 0 };

	free(app->message);
	app->message = NULL;
	if (app->asking == ASK_SEARCH) {
		pattern_free(app->pattern);
		app->pattern = pattern_new(text);
		if (lv && !app->pattern)
			list_view_forget_search(lv);
		if (app->pattern && !v->ops->search(v, app->pattern, 0))
			app_complain(app, "not found");
	}
	if (app->asking == ASK_FILTER && v->ops->filter(v, text, &err) < 0)
		app_complain(app, "%s", err.text);
}

static void prompt_gone(struct app *app)
{
	struct view *v = app_view(app);
	struct list_view *lv = list_view_of(v);

	if (app->asking == ASK_FILTER)
		v->ops->filter(v, "", NULL);
	if (app->asking == ASK_SEARCH && lv)
		list_view_forget_search(lv);
	free(app->message);
	app->message = NULL;
	app->asking = ASK_NOTHING;
}

static void give_prompt(struct app *app, int key)
{
	struct prompt *p = &app->prompts[app->asking];
	_cleanup_(freep) char *text = NULL;

	switch (prompt_key(p, key)) {
	case PROMPT_CHANGED:
		typed(app, prompt_text(p));
		break;
	case PROMPT_DONE:
		text = mem_strdup(prompt_text(p));
		prompt_close(p);
		app_answered(app, text);
		break;
	case PROMPT_GONE:
		prompt_close(p);
		prompt_gone(app);
		break;
	case PROMPT_NOTHING:
		break;
	}
}

/* A yes-or-no question takes one key. */
static void give_question(struct app *app, int key)
{
	if (key == 'y' || key == 'Y')
		app_answered(app, "y");
	else
		app->asking = ASK_NOTHING;
}

void app_key(struct app *app, int key)
{
	enum request request;
	char name[24];

	app->touched = true;
	app->typed_ms = clock_ms();
	freshen(app);
	if (app->asking == ASK_QUIT || app->asking == ASK_OVERWRITE) {
		give_question(app, key);
		return;
	}
	if (app->asking != ASK_NOTHING) {
		give_prompt(app, key);
		return;
	}
	free(app->message);
	app->message = NULL;
	request = keymap_find(app->options.keys, key);
	if (request == DO_NOTHING)
		app_complain(app, "%s does nothing here (? shows the keys)",
			     key_text(key, name));
	else
		give_request(app, request);
	freshen(app);
}

void app_mouse(struct app *app, const struct term_event *event)
{
	struct view *v = app_view(app);
	struct area area = app_area(app, v);
	int y = event->y - area.y, x = event->x - area.x;
	unsigned int reaction;

	app->touched = true;
	if (app->asking != ASK_NOTHING)
		return;
	if (event->type == TERM_WHEEL) {
		for (int i = 0; i < 3; i++)
			give_request(app, event->key < 0 ? DO_UP : DO_DOWN);
		return;
	}
	if (y < 0 || x < 0 || y >= area.height || x >= area.width) {
		int tab = app->over.len ? -1 : tab_at(app, event->y, event->x);

		if (tab >= 0)
			app_open_tab(app, tab);
		else if (app->over.len)
			pop(app);
		return;
	}
	if (!v->ops->click)
		return;
	reaction = v->ops->click(v, y, x, event->type == TERM_DOUBLE);
	react(app, v, reaction, DO_ENTER);
	freshen(app);
}

/* Something whose progress is shown. */
static bool view_busy(struct app *app)
{
	struct list_view *lv = list_view_of(app_view(app));

	return lv && (rows_busy(&lv->rows) || lv->hunt.step);
}

bool app_busy(struct app *app)
{
	return session_busy(app->s) || app->s->check_due || view_busy(app);
}

bool app_work(struct app *app, unsigned int milliseconds)
{
	struct view *v = app_view(app);

	poll_worker(app);
	freshen(app);
	app->changed |= view_busy(app);
	if (app->s->check_due && clock_ms() > app->typed_ms + PAUSE_MS)
		session_check(app->s);
	if (v->ops->work)
		v->ops->work(v, milliseconds);
	return app_busy(app);
}
