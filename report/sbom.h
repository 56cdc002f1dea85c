/*
 * sbom – bills of materials of what stays on an image: CycloneDX 1.5 and SPDX 2.3 as JSON.
 *
 *	r = sbom_spdx(g, plan, &out, err);		plan NULL: the image as it is
 *
 * Sources: the CycloneDX 1.5 JSON schema, the SPDX 2.3 specification, the package URL
 * specification (type rpm). A licence is what the package's header says: it stands as a
 * name (CycloneDX) or as LicenseRef with its text (SPDX), because older headers do not hold
 * SPDX expressions. The dates and serial numbers come from the packages, not from the
 * clock: the same image gives the same bytes.
 */
#pragma once

#include "base/strbuf.h"
#include "graph/snapshot.h"
#include "trimmer/plan_json.h"

/** @return 0; -EINVAL when @p plan removes a package that the graph does not have */
int sbom_cyclonedx(const struct graph *g, const struct plan_doc *plan, struct strbuf *out,
		   struct error *err);
int sbom_spdx(const struct graph *g, const struct plan_doc *plan, struct strbuf *out,
	      struct error *err);
