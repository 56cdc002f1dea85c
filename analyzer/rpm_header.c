#include "analyzer/rpm_header.h"

#include "analyzer/rpm_record.h"
#include "analyzer/rpm_tags.h"
#include "base/macros.h"
#include "base/strbuf.h"

#include <inttypes.h>

/* A petabyte: more than any package, and sums of them stay far from overflowing. */
#define BYTES_MAX ((uint64_t)1 << 50)

/* Tags that a signature of any kind leaves in an installed header; 278 is RPM 6's. */
static const rpmTagVal SIGNATURES[] = {
	RPMTAG_SIGPGP, RPMTAG_SIGGPG, RPMTAG_RSAHEADER, RPMTAG_DSAHEADER, 278,
};

static const char *const KEY_NAME = "gpg-pubkey";

static str_id text_tag(struct rpm_intern *in, Header h, rpmTagVal tag)
{
	struct tag_strings strings;
	str_id id;

	tag_strings_get(h, tag, &strings);
	id = rpm_intern_text(in, tag_string(&strings, 0, ""));
	tag_strings_release(&strings);
	return id;
}

static uint64_t declared_bytes(struct rpm_intern *in, Header h)
{
	uint64_t bytes =
		tag_first_number(h, RPMTAG_LONGSIZE, tag_first_number(h, RPMTAG_SIZE, 0));

	if (bytes <= BYTES_MAX)
		return bytes;
	rpm_intern_problem(in, RPM_PROBLEM_HEADER,
			   "its size of %" PRIu64 " bytes cannot be", bytes);
	return 0;
}

static str_id nevra(struct rpm_intern *in, const struct rpm_package *pkg)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	const struct rpm_image *image = in->image;

	strbuf_printf(&text, "%s-", rpm_image_text(image, pkg->name));
	if (pkg->epoch >= 0)
		strbuf_printf(&text, "%" PRId64 ":", pkg->epoch);
	strbuf_printf(&text, "%s-%s", rpm_image_text(image, pkg->version),
		      rpm_image_text(image, pkg->release));
	if (*rpm_image_text(image, pkg->arch))
		strbuf_printf(&text, ".%s", rpm_image_text(image, pkg->arch));
	return strpool_add(&in->image->strings, text.data);
}

static bool is_signed(Header h)
{
	for (size_t i = 0; i < ARRAY_LEN(SIGNATURES); i++)
		if (tag_present(h, SIGNATURES[i]))
			return true;
	return false;
}

static void read_labels(struct rpm_intern *in, Header h, struct rpm_package *pkg)
{
	uint64_t epoch = tag_first_number(h, RPMTAG_EPOCH, UINT64_MAX);

	pkg->name = text_tag(in, h, RPMTAG_NAME);
	pkg->version = text_tag(in, h, RPMTAG_VERSION);
	pkg->release = text_tag(in, h, RPMTAG_RELEASE);
	pkg->arch = text_tag(in, h, RPMTAG_ARCH);
	pkg->epoch = epoch <= UINT32_MAX ? (int64_t)epoch : -1;
	pkg->nevra = nevra(in, pkg);
	pkg->is_key = strcmp(rpm_image_text(in->image, pkg->name), KEY_NAME) == 0;
}

static bool is_empty(const struct rpm_intern *in, str_id id)
{
	return *rpm_image_text(in->image, id) == '\0';
}

/* A name goes into commands and lists, one a line. */
static void check_labels(struct rpm_intern *in, const struct rpm_package *pkg)
{
	const str_id labels[] = { pkg->name, pkg->version, pkg->release, pkg->arch };

	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		const char *text = rpm_image_text(in->image, labels[i]);

		for (const char *c = text; *c; c++) {
			if ((unsigned char)*c > ' ' && *c != '/' && *c != 0x7f)
				continue;
			rpm_intern_problem(in, RPM_PROBLEM_HEADER,
					   "its label '%.200s' has a blank, a slash or a "
					   "control character",
					   text);
			return;
		}
	}
}

static const char *read_package(struct rpm_intern *in, Header h, uint32_t number,
				size_t len)
{
	struct rpm_package pkg = { .header_number = number, .header_bytes = len };

	in->package = (pkg_id)in->image->packages.len + 1;
	in->problems = 0;
	read_labels(in, h, &pkg);
	if (is_empty(in, pkg.name) || is_empty(in, pkg.version) ||
	    is_empty(in, pkg.release))
		return "it has no name, version or release";
	check_labels(in, &pkg);
	pkg.summary = text_tag(in, h, RPMTAG_SUMMARY);
	pkg.license = text_tag(in, h, RPMTAG_LICENSE);
	pkg.vendor = text_tag(in, h, RPMTAG_VENDOR);
	pkg.source_rpm = text_tag(in, h, RPMTAG_SOURCERPM);
	pkg.install_time = (int64_t)(uint32_t)tag_first_number(h, RPMTAG_INSTALLTIME, 0);
	pkg.declared_bytes = declared_bytes(in, h);
	pkg.is_signed = is_signed(h);
	rpm_header_files(in, h, &pkg);
	rpm_header_provides(in, h, &pkg);
	rpm_header_requirements(in, h, &pkg);
	rpm_header_scriptlets(in, h, &pkg);
	array_push(&in->image->packages, pkg);
	return NULL;
}

const char *rpm_header_read(struct rpm_intern *in, const void *bytes, size_t len,
			    uint32_t number)
{
	const char *why;
	Header h;

	/* headerImport() looks at the first 8 bytes before their number */
	if (len < 16 || len > RPM_BLOB_MAX)
		return "its size cannot be";
	h = headerImport((void *)bytes, (unsigned int)len, HEADERIMPORT_COPY);
	if (!h)
		return "it is no RPM header";
	why = read_package(in, h, number, len);
	in->package = 0;
	headerFree(h);
	return why;
}
