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
