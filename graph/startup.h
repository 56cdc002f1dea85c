/*
 * startup – what systemd starts when the machine boots, as far as the graph can tell: the
 * units that default.target asks for, and the daemons among them.
 *
 *	_cleanup_(startup_release) struct startup s;
 *	startup_find(g, &s);
 *	array_each (&s.daemons, i)
 *		use(s.daemons.data[i].unit);
 *
 * The rules, each the one of systemd.unit(5) or a decision:
 *
 * - A started unit starts what its Requires=, BindsTo=, Wants= and Upholds= name and what
 *   is in its .wants, .requires and .upholds folders; its drop-ins speak for it. Units are
 *   found by name: /etc before /run, /usr/local/lib, /usr/lib. A link to /dev/null is a
 *   masked unit and never starts.
 * - A daemon is a started service with a program that is not of Type=oneshot. Process 1 is
 *   one, too (without a unit).
 * - Sockets, timers and paths are started, the services that they activate are not: they
 *   take no memory until somebody calls. D-Bus is different: every service with a
 *   BusName= connects at once, so the bus's own service counts as started.
 * - Conditions on paths are asked of the graph, but not for what a running kernel makes
 *   (/dev, /proc, /run, /sys): those count as met. A service that wants a certain
 *   virtualization, a word of the kernel command line or a first boot does not start; one
 *   that only must not see them does. Other conditions count as met.
 * - Generators (fstab, getty on serial lines) are programs and are not run.
 */
#pragma once

#include "base/array.h"
#include "base/idset.h"
#include "graph/snapshot.h"

#define STARTUP_NO_EDGE UINT32_MAX

struct startup_daemon {
	file_id unit;	 /* 0: process 1 */
	file_id program; /* what ExecStart= names, links followed */
	file_id image;	 /* the ELF file that runs: the program or its interpreter; 0:
			    none was found */
	pkg_id package;	 /* that brings the unit, else the program; 0: nobody */
	uint32_t edge;	 /* index in graph.edges that starts it; STARTUP_NO_EDGE */
};

struct startup {
	file_id first;	      /* what default.target is; 0: no systemd */
	struct idset started; /* files: units, drop-ins, links to them */
	struct idset unmet;   /* files: services that are started but for a condition */
	uint32_t *edges;      /* [file_count + 1] by unit: the first edge that starts it,
				STARTUP_NO_EDGE */
	ARRAY_OF(struct startup_daemon) daemons; /* by unit, then program */
};

void startup_find(const struct graph *g, struct startup *ret);
void startup_release(struct startup *s);

/** Follow links through the graph; 0 when they lead nowhere. */
file_id startup_follow(const struct graph *g, file_id f);
/** The ELF file that runs when @p program is started: itself, or its interpreter's; 0. */
file_id startup_image(const struct graph *g, file_id program);
/** True for an edge by which a started unit starts another one. */
bool startup_is_start(const struct graph *g, const struct graph_edge *edge);
/** The daemon of this unit, or NULL. */
const struct startup_daemon *startup_daemon_of(const struct startup *s, file_id unit);
