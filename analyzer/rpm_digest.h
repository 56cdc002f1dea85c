/*
 * rpm_digest – SHA-256 by RPM's own library.
 *
 *	digest = rpm_digest_new(err);
 *	rpm_digest_add(digest, bytes, len);
 *	rpm_digest_end(digest, text);		frees it
 */
#pragma once

#include "base/error.h"

#define RPM_DIGEST_LEN 64

struct rpm_digest;

/** NULL with *err set when the library cannot do it. */
struct rpm_digest *rpm_digest_new(struct error *err);
void rpm_digest_add(struct rpm_digest *digest, const void *bytes, size_t len);
/** The hexadecimal digits. */
void rpm_digest_end(struct rpm_digest *digest, char ret[RPM_DIGEST_LEN + 1]);
