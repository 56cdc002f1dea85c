/*
 * detect_service – what a systemd unit or drop-in says of the process it starts: its type,
 * the program of ExecStart=, and on what it depends whether it starts at all
 * (systemd.service(5), "Conditions and Asserts" in systemd.unit(5)).
 */
#pragma once

#include "analyzer/detect.h"

/** Add a row to @p out when the unit @p in says anything of this. */
void detect_service(const struct detect *d, const struct detect_input *in,
		    struct detect_sink *out);
