#include "analyzer/rpm_image.h"

#include "base/macros.h"

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
