/*
 * repo_fetch – the one door to libcurl: a file of a package repository that is reached by
 * URL, into a nameless temporary file.
 *
 *	r = repo_fetch("https://host/repo/repodata/repomd.xml", &fd, err);
 *
 * Only http, https and file are followed, at most REPO_FETCH_MAX bytes are taken, and a
 * server that is silent for half a minute is given up. Certificates are checked.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>

#define REPO_FETCH_MAX (1ull << 30)

/** True for "http://...", "https://...", "file://...". */
bool repo_is_url(const char *place);
/**
 * @param ret  an open file, read position 0; the caller closes it
 * @return 0; -ENOENT where the server has no such file; another -errno; the text names the
 * URL
 */
int repo_fetch(const char *url, int *ret, struct error *err);
