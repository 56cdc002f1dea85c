/*
 * listing_services – the list of systemd units: what starts them, what they run, and what
 * daemons that start by default take of memory. For listing.c.
 */
#pragma once

#include "report/listing.h"

#define LISTING_SERVICE_COLUMN_COUNT 9
extern const struct table_column LISTING_SERVICE_COLUMNS[LISTING_SERVICE_COLUMN_COUNT];

int listing_fill_services(const struct listing_source *source, struct table *table,
			  struct error *err);
