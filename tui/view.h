/*
 * view – the contract between the main loop (tui/app.c) and everything that fills the
 * middle of the screen: lists, trees and texts.
 *
 * A view draws itself into cells and answers requests; what concerns more than the view
 * (closing it, opening another one, marks) it leaves to the loop. Drawing changes nothing.
 */
#pragma once

#include "report/filter.h"
#include "tui/canvas.h"
#include "tui/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What the main loop must do after a request; flags. */
enum reaction {
	REACT_NONE = 0,
	REACT_REDRAW = 1 << 0,
	REACT_CLOSE = 1 << 1,	/* this view is done */
	REACT_IGNORED = 1 << 2, /* not mine: try what holds everywhere */
	REACT_JUMP = 1 << 3,	/* show view->jump in its own view, close this one */
};

struct area {
	int y, x, height, width;
};

struct view;

struct view_ops {
	/** What depends on the graph, the marks or the plan changed. */
	void (*refresh)(struct view *v);
	/** Draw into the area, all of it. */
	void (*draw)(const struct view *v, struct canvas *out, const struct area *area);
	/** @return flags of enum reaction */
	unsigned int (*request)(struct view *v, enum request request);
	/** Click in the area, counted from its corner; may be NULL. */
	unsigned int (*click)(struct view *v, int y, int x, bool twice);
	/** Long work: go on for some milliseconds; true while there is more. May be NULL. */
	bool (*work)(struct view *v, unsigned int milliseconds);
	/** The node of the graph that requests like "why" mean; 0: none. May be NULL. */
	uint32_t (*subject)(const struct view *v);
	/** Put the cursor on a node; false when it has no line here. May be NULL. */
	bool (*show_node)(struct view *v, uint32_t node);
	/**
	 * Search from the cursor on: @p step 0 for the text being typed (stays where it is
	 * when that matches), +1 or -1 for the next. False: nothing found. May be NULL.
	 */
	bool (*search)(struct view *v, const struct pattern *pattern, int step);
	/** 0, or -EINVAL when the text is no filter. May be NULL. */
	int (*filter)(struct view *v, const char *text, struct error *err);
	/** One line about what is shown ("12 of 652, by size"), into @p buf. May be NULL. */
	void (*status)(const struct view *v, char *buf, size_t len);
	void (*free)(struct view *v);
};

struct view {
	const struct view_ops *ops;
	char *title;	   /* owned */
	int height, width; /* of its area, set by the loop */
	uint32_t jump;	   /* a node, with REACT_JUMP */
	bool plain;	   /* no bars, words instead of signs */
};
