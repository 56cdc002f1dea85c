/*
 * Recommends that are sonames ("libcryptsetup.so.12()(64bit)"): how packagers say that a program
 * opens a library with dlopen when it is there. The edges begin at the package, as nothing says
 * which of its files does it.
 */
#include "analyzer/detect_list.h"

#include "base/text.h"

#define MAX_FOUND 8

/* Length of the soname in "libx.so.1()(64bit)"; 0 when the name has no such shape. */
static size_t soname_length(const char *name)
{
	size_t len = strcspn(name, "(");
	const char *so = strstr(name, ".so");

	if (!text_starts(name, "lib") || name[len] != '(' || !so || so > name + len)
		return 0;
	return so[3] == '.' || so[3] == '(' ? len : 0;
}

static void recommend(const struct detect *d, struct detect_sink *out,
		      const struct rpm_requirement *req, const char *name)
{
	const struct tree_entry *found[MAX_FOUND];
	size_t n =
		resolve_soname(d->resolve, name, soname_length(name), found, MAX_FOUND);
	_cleanup_(freep) char *text = mem_printf("Recommends: %s", name);

	for (size_t i = 0; i < n; i++)
		edge_list_add(&out->edges,
			      &(struct edge_row){ .from_package = req->package,
						  .to_file = tree_id(d->tree, found[i]),
						  .kind = EDGE_DLOPEN,
						  .strength = EDGE_LIKELY,
						  .cite_text = text });
}

static void recommends_whole(const struct detect *d, struct detect_sink *out)
{
	const struct rpm_image *rpm = d->rpm;

	array_each (&rpm->requirements, i) {
		const struct rpm_requirement *req = &rpm->requirements.data[i];
		const char *name;

		if (req->strength != REQ_RECOMMENDS || !req->node ||
		    rpm->nodes.data[req->node].op != NODE_CAPABILITY)
			continue;
		name = rpm_image_text(
			rpm, rpm->capabilities.data[rpm->nodes.data[req->node].capability]
				     .name);
		if (soname_length(name))
			recommend(d, out, req, name);
	}
}

const struct detector DETECT_RECOMMENDS = { .name = "recommends",
					    .whole = recommends_whole };
