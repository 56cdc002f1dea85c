#include "analyzer/rpm_declared.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/unit/support/rpm_image_of.h"
#include "tests/unit/support/test.h"

#include <string.h>

/* A file whose dependencies are the last of the package's: "R:name" and "P:name". */
static void file(Header h, const char *path, const char *class, const char *const *words)
{
	static uint32_t none;
	struct rpmtd_s td;
	uint32_t at = 0, len = 0, class_at = 0;

	rpm_fixture_file(h, path, 0100755, 0);
	if (headerGet(h, RPMTAG_DEPENDSDICT, &td, HEADERGET_MINMEM))
		at = rpmtdCount(&td);
	for (; words[len]; len++) {
		rpmTagVal tag =
			words[len][0] == 'R' ? RPMTAG_REQUIRENAME : RPMTAG_PROVIDENAME;
		uint32_t word;

		rpm_fixture_depend(h, tag, words[len] + 2, 0);
		headerGet(h, tag, &td, HEADERGET_MINMEM);
		word = (uint32_t)words[len][0] << 24 | (rpmtdCount(&td) - 1);
		rpmtdFreeData(&td);
		headerPutUint32(h, RPMTAG_DEPENDSDICT, &word, 1);
	}
	if (headerGet(h, RPMTAG_CLASSDICT, &td, HEADERGET_MINMEM)) {
		class_at = rpmtdCount(&td);
		rpmtdFreeData(&td);
	}
	headerPutString(h, RPMTAG_CLASSDICT, class);
	headerPutUint32(h, RPMTAG_FILECLASS, &class_at, 1);
	headerPutUint32(h, RPMTAG_FILEDEPENDSX, len ? &at : &none, 1);
	headerPutUint32(h, RPMTAG_FILEDEPENDSN, &len, 1);
}

#define WORDS(...)                                                                       \
	(const char *const[])                                                            \
	{                                                                                \
		__VA_ARGS__, NULL                                                        \
	}

static char *needs(const struct rpm_image *image)
{
	struct rpm_declared *declared = rpm_declared_new(image);
	struct rpm_declared_need need;
	struct strbuf out = { 0 };

	while (rpm_declared_next(declared, &need))
		strbuf_printf(
			&out, "%s %s%u %s -> %s\n",
			rpm_image_text(image, image->files.data[need.file].path),
			need.kind == RPM_DECLARED_PATH ? "path" : "so", need.position,
			need.name,
			need.provider == RPM_FILE_NONE
				? "?"
				: rpm_image_text(image,
						 image->files.data[need.provider].path));
	rpm_declared_free(declared);
	return strbuf_detach(&out);
}

static void sonames_lead_to_the_files_that_provide_them(void **state)
{
	struct rpm_fixture db = { 0 };
	Header app = rpm_fixture_package(&db, "app-1-1.x86_64");
	Header lib = rpm_fixture_package(&db, "lib-1-1.x86_64");
	_cleanup_(freep) char *got = NULL;
	struct rpm_image image;

	(void)state;
	file(app, "/usr/bin/app", "ELF 64-bit LSB pie executable",
	     WORDS("R:libc.so.6()(64bit)", "R:libz.so.1()(64bit)",
		   "R:libc.so.6(GLIBC_2.34)(64bit)", "R:rtld(GNU_HASH)",
		   "R:libgone.so.3()(64bit)", "R:perl(Foo.so)"));
	file(app, "/usr/bin/app32", "ELF 32-bit LSB executable",
	     WORDS("R:libc.so.6", "R:libc.so.6(GLIBC_2.0)"));
	file(app, "/usr/bin/script", "Python script, ASCII text executable",
	     WORDS("R:/usr/bin/python3", "R:libc.so.6()(64bit)"));
	file(app, "/usr/lib64/pkgconfig/app.pc", "pkgconfig file",
	     WORDS("R:/usr/bin/pkg-config"));
	file(lib, "/usr/lib64/libc.so.6", "ELF 64-bit LSB shared object",
	     WORDS("P:libc.so.6()(64bit)", "P:libc.so.6(GLIBC_2.34)(64bit)"));
	file(lib, "/usr/lib/libc.so.6", "ELF 32-bit LSB shared object",
	     WORDS("P:libc.so.6", "P:libc.so.6(GLIBC_2.0)"));
	file(lib, "/opt/a/libz.so.1.3", "ELF 64-bit LSB shared object",
	     WORDS("P:libz.so.1()(64bit)", "R:libc.so.6()(64bit)"));
	rpm_image_of(&db, &image);
	got = needs(&image);
	assert_string_equal(got,
			    "/usr/bin/app so0 libc.so.6 -> /usr/lib64/libc.so.6\n"
			    "/usr/bin/app so1 libz.so.1 -> /opt/a/libz.so.1.3\n"
			    "/usr/bin/app so2 libgone.so.3 -> ?\n"
			    "/usr/bin/app32 so0 libc.so.6 -> /usr/lib/libc.so.6\n"
			    "/usr/bin/script path0 /usr/bin/python3 -> ?\n"
			    "/opt/a/libz.so.1.3 so0 libc.so.6 -> /usr/lib64/libc.so.6\n");
	rpm_image_release(&image);
	rpm_fixture_release(&db);
}

static void of_several_the_nearest_is_taken(void **state)
{
	static const char class[] = "ELF 64-bit LSB shared object";
	struct rpm_fixture db = { 0 };
	Header h = rpm_fixture_package(&db, "p-1-1.x86_64");
	_cleanup_(freep) char *got = NULL;
	struct rpm_image image;

	(void)state;
	file(h, "/opt/b/x", class, WORDS("R:private.so()(64bit)", "R:a.so.1()(64bit)"));
	file(h, "/opt/z/x", class, WORDS("R:private.so()(64bit)"));
	file(h, "/opt/c/private.so", class, WORDS("P:private.so()(64bit)"));
	file(h, "/opt/b/private.so", class, WORDS("P:private.so()(64bit)"));
	file(h, "/opt/b/a.so.1", class, WORDS("P:a.so.1()(64bit)"));
	file(h, "/usr/lib/x86_64-linux-gnu/a.so.1", class, WORDS("P:a.so.1()(64bit)"));
	file(h, "/usr/lib64/a.so.1", class, WORDS("P:a.so.1()(64bit)"));
	file(h, "/usr/lib/modules/a.so.1", class, WORDS("P:a.so.1()(64bit)"));
	rpm_image_of(&db, &image);
	got = needs(&image);
	assert_string_equal(got,
			    "/opt/b/x so0 private.so -> /opt/b/private.so\n"
			    "/opt/b/x so1 a.so.1 -> /usr/lib/x86_64-linux-gnu/a.so.1\n"
			    "/opt/z/x so0 private.so -> /opt/b/private.so\n");
	rpm_image_release(&image);
	rpm_fixture_release(&db);
}

/* Runs that overlap or lead out are no dependencies. */
static void mixed_up_runs_are_a_problem(void **state)
{
	struct rpm_fixture db = { 0 };
	Header h = rpm_fixture_package(&db, "p-1-1.x86_64");
	uint32_t at[] = { 0, 0, 5, 0 }, len[] = { 2, 2, 1, UINT32_MAX };
	uint32_t dict[] = { (uint32_t)'R' << 24 | 0, (uint32_t)'R' << 24 | 77 };
	struct rpm_image image;

	(void)state;
	for (int i = 0; i < 4; i++) {
		_cleanup_(freep) char *path = mem_printf("/%d", i);

		rpm_fixture_file(h, path, 0100755, 0);
	}
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "a.so()(64bit)", 0);
	headerPutUint32(h, RPMTAG_FILEDEPENDSX, at, 4);
	headerPutUint32(h, RPMTAG_FILEDEPENDSN, len, 4);
	headerPutUint32(h, RPMTAG_DEPENDSDICT, dict, 2);
	rpm_image_of(&db, &image);
	assert_int_equal(image.file_depends.len, 1);
	assert_int_equal(image.problems.len, 3);
	rpm_image_release(&image);
	rpm_fixture_release(&db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sonames_lead_to_the_files_that_provide_them),
		cmocka_unit_test(of_several_the_nearest_is_taken),
		cmocka_unit_test(mixed_up_runs_are_a_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
