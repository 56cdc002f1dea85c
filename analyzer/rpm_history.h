/*
 * rpm_history – why packages were installed, as far as a package manager wrote it down:
 * dnf's /var/lib/dnf/history.sqlite, else tdnf's /var/lib/tdnf/history.db.
 *
 * The reasons are "user", "dependency", "weak dependency" and "group". They help to read a
 * graph and decide nothing: built images often have no history or a wrong one.
 */
#pragma once

#include "analyzer/rpm_image.h"
#include "base/rootfs.h"

/**
 * Set install_reason of the packages that the history knows.
 * @return 0, also without a history and with a damaged one (a problem is noted then);
 *         a negative errno when it cannot be copied
 */
int rpm_history_read(struct rootfs *root, struct rpm_image *image, struct error *err);
