/*
 * rpm_image_of – the image of a fixture, through a database in a temporary folder.
 *
 *	struct rpm_image image;
 *	rpm_image_of(&db, &image);		rpm_image_release(&image)
 */
#pragma once

#include "analyzer/rpm_image.h"
#include "tests/unit/support/rpm_fixture.h"

void rpm_image_of(struct rpm_fixture *db, struct rpm_image *ret);

/* The state of tests that fill @p db and look at @p image. */
struct image_fixture {
	struct rpm_fixture db;
	struct rpm_image image;
	bool filled; /* image is there */
};

/** For cmocka_unit_test_setup_teardown(): *state is a struct image_fixture. */
int image_fixture_set_up(void **state);
int image_fixture_tear_down(void **state);
/** rpm_image_of() of the fixture. */
void image_fixture_read(struct image_fixture *f);

/** Package, requirement @p i; the test fails where there is none. */
const struct rpm_package *image_package(const struct rpm_image *image, size_t i);
const struct rpm_requirement *image_requirement(const struct rpm_image *image, size_t i);
/** Fails the test unless there is a problem of that rule whose text has @p words. */
void image_expect_problem(const struct rpm_image *image, const char *rule,
			  const char *words);
