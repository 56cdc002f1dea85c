#include "tui/app.h"

#include "base/macros.h"
#include "tui/column_view.h"
#include "tui/dep_view.h"
#include "tui/list_view.h"
#include "tui/texts.h"

/* The package that a request about the line under the cursor means, 0 with a message. */
static pkg_id subject_package(struct app *app)
{
	const struct graph *g = app->s->g;
	uint32_t node = app_subject(app);
	uint32_t owners;

	if (node == 0) {
		app_complain(app, "there is no package or file here");
		return 0;
	}
	if (!graph_node_is_file(g, node))
		return graph_node_package(g, node);
	owners = g->owner_start[node + 1] - g->owner_start[node];
	if (owners == 1)
		return g->owners[g->owner_start[node]].package;
	app_complain(app, owners ? "several packages own it: open it with w"
				 : "no package owns it");
	return 0;
}

static void show_why(struct app *app)
{
	uint32_t node = app_subject(app);

	if (node)
		app_push(app, why_text(app->s, app->s->models->deps, node));
	else
		app_complain(app, "there is no package or file here");
}

static void show_details(struct app *app)
{
	uint32_t node = app_subject(app);

	if (node)
		app_push(app, details_text(app->s, node, app->options.units));
	else
		app_complain(app, "there is no package or file here");
}

static void show_tree(struct app *app, bool reverse)
{
	pkg_id p = subject_package(app);

	if (p)
		app_push(app, dep_view_new(app->s, app->s->models->deps, p, reverse));
}

static void show_reach(struct app *app, bool reverse)
{
	pkg_id p = subject_package(app);

	if (p)
		app_push(app, reach_text(app->s, app->s->models->deps, p, reverse));
}

static void show_links(struct app *app)
{
	pkg_id from, to;

	if (dep_view_link(app_view(app), &from, &to))
		app_push(app, links_text(app->s, app->s->models->deps, from, to));
	else
		app_complain(app, "this works below the first line of a tree (r or b)");
}

static void show_help(struct app *app)
{
	struct list_view *lv = list_view_of(app->tabs[app->tab]);

	app_push(app, help_text(app->options.keys, lv ? lv->source->ops : NULL));
}

static void search_again(struct app *app, int step)
{
	struct view *v = app_view(app);

	if (!app->pattern)
		app_complain(app, "nothing was searched for yet (/ searches)");
	else if (!v->ops->search || !v->ops->search(v, app->pattern, step))
		app_complain(app, "not found");
}

static void begin_typing(struct app *app, enum asking asking)
{
	struct view *v = app_view(app);
	struct list_view *lv = list_view_of(v);

	if (asking == ASK_SEARCH && v->ops->search)
		app_ask(app, asking, "search", "");
	else if (asking == ASK_FILTER && lv)
		app_ask(app, asking, "filter", lv->filter_text);
	else
		app_complain(app, "not here");
}

/* Esc: what is on top first, then the search's marks, then the filter. */
static void clear(struct app *app)
{
	struct view *v = app_view(app);
	struct list_view *lv = list_view_of(v);

	if (app->over.len) {
		array_pop(&app->over)->ops->free(v);
		return;
	}
	if (lv && lv->pattern) {
		list_view_forget_search(lv);
		return;
	}
	if (lv)
		v->ops->filter(v, "", NULL);
}

static void close_view(struct app *app)
{
	struct view *v = app_view(app);

	if (app->over.len)
		array_pop(&app->over)->ops->free(v);
	else
		app_request(app, DO_QUIT);
}

static void quit(struct app *app)
{
	if (marks_unsaved(&app->s->marks))
		app->asking = ASK_QUIT;
	else
		app->quit = true;
}

static void change_basis(struct app *app)
{
	bool none = !app->s->g->image.has_compressed;

	session_next_basis(app->s);
	if (app->s->basis == BASIS_DECLARED)
		app_say(app, "sizes as the packages declare them, of files their length");
	else if (app->s->basis == BASIS_COMPRESSED)
		app_say(app, "sizes compressed, as in a layer of an image");
	else
		app_say(app, none ? "sizes on disk (for compressed ones: tare analyze "
				    "--compressed)"
				  : "sizes on disk");
}

static void choose_columns(struct app *app)
{
	struct list_view *lv = list_view_of(app_view(app));

	if (lv)
		app_push(app, column_view_new(lv));
	else
		app_complain(app, "there are no columns here");
}

/* Requests without a parameter of their own, as a table. */
static const struct {
	enum request request;
	void (*run)(struct app *app);
} SIMPLE[] = {
	{ DO_WHY, show_why },
	{ DO_ENTER, show_details }, /* of what cannot be opened */
	{ DO_DETAILS, show_details },
	{ DO_HELP, show_help },
	{ DO_LINK_NEEDS, show_links },
	{ DO_LINK_NEEDED_BY, show_links },
	{ DO_CLEAR, clear },
	{ DO_CLOSE, close_view },
	{ DO_QUIT, quit },
	{ DO_BASIS, change_basis },
	{ DO_COLUMNS, choose_columns },
};

static bool simple_request(struct app *app, enum request request)
{
	for (size_t i = 0; i < ARRAY_LEN(SIMPLE); i++) {
		if (SIMPLE[i].request != request)
			continue;
		SIMPLE[i].run(app);
		return true;
	}
	return false;
}

/* What cannot be answered from the packages alone. */
static bool needs_graph(enum request request)
{
	return (request >= DO_WHY && request <= DO_LINK_NEEDED_BY) ||
	       request == DO_MARK_DEPENDANTS || request == DO_PROPOSE ||
	       request == DO_WRITE || request == DO_RELOAD;
}

void app_request(struct app *app, enum request request)
{
	if (!app->s->models && needs_graph(request)) {
		app_complain(app, "still reading the graph: ask again in a moment");
		return;
	}
	if (app_mark_request(app, request) || simple_request(app, request))
		return;
	if (request >= DO_VIEW_1 && request <= DO_VIEW_9) {
		app_open_tab(app, (int)(request - DO_VIEW_1));
		return;
	}
	switch (request) {
	case DO_NEXT_VIEW:
		app_open_tab(app, (app->tab + 1) % APP_TABS);
		break;
	case DO_PREVIOUS_VIEW:
		app_open_tab(app, (app->tab + APP_TABS - 1) % APP_TABS);
		break;
	case DO_NEEDS:
	case DO_NEEDED_BY:
		show_tree(app, request == DO_NEEDED_BY);
		break;
	case DO_NEEDS_ALL:
	case DO_NEEDED_BY_ALL:
		show_reach(app, request == DO_NEEDED_BY_ALL);
		break;
	case DO_HISTORY:
		app_push(app, history_text(&app->s->marks));
		break;
	case DO_SEARCH:
	case DO_FILTER:
		begin_typing(app, request == DO_SEARCH ? ASK_SEARCH : ASK_FILTER);
		break;
	case DO_SEARCH_NEXT:
	case DO_SEARCH_PREVIOUS:
		search_again(app, request == DO_SEARCH_NEXT ? 1 : -1);
		break;
	case DO_REDRAW:
		app->forget = true;
		break;
	case DO_RELOAD:
		app->reload = true;
		break;
	case DO_SUSPEND:
		app->suspend = true;
		break;
	default:
		app_complain(app, "not here");
	}
}
