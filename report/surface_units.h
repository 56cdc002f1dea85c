/*
 * surface_units – which services and sockets systemd starts at boot without being asked.
 * For measure_surface.c.
 */
#pragma once

#include "base/idset.h"
#include "graph/snapshot.h"

/**
 * The unit files that the default target pulls in, step by step (file_id sets, added to).
 * What a socket, timer, path or D-Bus name would start later is not among them, nor what
 * only a failure starts, nor masked units. One-shot services are.
 */
void surface_find_units(const struct graph *g, struct idset *services,
			struct idset *sockets);
