#include "report/export_formats.h"

#include <string.h>

/* Sources of the formats: the Image Customizer's configuration (os.packages.remove,
 * scripts.postCustomization), KIWI's image description (kiwi.rng 7.5), mkosi(1) [Content],
 * rpm-ostree's treefile reference, osbuild's blueprint reference. */

int export_image_customizer(const struct export_lists *lists, struct strbuf *out,
			    struct error *err)
{
	(void)err;
	export_head(lists, "# ", true, out);
	strbuf_puts(out, "os:\n  packages:\n    remove:");
	strbuf_puts(out, lists->names.len > 0 ? "\n" : " []\n");
	array_each (&lists->names, i)
		strbuf_printf(out, "    - '%s'\n", lists->names.data[i]);
	if (lists->files.len + lists->units.len == 0)
		return 0;
	strbuf_puts(out, "scripts:\n"
			 "  postCustomization:\n"
			 "  - name: trim\n"
			 "    content: |\n"
			 "      set -eu\n"
			 "      root=''\n");
	export_put_files(lists, "      ", out);
	return 0;
}

/* "--" may not stand in a comment of XML. */
static void put_xml_comment(const char *text, struct strbuf *out)
{
	strbuf_puts(out, "<!--\n");
	for (const char *s = text; *s; s++) {
		strbuf_putc(out, *s);
		if (*s == '-' && s[1] == '-')
			strbuf_putc(out, ' ');
	}
	strbuf_puts(out, "-->\n");
}

static void put_outside(const struct export_lists *lists, const char *where,
			struct strbuf *out)
{
	if (lists->files.len + lists->units.len > 0)
		strbuf_printf(out,
			      "left out: %zu files and %zu units; call the output of "
			      "'tare export -f script' %s\n",
			      lists->files.len, lists->units.len, where);
}

/* "delete" erases exactly these; "uninstall" would take what needs them along, in silence.
 */
int export_kiwi(const struct export_lists *lists, struct strbuf *out, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf head = { 0 };

	(void)err;
	export_head(lists, "", true, &head);
	put_outside(lists, "in images.sh", &head);
	strbuf_puts(&head, "Put this element into the image description.\n");
	put_xml_comment(strbuf_text(&head), out);
	strbuf_puts(out, "<packages type=\"delete\">\n");
	array_each (&lists->names, i)
		strbuf_printf(out, "    <package name=\"%s\"/>\n", lists->names.data[i]);
	strbuf_puts(out, "</packages>\n");
	return 0;
}

int export_mkosi(const struct export_lists *lists, struct strbuf *out, struct error *err)
{
	(void)err;
	export_head(lists, "# ", true, out);
	if (lists->units.len > 0)
		strbuf_printf(out,
			      "# left out: %zu units; call the output of 'tare export -f "
			      "script' in mkosi.finalize\n",
			      lists->units.len);
	strbuf_puts(out, "[Content]\n");
	array_each (&lists->names, i)
		strbuf_printf(out, "%s%s\n", i == 0 ? "RemovePackages=" : "        ",
			      lists->names.data[i]);
	array_each (&lists->files, i)
		strbuf_printf(out, "%s%s\n", i == 0 ? "RemoveFiles=" : "        ",
			      lists->files.data[i].path);
	return 0;
}

/* A whole path as a regular expression in YAML's single quotes. */
static void put_regex(const char *path, struct strbuf *out)
{
	strbuf_puts(out, "'^");
	for (const char *s = path; *s; s++) {
		if (strchr(".+^", *s))
			strbuf_putc(out, '\\');
		strbuf_putc(out, *s);
	}
	strbuf_puts(out, "$'");
}

static int by_package(const void *a, const void *b)
{
	const struct export_file *const *x = a, *const *y = b;
	int r = strcmp((*x)->name, (*y)->name);

	return r ? r : strcmp((*x)->path, (*y)->path);
}

typedef ARRAY_OF(const struct export_file *) file_refs;

static void put_package_files(const file_refs *refs, struct strbuf *out)
{
	const char *name = "";

	array_each (refs, i) {
		const struct export_file *file = refs->data[i];

		if (!file->name[0])
			continue;
		if (!name[0])
			strbuf_puts(out, "remove-from-packages:\n");
		if (strcmp(file->name, name) != 0)
			strbuf_printf(out, "  - - '%s'\n", file->name);
		strbuf_puts(out, "    - ");
		put_regex(file->path, out);
		strbuf_putc(out, '\n');
		name = file->name;
	}
}

/* Paths without their first slash, as the treefile wants them. */
static void put_other_files(const file_refs *refs, struct strbuf *out)
{
	bool first = true;

	array_each (refs, i) {
		const struct export_file *file = refs->data[i];

		if (file->name[0])
			continue;
		if (first)
			strbuf_puts(out, "remove-files:\n");
		strbuf_printf(out, "  - '%s'\n", file->path + 1);
		first = false;
	}
}

int export_rpm_ostree(const struct export_lists *lists, struct strbuf *out,
		      struct error *err)
{
	file_refs refs = { 0 };

	(void)err;
	export_head(lists, "# ", true, out);
	if (lists->units.len > 0)
		strbuf_printf(out,
			      "# left out: %zu units; call the output of 'tare export -f "
			      "script' as postprocess-script\n",
			      lists->units.len);
	array_each (&lists->files, i)
		array_push(&refs, &lists->files.data[i]);
	array_sort(&refs, by_package);
	strbuf_puts(out, lists->names.len > 0 ? "exclude-packages:\n"
					      : "exclude-packages: []\n");
	array_each (&lists->names, i)
		strbuf_printf(out, "  - '%s'\n", lists->names.data[i]);
	put_package_files(&refs, out);
	put_other_files(&refs, out);
	array_release(&refs);
	return 0;
}

/* A blueprint has no words for leaving out: it names what stays. */
int export_osbuild(const struct export_lists *lists, struct strbuf *out,
		   struct error *err)
{
	const char *last = "";

	(void)err;
	export_head(lists, "# ", true, out);
	if (lists->files.len > 0)
		strbuf_printf(out, "# left out: %zu files: a blueprint removes none\n",
			      lists->files.len);
	strbuf_puts(out, "name = \"trimmed\"\n"
			 "description = \"The packages that a tare plan keeps\"\n"
			 "version = \"0.0.1\"\n");
	array_each (&lists->kept, i) {
		if (strcmp(lists->kept.data[i], last) == 0 ||
		    strcmp(lists->kept.data[i], "gpg-pubkey") == 0)
			continue;
		last = lists->kept.data[i];
		strbuf_printf(out, "\n[[packages]]\nname = \"%s\"\nversion = \"*\"\n",
			      last);
	}
	if (lists->units.len == 0)
		return 0;
	strbuf_puts(out, "\n[customizations.services]\nmasked = [");
	array_each (&lists->units, i)
		strbuf_printf(out, "%s\"%s\"", i > 0 ? ", " : "", lists->units.data[i]);
	strbuf_puts(out, "]\n");
	return 0;
}
