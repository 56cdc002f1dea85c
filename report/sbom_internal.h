/*
 * sbom_internal – what both bills of materials are made from.
 */
#pragma once

#include "base/array.h"
#include "base/idset.h"
#include "base/json.h"
#include "report/sbom.h"

struct sbom {
	const struct graph *graph;
	struct idset kept; /* pkg_id; signing keys are no software and left out */
	char uuid[40];	   /* "xxxxxxxx-...": of the list of what stays */
	char created[24];  /* "2024-02-29T12:00:00Z": when the newest was installed */
};

typedef ARRAY_OF(pkg_id) sbom_packages;

int sbom_init(struct sbom *sbom, const struct graph *g, const struct plan_doc *plan,
	      struct error *err);
void sbom_release(struct sbom *sbom);
/** "pkg:rpm/azurelinux/bash@5.1-1?arch=x86_64&upstream=..."; new memory. */
char *sbom_purl(const struct graph *g, pkg_id p);
/** "[epoch:]version-release"; new memory. */
char *sbom_version(const struct graph *g, pkg_id p);
/** The kept packages that satisfy a requirement of @p p, ascending, without @p p. */
void sbom_needs(const struct sbom *sbom, pkg_id p, sbom_packages *ret);
