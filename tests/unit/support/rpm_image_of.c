#include "tests/unit/support/rpm_image_of.h"

#include "analyzer/rpm_source.h"
#include "base/macros.h"
#include "base/mem.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

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
