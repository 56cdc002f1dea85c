/*
 * text_view – lines of text in a frame: help, details, chains, histories. A line may
 * stand for a node of the graph, to jump to or to ask about.
 *
 *	struct view *v = text_view_new("Why");
 *	text_view_printf(v, PAINT_TEXT, node, 2, "%s needs it", name);
 */
#pragma once

#include "tui/view.h"

struct view *text_view_new(const char *title);
/** Add a line (copied), @p indent columns in; node 0: it stands for none. */
void text_view_add(struct view *v, enum paint paint, uint32_t node, int indent,
		   const char *text);
void text_view_printf(struct view *v, enum paint paint, uint32_t node, int indent,
		      const char *fmt, ...) __attribute__((format(printf, 5, 6)));
