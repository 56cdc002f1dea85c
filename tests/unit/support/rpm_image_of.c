#include "tests/unit/support/rpm_image_of.h"

#include "analyzer/rpm_source.h"
#include "base/macros.h"
#include "base/mem.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <string.h>

void rpm_image_of(struct rpm_fixture *db, struct rpm_image *ret)
{
	_cleanup_(rpm_location_release) struct rpm_location place = { .fd = -1 };
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;
	_cleanup_(freep) char *path = NULL;
	struct error err = { 0 };
	struct tempdir dir;

	tempdir_init(&dir);
	tempdir_folder(&dir, "var/lib/rpm");
	path = mem_printf("%s/var/lib/rpm/Packages.db", dir.path);
	rpm_fixture_write(db, RPM_BACKEND_NDB, path);
	rpm_image_init(ret);
	if (rootfs_new(dir.path, &root, &err) < 0 ||
	    rpm_locate(root, NULL, &place, &err) < 0 ||
	    rpm_source_read(root, &place, ret, &err) < 0)
		fail_msg("%s", err.text);
	tempdir_release(&dir);
}

int image_fixture_set_up(void **state)
{
	*state = mem_calloc(1, sizeof(struct image_fixture));
	return 0;
}

int image_fixture_tear_down(void **state)
{
	struct image_fixture *f = *state;

	if (f->filled)
		rpm_image_release(&f->image);
	rpm_fixture_release(&f->db);
	free(f);
	return 0;
}

void image_fixture_read(struct image_fixture *f)
{
	rpm_image_of(&f->db, &f->image);
	f->filled = true;
}

const struct rpm_package *image_package(const struct rpm_image *image, size_t i)
{
	assert_true(i < image->packages.len);
	return &image->packages.data[i];
}

const struct rpm_requirement *image_requirement(const struct rpm_image *image, size_t i)
{
	assert_true(i < image->requirements.len);
	return &image->requirements.data[i];
}

void image_expect_problem(const struct rpm_image *image, const char *rule,
			  const char *words)
{
	const struct rpm_problem *problems = image->problems.data;

	array_each (&image->problems, i)
		if (strcmp(problems[i].rule, rule) == 0 &&
		    strstr(rpm_image_text(image, problems[i].text), words))
			return;
	array_each (&image->problems, i)
		print_message("%s: %s\n", problems[i].rule,
			      rpm_image_text(image, problems[i].text));
	fail_msg("no problem %s with '%s'", rule, words);
}
