/*
 * rpm_header – one RPM header as one package of an image.
 *
 * A header that is not one, or that lacks name, version or release, is refused. All other
 * values that cannot be right (a path that is not absolute, an index beyond its
 * dictionary, a petabyte) are left out and noted as problems of the package.
 */
#pragma once

#include "analyzer/rpm_intern.h"

#include <rpm/header.h>
#include <stddef.h>

/**
 * Append the package that @p bytes describe.
 * @return NULL, or why they could not be read (static text); then nothing was appended
 */
const char *rpm_header_read(struct rpm_intern *in, const void *bytes, size_t len,
			    uint32_t number);

/* The parts; each appends a run to the image and enters it in @p pkg. */
void rpm_header_files(struct rpm_intern *in, Header h, struct rpm_package *pkg);
void rpm_header_provides(struct rpm_intern *in, Header h, struct rpm_package *pkg);
void rpm_header_requirements(struct rpm_intern *in, Header h, struct rpm_package *pkg);
void rpm_header_scriptlets(struct rpm_intern *in, Header h, struct rpm_package *pkg);
