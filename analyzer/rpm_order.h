/*
 * rpm_order – put the packages of an image into their total order, and the runs that
 * belong to them.
 */
#pragma once

#include "analyzer/rpm_image.h"

/**
 * Sort by name, epoch, version, release, arch, header number. Files, provides,
 * requirements and scriptlets follow their packages; requirements and problems name the
 * new ids.
 */
void rpm_order(struct rpm_image *image);
