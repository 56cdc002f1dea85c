/*
 * texts – the pages of text about one thing: why it is here, all that is known of it, the
 * help, the history of marks, what links two packages. Each is a new text view.
 */
#pragma once

#include "report/source.h"
#include "tui/deps.h"
#include "tui/session.h"
#include "tui/view.h"

/** Requests, their keys and what they do; the words of filters and flags. */
struct view *help_text(const struct keymap *keys, const struct source_ops *source);
struct view *why_text(const struct session *s, const struct deps *deps, uint32_t node);
struct view *details_text(const struct session *s, uint32_t node, enum units_style units);
struct view *history_text(const struct marks *m);
/** All that is needed, or needs it, nearest first. */
struct view *reach_text(const struct session *s, const struct deps *deps, pkg_id package,
			bool reverse);
/** Every link from one package to another, with who else provides it. */
struct view *links_text(const struct session *s, const struct deps *deps, pkg_id from,
			pkg_id to);
