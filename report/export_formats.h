/*
 * export_formats – the writers behind the table of export.c.
 */
#pragma once

#include "report/export.h"
#include "report/export_lists.h"

/* Package managers (export_shell.c). */
int export_list(const struct export_lists *lists, struct strbuf *out, struct error *err);
int export_rpm(const struct export_lists *lists, struct strbuf *out, struct error *err);
int export_dnf(const struct export_lists *lists, struct strbuf *out, struct error *err);
int export_tdnf(const struct export_lists *lists, struct strbuf *out, struct error *err);
/* Files and units alone. */
int export_script(const struct export_lists *lists, struct strbuf *out,
		  struct error *err);
int export_containerfile(const struct export_lists *lists, struct strbuf *out,
			 struct error *err);
int export_kickstart(const struct export_lists *lists, struct strbuf *out,
		     struct error *err);

/* Image builders (export_image.c). */
int export_image_customizer(const struct export_lists *lists, struct strbuf *out,
			    struct error *err);
int export_kiwi(const struct export_lists *lists, struct strbuf *out, struct error *err);
int export_mkosi(const struct export_lists *lists, struct strbuf *out, struct error *err);
int export_rpm_ostree(const struct export_lists *lists, struct strbuf *out,
		      struct error *err);
int export_osbuild(const struct export_lists *lists, struct strbuf *out,
		   struct error *err);

/** The shell lines that remove files and mask units below $root, each behind @p indent;
 * nothing when there are none. */
void export_put_files(const struct export_lists *lists, const char *indent,
		      struct strbuf *out);
