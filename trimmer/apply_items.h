/*
 * apply_items – what a plan says is to be done, out of its document: packages, single
 * files, services. A plan is a file from somewhere: every path and unit name is checked.
 */
#pragma once

#include "base/array.h"
#include "trimmer/plan_json.h"

enum service_action { SERVICE_MASK, SERVICE_DISABLE };

struct apply_file {
	const char *path;    /* clean, absolute inside the root, not "/" */
	const char *package; /* that owns it; "" */
	uint64_t disk_bytes;
};

struct apply_service {
	const char *unit; /* "avahi-daemon.service": a name, no path */
	enum service_action action;
};

/* Texts are borrowed from the document. */
struct apply_items {
	ARRAY_OF(const char *) nevras;
	ARRAY_OF(struct apply_file) files;
	ARRAY_OF(struct apply_service) services;
};

/** @return 0; -EINVAL with the place ("files[3].path: ...") */
int apply_items_read(const struct plan_doc *doc, struct apply_items *ret,
		     struct error *err);
void apply_items_release(struct apply_items *items);
