/*
 * listing_packages – the list of packages. For listing.c only.
 */
#pragma once

#include "report/listing.h"

#define LISTING_PACKAGE_COLUMN_COUNT 15
extern const struct table_column LISTING_PACKAGE_COLUMNS[LISTING_PACKAGE_COLUMN_COUNT];
extern const char *const LISTING_PACKAGE_FLAGS[];

int listing_fill_packages(const struct listing_source *source, struct table *table,
			  struct error *err);
