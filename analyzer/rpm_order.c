#include "analyzer/rpm_order.h"

#include "base/macros.h"

#include <string.h>

static int compare_text(const struct rpm_image *image, str_id a, str_id b)
{
	return a == b ? 0 : strcmp(rpm_image_text(image, a), rpm_image_text(image, b));
}

static int by_label(const void *va, const void *vb, void *arg)
{
	const struct rpm_image *image = arg;
	const struct rpm_package *a = &image->packages.data[*(const uint32_t *)va];
	const struct rpm_package *b = &image->packages.data[*(const uint32_t *)vb];
	int r = compare_text(image, a->name, b->name);

	if (r == 0 && a->epoch != b->epoch)
		r = a->epoch < b->epoch ? -1 : 1;
	if (r == 0)
		r = compare_text(image, a->version, b->version);
	if (r == 0)
		r = compare_text(image, a->release, b->release);
	if (r == 0)
		r = compare_text(image, a->arch, b->arch);
	if (r == 0 && a->header_number != b->header_number)
		r = a->header_number < b->header_number ? -1 : 1;
	return r ? r : a < b ? -1 : a > b;
}

/* Copy the run of @p n elements at @p at to the end of @p to; where it begins there. */
#define MOVE_RUN(to, from, at, n)                                                        \
	({                                                                               \
		uint32_t _begin = (uint32_t)(to)->len;                                   \
		array_reserve(to, n);                                                    \
		if (n)                                                                   \
			memcpy((to)->data + _begin, (from)->data + (at),                 \
			       (n) * sizeof(*(from)->data));                             \
		(to)->len += (n);                                                        \
		_begin;                                                                  \
	})

/* Replace an array by the one that was built in its new order. */
#define REPLACE(array, built)                                                            \
	do {                                                                             \
		free((array)->data);                                                     \
		*(array) = (built);                                                      \
	} while (0)

static void move_runs(struct rpm_image *image)
{
	__typeof__(image->files) files = { 0 };
	__typeof__(image->provides) provides = { 0 };
	__typeof__(image->requirements) requirements = { 0 };
	__typeof__(image->scriptlets) scriptlets = { 0 };

	array_each (&image->packages, i) {
		struct rpm_package *p = &image->packages.data[i];

		p->files_at = MOVE_RUN(&files, &image->files, p->files_at, p->files_len);
		p->provides_at = MOVE_RUN(&provides, &image->provides, p->provides_at,
					  p->provides_len);
		p->requirements_at = MOVE_RUN(&requirements, &image->requirements,
					      p->requirements_at, p->requirements_len);
		p->scriptlets_at = MOVE_RUN(&scriptlets, &image->scriptlets,
					    p->scriptlets_at, p->scriptlets_len);
		for (uint32_t k = 0; k < p->requirements_len; k++)
			requirements.data[p->requirements_at + k].package = (pkg_id)i + 1;
	}
	REPLACE(&image->files, files);
	REPLACE(&image->provides, provides);
	REPLACE(&image->requirements, requirements);
	REPLACE(&image->scriptlets, scriptlets);
}

static int by_package(const void *va, const void *vb, void *arg)
{
	const struct rpm_image *image = arg;
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;
	pkg_id of_a = image->problems.data[a].package;
	pkg_id of_b = image->problems.data[b].package;

	if (of_a != of_b)
		return of_a < of_b ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* 0, 1 ... @p count - 1 in the order of @p compare; new memory. */
static uint32_t *sorted(struct rpm_image *image, size_t count,
			int (*compare)(const void *, const void *, void *))
{
	uint32_t *order = mem_calloc(count, sizeof(*order));

	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, count, sizeof(*order), compare, image);
	return order;
}

static void order_problems(struct rpm_image *image)
{
	_cleanup_(freep) uint32_t *order = sorted(image, image->problems.len, by_package);
	__typeof__(image->problems) problems = { 0 };

	array_each (&image->problems, i)
		array_push(&problems, image->problems.data[order[i]]);
	REPLACE(&image->problems, problems);
}

void rpm_order(struct rpm_image *image)
{
	size_t count = image->packages.len;
	_cleanup_(freep) uint32_t *order = sorted(image, count, by_label);
	_cleanup_(freep) pkg_id *new_id = mem_calloc(count + 1, sizeof(*new_id));
	__typeof__(image->packages) packages = { 0 };

	for (size_t i = 0; i < count; i++) {
		array_push(&packages, image->packages.data[order[i]]);
		new_id[order[i] + 1] = (pkg_id)i + 1;
	}
	REPLACE(&image->packages, packages);
	move_runs(image);
	array_each (&image->problems, i)
		image->problems.data[i].package = new_id[image->problems.data[i].package];
	order_problems(image);
}
