#include "report/export.h"

#include "base/macros.h"
#include "report/export_formats.h"
#include "report/sbom.h"

struct format {
	int (*write)(const struct export_lists *lists, struct strbuf *out,
		     struct error *err);
	/* the same for what stays */
	int (*write_bill)(const struct graph *g, const struct plan_doc *plan,
			  struct strbuf *out, struct error *err);
};

static const struct format FORMATS[] = {
	{ .write = export_list },	   { .write = export_rpm },
	{ .write = export_dnf },	   { .write = export_tdnf },
	{ .write = export_script },	   { .write = export_image_customizer },
	{ .write = export_kiwi },	   { .write = export_mkosi },
	{ .write = export_rpm_ostree },	   { .write = export_osbuild },
	{ .write = export_containerfile }, { .write = export_kickstart },
	{ .write_bill = sbom_cyclonedx },  { .write_bill = sbom_spdx },
};

const char *const EXPORT_FORMATS[] = { "list",	    "rpm",	     "dnf",
				       "tdnf",	    "script",	     "image-customizer",
				       "kiwi",	    "mkosi",	     "rpm-ostree",
				       "osbuild",   "containerfile", "kickstart",
				       "cyclonedx", "spdx",	     NULL };

_Static_assert(ARRAY_LEN(EXPORT_FORMATS) == ARRAY_LEN(FORMATS) + 1,
	       "each format has a name");

bool export_needs_graph(int format)
{
	return FORMATS[format].write_bill != NULL;
}

int export_plan(int format, const struct export_input *input, struct strbuf *out,
		struct error *err)
{
	const struct format *row = &FORMATS[format];
	struct export_lists lists;
	int r;

	if (row->write_bill)
		return row->write_bill(input->graph, input->plan, out, err);
	r = export_lists_init(&lists, input->plan, err);
	if (r < 0)
		return r;
	r = row->write(&lists, out, err);
	export_lists_release(&lists);
	return r;
}
