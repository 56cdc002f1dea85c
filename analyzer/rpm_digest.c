#include "analyzer/rpm_digest.h"

#include "base/mem.h"

#include <errno.h>
#include <rpm/rpmcrypto.h>
#include <rpm/rpmpgp.h>
#include <string.h>

struct rpm_digest {
	DIGEST_CTX context;
};

struct rpm_digest *rpm_digest_new(struct error *err)
{
	struct rpm_digest *digest;
	DIGEST_CTX context;

	rpmInitCrypto();
	context = rpmDigestInit(PGPHASHALGO_SHA256, RPMDIGEST_NONE);
	if (!context) {
		error_set(err, -ENOTSUP, "RPM's library cannot compute SHA-256");
		return NULL;
	}
	digest = mem_alloc(sizeof(*digest));
	digest->context = context;
	return digest;
}

void rpm_digest_add(struct rpm_digest *digest, const void *bytes, size_t len)
{
	rpmDigestUpdate(digest->context, bytes, len);
}

void rpm_digest_end(struct rpm_digest *digest, char ret[RPM_DIGEST_LEN + 1])
{
	void *text = NULL;
	size_t len = 0;

	rpmDigestFinal(digest->context, &text, &len, 1);
	memset(ret, 0, RPM_DIGEST_LEN + 1);
	if (text)
		strncpy(ret, text, RPM_DIGEST_LEN);
	free(text);
	free(digest);
}
