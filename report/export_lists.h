/*
 * export_lists – what a plan removes, sorted and checked, as the writers of export.h want
 * it: names of which every installed package goes, those of which some stay, files that
 * all formats can name, units to mask.
 *
 *	struct export_lists lists;
 *	r = export_lists_init(&lists, doc, err);
 *	...
 *	export_lists_release(&lists);
 */
#pragma once

#include "base/array.h"
#include "base/strbuf.h"
#include "trimmer/plan_json.h"

struct export_file {
	const char *path;
	const char *name; /* of the package that owns it, "" for none */
};

/* Texts are borrowed from the plan; all lists are in bytewise order. */
struct export_lists {
	const struct plan_doc *plan;
	ARRAY_OF(const char *) nevras; /* removed packages, signing keys left out */
	ARRAY_OF(const char *) names;  /* all packages of that name go */
	ARRAY_OF(const char *)
	partial; /* NEVRAs that share their name with one that stays */
	ARRAY_OF(const char *) keys; /* gpg-pubkey: only rpm itself can erase it */
	ARRAY_OF(const char *) kept; /* names that stay */
	ARRAY_OF(struct export_file) files;
	ARRAY_OF(const char *) folders; /* left empty then; parents before children */
	ARRAY_OF(const char *) units;	/* to mask */
	uint32_t unsaid_files; /* their names have characters that need quoting */
};

/**
 * @return 0; -EINVAL when a package's name or unit has characters that none may have: such
 * a plan did not come from tare
 */
int export_lists_init(struct export_lists *lists, const struct plan_doc *plan,
		      struct error *err);
void export_lists_release(struct export_lists *lists);

/** Comment lines that say where the text comes from and what it leaves out, each behind
 * @p prefix. @p by_name: the format knows names alone, so that "partial" is left out. */
void export_head(const struct export_lists *lists, const char *prefix, bool by_name,
		 struct strbuf *out);
