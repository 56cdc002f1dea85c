/*
 * quadlet – units from which podman makes services (podman-systemd.unit(5)).
 */
#pragma once

#include "workload/needs.h"

#include <stdbool.h>

/** Is @p path called as a Quadlet unit? */
bool quadlet_is(const char *path);

/** Called for the file of a .kube unit, as the unit names it. */
typedef int quadlet_kube_fn(void *arg, const char *path, struct error *err);

/**
 * Read one unit.
 * @param object  kind, file and name are set by this
 * @param kube    called for Yaml= of a .kube unit; its error is returned
 */
int quadlet_read(struct needs *needs, const char *path, const char *text, size_t len,
		 quadlet_kube_fn *kube, void *arg, struct error *err);
