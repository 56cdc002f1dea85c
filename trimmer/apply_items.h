/*
 * apply_items – what a plan says is to be done, out of its document: packages, single
 * files, services. A plan is a file from somewhere: plan_json.h checks the paths, and here
 * every unit's name is checked.
 */
#pragma once

#include "base/array.h"
#include "trimmer/plan_json.h"

enum service_action { SERVICE_MASK, SERVICE_DISABLE };

struct apply_service {
	const char *unit; /* "avahi-daemon.service": a name, no path */
	enum service_action action;
};

/* Texts are borrowed from the document. */
struct apply_items {
	ARRAY_OF(const char *) nevras;
	ARRAY_OF(const struct plan_doc_file *) files; /* by path */
	ARRAY_OF(struct apply_service) services;
};

/** @return 0; -EINVAL with the place ("services[3].unit: ...") */
int apply_items_read(const struct plan_doc *doc, struct apply_items *ret,
		     struct error *err);
void apply_items_release(struct apply_items *items);
