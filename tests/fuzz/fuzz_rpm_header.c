/*
 * Headers of an rpmdb: one header is read twice into an image, put in order, matched with
 * itself and asked for its files' needs.
 */
#include "analyzer/rpm_declared.h"
#include "analyzer/rpm_header.h"
#include "analyzer/rpm_match.h"
#include "analyzer/rpm_order.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_runs(const struct rpm_image *image)
{
	array_each (&image->packages, i) {
		const struct rpm_package *p = &image->packages.data[i];

		if (p->files_at + p->files_len > image->files.len ||
		    p->provides_at + p->provides_len > image->provides.len ||
		    p->requirements_at + p->requirements_len > image->requirements.len ||
		    p->scriptlets_at + p->scriptlets_len > image->scriptlets.len)
			__builtin_trap();
	}
	array_each (&image->requirements, i)
		if (image->requirements.data[i].node == 0 ||
		    image->requirements.data[i].node >= image->nodes.len)
			__builtin_trap();
	array_each (&image->files, i)
		if (rpm_image_text(image, image->files.data[i].path)[0] != '/')
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rpm_declared_need need;
	struct rpm_declared *declared;
	struct rpm_intern in;
	struct rpm_image image;

	rpm_image_init(&image);
	rpm_intern_init(&in, &image);
	for (uint32_t number = 1; number <= 2; number++)
		rpm_header_read(&in, data, len, number);
	rpm_order(&image);
	rpm_intern_release(&in);
	check_runs(&image);
	rpm_match(&image, NULL, NULL, NULL);
	declared = rpm_declared_new(&image);
	while (rpm_declared_next(declared, &need))
		if (need.file >= image.files.len)
			__builtin_trap();
	rpm_declared_free(declared);
	rpm_image_release(&image);
	return 0;
}
