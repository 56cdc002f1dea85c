/*
 * detect_shell – the commands that a piece of shell text runs.
 */
#pragma once

#include "analyzer/detect.h"

struct detect_script {
	file_id from;	     /* file whose text it is; or: */
	pkg_id from_package; /* package whose scriptlet it is */
	const char *text;
	size_t len;
	uint32_t line; /* of its first line in the file, from 1 */
	enum edge_kind
		kind; /* of the edges: EDGE_EXEC, EDGE_UNIT_EXEC, EDGE_SCRIPTLET ... */
};

/** Add an edge for every command and sourced file of the text that the root has. */
void detect_shell_text(const struct detect *d, struct detect_sink *out,
		       const struct detect_script *script);
