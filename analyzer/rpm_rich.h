/*
 * rpm_rich – rich dependencies as expression trees, by RPM's own parser.
 *
 *	(a or b or c)          or(a, or(b, c)), as RPM nests a chain
 *	(a if b else c)        if: left a, right b, otherwise c
 *	(foo >= 1 with foo < 2)
 */
#pragma once

#include "analyzer/rpm_intern.h"

/**
 * The tree of a rich dependency ("(" first). The same text gives the same tree.
 * @return the root; 0 when RPM cannot parse it, or when it is nested deeper or longer than
 *         any dependency has a use for (a problem is noted)
 */
node_id rpm_rich_parse(struct rpm_intern *in, const char *text);
