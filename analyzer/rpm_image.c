#include "analyzer/rpm_image.h"

#include "base/macros.h"
#include "base/mem.h"

#include <string.h>

static const char *const SENSE_NAMES[] = {
	"", "<", ">", "<>", "=", "<=", ">=", "<=>",
};

const char *rpm_sense_name(uint8_t sense)
{
	return SENSE_NAMES[sense % ARRAY_LEN(SENSE_NAMES)];
}

void rpm_image_init(struct rpm_image *image)
{
	*image = (struct rpm_image){ .backend = "" };
	strpool_init(&image->strings);
	array_push(&image->capabilities, (struct rpm_capability){ 0 });
	array_push(&image->nodes, (struct rpm_node){ 0 });
}

void rpm_image_release(struct rpm_image *image)
{
	array_each (&image->scriptlets, i)
		free(image->scriptlets.data[i].body);
	array_release(&image->packages);
	array_release(&image->files);
	array_release(&image->file_depends);
	array_release(&image->capabilities);
	array_release(&image->provides);
	array_release(&image->requirements);
	array_release(&image->nodes);
	array_release(&image->providers);
	array_release(&image->scriptlets);
	array_release(&image->problems);
	strpool_release(&image->strings);
	free(image->db_path);
	image->db_path = NULL;
}

const char *rpm_image_architecture(const struct rpm_image *image)
{
	size_t best = 0;
	str_id answer = 0;
	size_t *count = mem_calloc(image->strings.count + 1, sizeof(*count));

	array_each (&image->packages, i) {
		str_id arch = image->packages.data[i].arch;
		const char *text = rpm_image_text(image, arch);

		if (strcmp(text, "noarch") == 0 || strcmp(text, "(none)") == 0)
			continue;
		if (++count[arch] > best) {
			best = count[arch];
			answer = arch;
		}
	}
	free(count);
	return answer ? rpm_image_text(image, answer) : NULL;
}
