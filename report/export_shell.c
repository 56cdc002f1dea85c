#include "report/export_formats.h"

#include <errno.h>
#include <string.h>

/* What one argument of execve() may hold (MAX_ARG_STRLEN of Linux is 128 KiB), with room
 * for the words around: RUN hands its line to a shell as one argument. */
#define RUN_MAX 100000u

static void put_packages(const char *const *names, size_t len, struct strbuf *out)
{
	for (size_t i = 0; i < len; i++)
		strbuf_printf(out, " \\\n\t%s", names[i]);
	strbuf_putc(out, '\n');
}

int export_list(const struct export_lists *lists, struct strbuf *out, struct error *err)
{
	const struct plan_doc *plan = lists->plan;

	(void)err;
	array_each (&plan->packages, i)
		if (plan->packages.data[i].remove)
			strbuf_printf(out, "%s\n", plan->packages.data[i].nevra);
	return 0;
}

/* Children first; a folder that holds something else now stays. */
static void put_folders(const struct export_lists *lists, const char *indent,
			struct strbuf *out)
{
	if (lists->folders.len == 0)
		return;
	strbuf_printf(out,
		      "%sempty() {\n"
		      "%s\tfor path; do rmdir -- \"$root$path\" 2> /dev/null || :; done\n"
		      "%s}\n"
		      "%sempty",
		      indent, indent, indent, indent);
	for (size_t i = lists->folders.len; i > 0; i--)
		strbuf_printf(out, " \\\n%s\t%s", indent, lists->folders.data[i - 1]);
	strbuf_putc(out, '\n');
}

void export_put_files(const struct export_lists *lists, const char *indent,
		      struct strbuf *out)
{
	if (lists->files.len > 0) {
		/* a function's arguments have no limit, those of a program do */
		strbuf_printf(out,
			      "%sgone() {\n"
			      "%s\tfor path; do rm -f -- \"$root$path\"; done\n"
			      "%s}\n"
			      "%sgone",
			      indent, indent, indent, indent);
		array_each (&lists->files, i)
			strbuf_printf(out, " \\\n%s\t%s", indent,
				      lists->files.data[i].path);
		strbuf_putc(out, '\n');
	}
	put_folders(lists, indent, out);
	if (lists->units.len == 0)
		return;
	strbuf_printf(out, "%smkdir -p \"$root/etc/systemd/system\"\n", indent);
	array_each (&lists->units, i)
		strbuf_printf(out,
			      "%sln -sfn /dev/null \"$root/etc/systemd/system/%s\"\n",
			      indent, lists->units.data[i]);
}

/* A script: its options go to the package manager, so that it can be tried. */
static void put_script_head(const struct export_lists *lists, bool by_name,
			    const char *options, struct strbuf *out)
{
	strbuf_puts(out, "#!/bin/sh\n");
	export_head(lists, "# ", by_name, out);
	strbuf_puts(out, options);
	strbuf_puts(out, "set -eu\n");
}

static const char NOTHING[] = "echo 'the plan removes nothing'\n";

static bool is_empty(const struct export_lists *lists)
{
	return lists->plan->packages_removed == 0 && lists->files.len == 0 &&
	       lists->units.len == 0;
}

int export_rpm(const struct export_lists *lists, struct strbuf *out, struct error *err)
{
	(void)err;
	put_script_head(lists, false,
			"# Options are handed to rpm:\n"
			"#   --test         only ask RPM\n"
			"#   --root ROOT    in that root\n",
			out);
	if (is_empty(lists)) {
		strbuf_puts(out, NOTHING);
		return 0;
	}
	strbuf_puts(out, "root='' test='' before=''\n"
			 "for option; do\n"
			 "\tcase $before in --root | -r) root=${option%/} ;; esac\n"
			 "\tcase $option in\n"
			 "\t--root=*) root=${option#--root=} root=${root%/} ;;\n"
			 "\t--test) test=1 ;;\n"
			 "\tesac\n"
			 "\tbefore=$option\n"
			 "done\n");
	if (lists->nevras.len + lists->keys.len > 0) {
		strbuf_puts(out, "rpm -e \"$@\"");
		array_each (&lists->keys, i)
			strbuf_printf(out, " \\\n\t%s", lists->keys.data[i]);
		put_packages(lists->nevras.data, lists->nevras.len, out);
	}
	if (lists->files.len + lists->units.len > 0)
		strbuf_puts(out, "[ -z \"$test\" ] || exit 0\n");
	export_put_files(lists, "", out);
	return 0;
}

/* Removing what is no longer needed, or refusing what is "protected", is the plan's
 * business and not the package manager's. */
int export_dnf(const struct export_lists *lists, struct strbuf *out, struct error *err)
{
	(void)err;
	put_script_head(lists, false,
			"# Options are handed to dnf (4 or 5): --assumeno only asks.\n"
			"# Files and units: see 'tare export -f script'.\n",
			out);
	if (lists->nevras.len == 0) {
		strbuf_puts(out, NOTHING);
		return 0;
	}
	strbuf_puts(out, "exec dnf -y --setopt=clean_requirements_on_remove=False \\\n"
			 "\t--setopt=protected_packages= \"$@\" remove");
	put_packages(lists->nevras.data, lists->nevras.len, out);
	return 0;
}

int export_tdnf(const struct export_lists *lists, struct strbuf *out, struct error *err)
{
	(void)err;
	put_script_head(lists, true,
			"# Options are handed to tdnf: --assumeno only asks,\n"
			"# --installroot DIR works in that root.\n"
			"# Files and units: see 'tare export -f script'.\n",
			out);
	if (lists->names.len == 0) {
		strbuf_puts(out, NOTHING);
		return 0;
	}
	strbuf_puts(out, "exec tdnf -y --noautoremove \"$@\" remove");
	put_packages(lists->names.data, lists->names.len, out);
	return 0;
}

int export_script(const struct export_lists *lists, struct strbuf *out, struct error *err)
{
	(void)err;
	put_script_head(lists, false,
			"# This is the part of files and units: removes those files,\n"
			"# masks those units below the root given (default: /).\n",
			out);
	strbuf_puts(out, "root=${1:-}\nroot=${root%/}\n");
	export_put_files(lists, "", out);
	if (lists->files.len + lists->units.len == 0)
		strbuf_puts(out, "echo 'the plan removes no files and masks no units'\n");
	return 0;
}

/* RUN lines of files, each below the limit of one argument. */
static void put_run_files(const struct export_lists *lists, struct strbuf *out)
{
	size_t begin = 0;

	array_each (&lists->files, i) {
		if (i == 0 || out->len - begin > RUN_MAX) {
			strbuf_puts(out, i == 0 ? "" : "\n");
			begin = out->len;
			strbuf_puts(out, "RUN rm -f --");
		}
		strbuf_printf(out, " \\\n    %s", lists->files.data[i].path);
	}
	strbuf_puts(out, lists->files.len > 0 ? "\n" : "");
	array_each (&lists->units, i)
		strbuf_printf(out,
			      "RUN mkdir -p /etc/systemd/system && "
			      "ln -sfn /dev/null /etc/systemd/system/%s\n",
			      lists->units.data[i]);
}

int export_containerfile(const struct export_lists *lists, struct strbuf *out,
			 struct error *err)
{
	size_t begin;

	export_head(lists, "# ", false, out);
	strbuf_puts(out,
		    "# Build with --build-arg BASE=IMAGE. The last stage is one layer: "
		    "what an earlier\n"
		    "# layer holds, a later one cannot free. Add the ENV, USER and "
		    "ENTRYPOINT of BASE.\n"
		    "ARG BASE\n"
		    "FROM ${BASE} AS trimmed\n");
	begin = out->len;
	if (lists->nevras.len > 0) {
		strbuf_puts(out, "RUN rpm -e");
		array_each (&lists->nevras, i)
			strbuf_printf(out, " \\\n    %s", lists->nevras.data[i]);
		strbuf_putc(out, '\n');
	}
	if (out->len - begin > RUN_MAX)
		return error_set(err, -EINVAL,
				 "%zu packages are too many for one RUN line, which is "
				 "one transaction: use -f rpm and COPY the script",
				 lists->nevras.len);
	put_run_files(lists, out);
	strbuf_puts(out, "FROM scratch\nCOPY --from=trimmed / /\n");
	return 0;
}

int export_kickstart(const struct export_lists *lists, struct strbuf *out,
		     struct error *err)
{
	(void)err;
	export_head(lists, "# ", true, out);
	strbuf_puts(out, "# Include it in a kickstart file: %include trim.ks\n"
			 "%packages\n");
	array_each (&lists->names, i)
		strbuf_printf(out, "-%s\n", lists->names.data[i]);
	strbuf_puts(out, "%end\n");
	if (lists->files.len + lists->units.len == 0)
		return 0;
	strbuf_puts(out, "%post --erroronfail\nset -eu\nroot=''\n");
	export_put_files(lists, "", out);
	strbuf_puts(out, "%end\n");
	return 0;
}
