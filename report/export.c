#include "report/export.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>

/* Every NEVRA that RPM itself makes is of these; others would need quoting rules. */
static bool is_plain_nevra(const char *nevra)
{
	static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._+~^:";

	return nevra[0] && nevra[0] != '-' && nevra[strspn(nevra, PLAIN)] == '\0';
}

static int check_names(const struct plan_doc *doc, struct error *err)
{
	array_each (&doc->packages, i) {
		const struct plan_doc_item *item = &doc->packages.data[i];

		if (item->remove && !is_plain_nevra(item->nevra))
			return error_set(
				err, -EINVAL,
				"packages[%zu]: '%s' has characters that no package "
				"name may have",
				i, item->nevra);
	}
	return 0;
}

static void put_list(const struct plan_doc *doc, struct strbuf *out)
{
	array_each (&doc->packages, i)
		if (doc->packages.data[i].remove)
			strbuf_printf(out, "%s\n", doc->packages.data[i].nevra);
}

/* A script: its options go to rpm, so that it can be tried with --test. */
static void put_rpm(const struct plan_doc *doc, struct strbuf *out)
{
	strbuf_puts(out,
		    "#!/bin/sh\n"
		    "# Erases what a tare plan proposes. Options are handed to rpm:\n"
		    "#   --test         only ask RPM\n"
		    "#   --root ROOT    in that root\n");
	if (doc->packages_removed == 0) {
		strbuf_puts(out, "echo 'the plan removes nothing'\n");
		return;
	}
	strbuf_puts(out, "exec rpm -e \"$@\"");
	array_each (&doc->packages, i)
		if (doc->packages.data[i].remove)
			strbuf_printf(out, " \\\n\t%s", doc->packages.data[i].nevra);
	strbuf_putc(out, '\n');
}

static void (*const WRITERS[])(const struct plan_doc *doc, struct strbuf *out) = {
	put_list,
	put_rpm,
};

const char *const EXPORT_FORMATS[] = { "list", "rpm", NULL };

int export_plan(int format, const struct plan_doc *doc, struct strbuf *out,
		struct error *err)
{
	int r = check_names(doc, err);

	if (r < 0)
		return r;
	WRITERS[format](doc, out);
	return 0;
}
