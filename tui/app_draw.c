#include "tui/app.h"
#include "tui/tabs.h"

#include "base/macros.h"
#include "tui/list_view.h"

#include <stdio.h>
#include <string.h>

#define HEADER_LINES 2
#define FOOTER_LINES 2

/* Views on top stand in a frame, or take all the room where that is dear. */
static bool is_framed(const struct app *app)
{
	return !app->options.plain && app->width >= 60 && app->height >= 16;
}

static struct area middle(const struct app *app)
{
	return (struct area){ HEADER_LINES, 0,
			      MAX2(app->height - HEADER_LINES - FOOTER_LINES, 1),
			      app->width };
}

struct area app_area(const struct app *app, const struct view *view)
{
	struct area area = middle(app);
	int margin = app->width >= 100 ? 6 : 2;

	if (view == app->tabs[app->tab])
		return area;
	if (is_framed(app))
		return (struct area){ area.y + 1, margin + 2, area.height - 2,
				      app->width - 2 * margin - 4 };
	area.y++;
	area.height = MAX2(area.height - 1, 1);
	return area;
}

static void draw_over(const struct app *app, struct view *v, struct canvas *out)
{
	struct area area = app_area(app, v);

	if (is_framed(app)) {
		canvas_box(out, area.y - 1, area.x - 2, area.height + 2, area.width + 4,
			   v->title);
	} else {
		canvas_text(out, area.y - 1, area.x, area.width, PAINT_HEADING, v->title);
	}
	v->ops->draw(v, out, &area);
}

static void draw_title(const struct app *app, struct canvas *out)
{
	canvas_fill(out, 0, 0, 1, app->width, PAINT_TITLE);
	canvas_put(out, 0, 0, 5, PAINT_TITLE, "tare");
	tabs_draw(app, out);
}

static int put_bytes(struct canvas *out, int x, int end, enum paint paint, uint64_t bytes)
{
	char text[UNITS_TEXT_MAX];

	return canvas_put(out, 1, x, end, paint, units_format(text, bytes, out->units));
}

/* "marked 3, goes 2, free 5: frees 120 MiB, 0 conflicts" */
static int draw_cascade(const struct app *app, struct canvas *out, int x)
{
	const struct cascade *c = app->s->cascade;
	int end = app->width;

	if (!c || c->marked + c->kept == 0)
		return canvas_put(out, 1, x, end, PAINT_DIM, "nothing marked");
	x = canvas_printf(out, 1, x, end, PAINT_REMOVE, "%u marked", c->marked);
	x = canvas_printf(out, 1, x, end, PAINT_GOES, " +%u go", c->goes);
	x = canvas_printf(out, 1, x, end, PAINT_FREE, " +%u free", c->free);
	if (c->kept)
		x = canvas_printf(out, 1, x, end, PAINT_KEEP, " %u kept", c->kept);
	x = canvas_put(out, 1, x, end, PAINT_TEXT, ": frees ");
	x = put_bytes(out, x, end, PAINT_STRONG, c->freed_bytes);
	if (app->s->basis != BASIS_DISK && app->width >= 100)
		x = canvas_put(out, 1, x, end, PAINT_TEXT, " on disk");
	x = canvas_put(out, 1, x, end, PAINT_TEXT, ", ");
	return canvas_printf(out, 1, x, end, c->conflicts ? PAINT_BROKEN : PAINT_TEXT,
			     "%u conflict%s", c->conflicts, c->conflicts == 1 ? "" : "s");
}

/* What is left of the whole image's limit when all that goes is gone. */
static int draw_budget(const struct app *app, struct canvas *out, int x)
{
	const struct loaded *l = &app->loaded;
	const struct cascade *c = app->s->cascade;
	int64_t left = l->budget_left + (int64_t)(c ? c->freed_bytes : 0);
	char bytes[UNITS_TEXT_MAX], text[UNITS_TEXT_MAX + 32];

	if (!l->has_budget_left)
		return x;
	units_format(bytes, (uint64_t)(left < 0 ? -left : left), out->units);
	snprintf(text, sizeof(text),
		 left < 0 ? " | %s over budget" : " | %s of budget left", bytes);
	if (x + (int)strlen(text) > app->width)
		return x;
	return canvas_put(out, 1, x, app->width, left < 0 ? PAINT_BROKEN : PAINT_TEXT,
			  text);
}

static void draw_totals(const struct app *app, struct canvas *out)
{
	static const char *const WORDS[] = { "", " declared", " compressed" };
	const struct graph *g = app->s->g;
	int x = canvas_printf(out, 1, 0, app->width, PAINT_TEXT, "%u packages ",
			      g->package_count);

	x = put_bytes(out, x, app->width, PAINT_TEXT, session_all_bytes(app->s));
	x = canvas_put(out, 1, x, app->width, PAINT_STRONG, WORDS[app->s->basis]);
	if (g->image.metadata_only)
		x = canvas_put(out, 1, x, app->width, PAINT_WARNING, " declared only");
	if (!g->image.complete)
		x = canvas_put(out, 1, x, app->width, PAINT_WARNING, " incomplete");
	x = canvas_put(out, 1, x, app->width, PAINT_DIM,
		       app->options.plain ? "; " : " | ");
	x = draw_cascade(app, out, x);
	x = draw_budget(app, out, x);
	if (!app->s->prepared)
		canvas_put(out, 1, x, app->width, PAINT_DIM,
			   app->s->models ? " (weighing ...)"
					  : " (reading and weighing ...)");
	else if (app->s->profiles &&
		 x + 3 + canvas_columns(out, app->s->profiles) <= app->width)
		canvas_printf(out, 1, x, app->width, PAINT_DIM, " | %s",
			      app->s->profiles);
}

static void draw_prompt(const struct app *app, struct canvas *out, int y)
{
	const struct prompt *p = &app->prompts[app->asking];
	_cleanup_(freep) char *left = mem_strndup(prompt_text(p), p->cursor);
	int x = canvas_printf(out, y, 0, app->width, PAINT_STRONG, "%s: ", p->label);
	int room = app->width - x - 1, before = canvas_columns(out, left);

	if (before > room)
		canvas_tail(out, y, x, room, PAINT_INPUT, left);
	else
		canvas_put(out, y, x, app->width, PAINT_INPUT, prompt_text(p));
	canvas_cursor(out, y, x + MIN2(before, room));
	canvas_restyle(out, y, x + MIN2(before, room), 1, PAINT_INPUT | PAINT_CURSOR);
	if (app->message)
		canvas_right(out, y, app->width / 2, app->width - app->width / 2,
			     PAINT_WARNING, app->message);
}

static void draw_status(struct app *app, struct canvas *out, int y)
{
	const struct view *v = app_view(app);
	char text[512] = "";

	if (app->asking == ASK_QUIT) {
		canvas_put(out, y, 0, app->width, PAINT_WARNING,
			   "The marks were not written. Quit? (y/n)");
		return;
	}
	if (app->asking == ASK_OVERWRITE) {
		canvas_printf(out, y, 0, app->width, PAINT_WARNING,
			      "'%s' is there already. Write over it? (y/n)",
			      app->write_path);
		return;
	}
	if (app->asking != ASK_NOTHING) {
		draw_prompt(app, out, y);
		return;
	}
	if (app->message) {
		canvas_text(out, y, 0, app->width,
			    app->message_is_bad ? PAINT_WARNING : PAINT_TEXT,
			    app->message);
		return;
	}
	if (v->ops->status)
		v->ops->status(v, text, sizeof(text));
	canvas_text(out, y, 0, app->width, PAINT_DIM, text);
}

/* "Ctrl-U" as "^U": room is dear in the last line. */
static const char *short_key(const struct app *app, enum request request, char buf[24])
{
	keymap_first(app->options.keys, request, buf);
	if (strncmp(buf, "Ctrl-", 5) == 0) {
		buf[0] = '^';
		memmove(buf + 1, buf + 5, strlen(buf + 5) + 1);
	}
	return buf;
}

static int item_width(const struct app *app, enum request request)
{
	char key[24];

	if (REQUESTS[request].label[0] == '\0' || !short_key(app, request, key)[0])
		return 0;
	return (int)(strlen(key) + strlen(REQUESTS[request].label)) + 2;
}

/* Keys and labels from the table of requests: as many as fit, the last ones (help and
 * quit) always. */
static void draw_bar(const struct app *app, struct canvas *out, int y)
{
	int last = item_width(app, DO_HELP) + item_width(app, DO_QUIT) - 1, x = 0;

	for (int i = 1; i < DO_COUNT; i++) {
		enum request request = (enum request)i;
		int width = item_width(app, request);
		bool is_last = request == DO_HELP || request == DO_QUIT;
		char key[24];

		if (width == 0 || (!is_last && x + width + last > app->width))
			continue;
		x = canvas_put(out, y, x, app->width, PAINT_KEY,
			       short_key(app, request, key));
		x = canvas_put(out, y, x, app->width, PAINT_TEXT,
			       app->options.plain ? "=" : " ");
		x = canvas_put(out, y, x, app->width, PAINT_TEXT, REQUESTS[i].label);
		x = canvas_put(out, y, x, app->width, PAINT_TEXT, " ");
	}
}

void app_draw(struct app *app, struct canvas *out)
{
	struct view *tab = app->tabs[app->tab];
	struct area area = middle(app);

	app->changed = false;
	out->units = app->options.units;
	canvas_clear(out);
	draw_title(app, out);
	draw_totals(app, out);
	if (is_framed(app) || app->over.len == 0)
		tab->ops->draw(tab, out, &area);
	if (app->over.len)
		draw_over(app, app_view(app), out);
	draw_status(app, out, app->height - 2);
	draw_bar(app, out, app->height - 1);
}
