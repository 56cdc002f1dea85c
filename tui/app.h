/*
 * app – the explorer without a terminal: views, keys, prompts, what is drawn where.
 * tui/explore.c connects it with a terminal; tests feed keys and read the canvas.
 *
 *	struct app *app = app_new(&options);		of a session that may have begun
 *	app_resize(app, 80, 24);
 *	app_key(app, 'd');
 *	app_draw(app, &canvas);
 */
#pragma once

#include "tui/loader.h"
#include "tui/prompt.h"
#include "tui/session.h"
#include "tui/term.h"
#include "tui/view.h"

#define APP_TABS 9

struct app_options {
	struct session *session; /* owned by the caller, as all here */
	const struct keymap *keys;
	const char *plan_path; /* offered when a plan is written */
	bool plain;
	enum units_style units;
};

/* What an open prompt or question is for. */
enum asking {
	ASK_NOTHING,
	ASK_SEARCH,
	ASK_FILTER,
	ASK_WRITE, /* the plan's path */
	ASK_OVERWRITE,
	ASK_LOAD,
	ASK_QUIT, /* yes or no */
};

struct app {
	struct app_options options;
	struct session *s;
	struct loaded loaded;	     /* borrowed; all NULL until app_loaded() */
	struct view *tabs[APP_TABS]; /* made when first opened */
	unsigned int stamps[APP_TABS];
	int tab, wanted_tab; /* wanted: to be opened when the graph is read; < 0: none */
	ARRAY_OF(struct view *) over; /* on top of the tab, the last one uppermost */
	struct prompt prompts[ASK_QUIT + 1];
	enum asking asking;
	char *write_path;
	struct pattern *pattern; /* the last search */
	char *message;		 /* for the line above the function bar */
	bool message_is_bad;
	bool quit, suspend, forget, reload; /* for the loop */
	struct error failure;		    /* why it quit by itself */
	double typed_ms;		    /* when the last key came */
	bool changed;			    /* since it was drawn last */
	bool touched;			    /* somebody pressed a key or button */
	bool early; /* packages are sorted by what is known early */
	int width, height;
};

struct app *app_new(const struct app_options *options);
void app_free(struct app *app);
/** The graph is read and session_begin() was called: all views can be opened now. */
void app_loaded(struct app *app, const struct loaded *loaded);
void app_resize(struct app *app, int width, int height);
void app_key(struct app *app, int key);
/** TERM_CLICK, TERM_DOUBLE, TERM_WHEEL */
void app_mouse(struct app *app, const struct term_event *event);
/** Show what @p from shows, which has another reading of the graph: view, order, row. */
void app_look_like(struct app *app, struct app *from);
/** Do background work; true while there is more (call again soon). */
bool app_work(struct app *app, unsigned int milliseconds);
/** True when something is under way that app_work() must be called for. */
bool app_busy(struct app *app);
void app_draw(struct app *app, struct canvas *out);
/** Why it quit by itself: rules that are wrong; 0 when it did not. */
int app_failure(const struct app *app, struct error *err);
/** Mark what a plan removes; says so, or what is wrong with it. */
void app_load_plan(struct app *app, const char *path);

/* --- for the files of the app alone --- */

/** The uppermost view. */
struct view *app_view(struct app *app);
/** Put a view on top; the app owns it then. */
void app_push(struct app *app, struct view *view);
void app_say(struct app *app, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void app_complain(struct app *app, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** The node under the cursor, 0 when none. */
uint32_t app_subject(struct app *app);
/** Show the node in its own tab. */
void app_show_node(struct app *app, uint32_t node);
void app_open_tab(struct app *app, int tab);
void app_ask(struct app *app, enum asking asking, const char *label, const char *text);
/** Requests that hold everywhere: tui/app_requests.c. */
void app_request(struct app *app, enum request request);
/** Marks and plans: tui/app_marks.c; false when the request is none of these. */
bool app_mark_request(struct app *app, enum request request);
/** The answer to a prompt is complete: tui/app_requests.c. */
void app_answered(struct app *app, const char *text);
/** The worker has something: tui/app_marks.c. */
void app_take_answer(struct app *app, struct session_answer *answer);
/** Header, function bar and what lies between: tui/app_draw.c. */
struct area app_area(const struct app *app, const struct view *view);
