/*
 * dep_view – the tree of what a package needs, or of what needs it. Each line opens into
 * its own tree; a package that stands above itself is shown once more and not opened.
 */
#pragma once

#include "tui/deps.h"
#include "tui/session.h"
#include "tui/view.h"

/** Borrows session and deps. */
struct view *dep_view_new(const struct session *s, const struct deps *deps,
			  pkg_id package, bool reverse);
/**
 * The two packages that the line under the cursor links: who needs, and what is needed.
 * False at the top line, or when @p v is no such view.
 */
bool dep_view_link(const struct view *v, pkg_id *ret_from, pkg_id *ret_to);
