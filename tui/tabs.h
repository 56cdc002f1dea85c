/*
 * tabs – the base views of the explorer, in the order of their keys.
 */
#pragma once

#include "tui/app.h"

/** "Packages" ... as it stands in the top line; short where the screen is narrow. */
const char *tab_title(int tab, bool narrow);
/** A new view for it. */
struct view *tab_new(struct app *app, int tab);
/** The tab whose title stands at that place of the screen, or -1. */
int tab_at(const struct app *app, int y, int x);
/** Draw the titles into the top line. */
void tabs_draw(const struct app *app, struct canvas *out);
