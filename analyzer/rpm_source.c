#include "analyzer/rpm_source.h"

#include "analyzer/rpm_header.h"
#include "analyzer/rpm_order.h"
#include "analyzer/rpm_record.h"
#include "base/macros.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

#define DAMAGES_MAX 50u /* told one by one */

struct reading {
	struct rpm_image *image;
	struct rpm_intern intern;
	struct strpool seen; /* header numbers */
};

static void note_damage(struct rpm_image *image, const struct rpm_record *record,
			const char *why)
{
	_cleanup_(freep) char *text = NULL;

	if (image->unreadable_count++ > DAMAGES_MAX)
		return;
	if (image->unreadable_count > DAMAGES_MAX)
		text = mem_strdup("more headers could not be read");
	else if (record->number)
		text = mem_printf("header %u could not be read: %s", record->number, why);
	else
		text = mem_printf("a header could not be read: %s", why);
	array_push(&image->problems,
		   (struct rpm_problem){ .rule = RPM_PROBLEM_DATABASE,
					 .text = strpool_add(&image->strings, text) });
}

static bool seen_before(struct reading *reading, uint32_t number)
{
	char text[16];
	size_t before = reading->seen.count;

	snprintf(text, sizeof(text), "%u", number);
	return number && strpool_add(&reading->seen, text) &&
	       reading->seen.count == before;
}

/* Ids of packages, files and the rest are 32 bits wide. */
static bool is_full(const struct rpm_image *image)
{
	const size_t most = (size_t)1 << 28;

	return image->files.len > most || image->file_depends.len > most ||
	       image->provides.len > most || image->requirements.len > most ||
	       image->nodes.len > most || image->scriptlets.len > most;
}

static int on_record(const struct rpm_record *record, void *arg, struct error *err)
{
	struct reading *reading = arg;
	struct rpm_image *image = reading->image;
	const char *why = record->damage;

	image->header_count++;
	if (!why && seen_before(reading, record->number))
		why = "its number is there twice";
	if (!why)
		why = rpm_header_read(&reading->intern, record->bytes, record->len,
				      record->number);
	if (why)
		note_damage(image, record, why);
	if (is_full(image))
		return error_set(err, -E2BIG, "its headers hold more than can be true");
	return 0;
}

static int read_records(struct rootfs *root, const struct rpm_location *place,
			struct reading *reading, struct error *err)
{
	switch (place->backend) {
	case RPM_BACKEND_SQLITE:
		return rpm_sqlite_each(root, place, on_record, reading, err);
	case RPM_BACKEND_BDB:
		return rpm_bdb_each(place->fd, on_record, reading, err);
	case RPM_BACKEND_NDB:
		return rpm_ndb_each(place->fd, on_record, reading, err);
	}
	return error_set(err, -ENOTSUP, "it is of an unknown kind");
}

static int check_result(const struct rpm_image *image, struct error *err)
{
	if (image->packages.len)
		return 0;
	if (image->header_count == 0)
		return error_set(err, -ENODATA, "it holds no package");
	return error_set(err, -ENODATA, "none of its %llu headers can be read: %s",
			 (unsigned long long)image->header_count,
			 rpm_image_text(image, image->problems.data[0].text));
}

int rpm_source_read(struct rootfs *root, const struct rpm_location *place,
		    struct rpm_image *image, struct error *err)
{
	struct reading reading = { .image = image };
	int r;

	rpm_intern_init(&reading.intern, image);
	strpool_init(&reading.seen);
	image->backend = rpm_backend_name(place->backend);
	image->db_path = mem_strdup(place->path);
	r = read_records(root, place, &reading, err);
	if (r == 0)
		r = check_result(image, err);
	if (r == 0)
		rpm_order(image);
	strpool_release(&reading.seen);
	rpm_intern_release(&reading.intern);
	if (r < 0) {
		_cleanup_(freep) char *shown = text_printable_dup(place->path);

		return error_prefix(err, r, "cannot read the rpmdb '%s'", shown);
	}
	return 0;
}
