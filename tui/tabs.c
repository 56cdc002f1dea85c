#include "tui/tabs.h"

#include "base/macros.h"
#include "tui/list_view.h"
#include "tui/sources.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *title, *narrow;
} TABS[APP_TABS] = {
	{ "Packages", "Pkgs" }, { "Files", "Files" },	{ "Libraries", "Libs" },
	{ "Services", "Serv" }, { "Findings", "Find" }, { "Plan", "Plan" },
	{ "Usage", "Use" },	{ "Budgets", "Budg" },	{ "Compare", "Comp" },
};

const char *tab_title(int tab, bool narrow)
{
	return narrow ? TABS[tab].narrow : TABS[tab].title;
}

struct view *tab_new(struct app *app, int tab)
{
	struct source *source = NULL;

	switch (tab) {
	case 0:
		source = packages_source_new(app->s);
		break;
	case 1:
		source = files_source_new(app->s);
		break;
	case 2:
		source = libraries_source_new(app->s);
		break;
	case 3:
		source = services_source_new(app->s);
		break;
	case 4:
		source = findings_source_new(app->s, app->loaded.store);
		break;
	case 5:
		source = plan_source_new(app->s);
		break;
	case 6:
		source = usage_source_new(app->s);
		break;
	case 7:
		source = budgets_source_new(app->s, app->loaded.budget);
		break;
	default:
		source = compare_source_new(app->s, app->loaded.other);
		break;
	}
	return list_view_new(source);
}

/* Titles stand between single blanks, each behind its number. */
static int title_width(int tab, bool narrow)
{
	return (int)strlen(tab_title(tab, narrow)) + 3;
}

static int tabs_begin(const struct app *app, bool *ret_narrow)
{
	int all = 0;

	for (int i = 0; i < APP_TABS; i++)
		all += title_width(i, false) + 1;
	*ret_narrow = all + 5 > app->width;
	return 5;
}

int tab_at(const struct app *app, int y, int x)
{
	bool narrow;
	int at = tabs_begin(app, &narrow);

	for (int i = 0; y == 0 && i < APP_TABS; i++) {
		int width = title_width(i, narrow);

		if (x >= at && x < at + width)
			return i;
		at += width + !narrow;
	}
	return -1;
}

void tabs_draw(const struct app *app, struct canvas *out)
{
	bool narrow;
	int at = tabs_begin(app, &narrow);

	for (int i = 0; i < APP_TABS; i++) {
		bool on = i == app->tab;
		int width = title_width(i, narrow);
		char title[32];

		snprintf(title, sizeof(title),
			 on && app->options.plain ? "*%d %s" : " %d %s", i + 1,
			 tab_title(i, narrow));
		canvas_text(out, 0, at, width, on ? PAINT_TAB_ON : PAINT_TITLE, title);
		at += width + !narrow;
	}
}
