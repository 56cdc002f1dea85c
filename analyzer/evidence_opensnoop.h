/*
 * evidence_opensnoop – lines of opensnoop, as bcc and bpftrace print them.
 */
#pragma once

#include "analyzer/evidence.h"

/** "[TIME] [UID] PID COMMAND FD ERR [FLAGS] PATH". @return 0; 1 when it is no such line */
int opensnoop_line(struct evidence *ev, const char *line);
